import type { RowCondition, SourceRowRules } from '../../rules/sources/rows.ts'
import { SourceColumns } from '../source-columns.ts'
import { CarriedCells } from './carried-cells.ts'
import { conditionTest } from './row-conditions.ts'

/** Why a record of a source file is no row of a table. */
export type RowReason = 'where' | 'one_row_per' | 'after_end'

interface Question {
  readonly cell: number
  readonly fits: (cell: string) => boolean
}

/**
 * Judges the records of the source files of one table, in their order: which are its rows. The end of a file
 * comes first; then empty cells are carried into a record, whether or not it is a row; then come the
 * conditions, which see them; then the first row of each value, among those that fit the conditions.
 */
export class SourceRows {
  /** The source columns that it looks at, each once. */
  readonly sources: readonly string[]
  /** Whether rows depend on those before: such a table is read in one go. */
  readonly isSequential: boolean
  readonly #end: Question | undefined
  readonly #carried: CarriedCells | undefined
  readonly #questions: readonly Question[]
  readonly #onePer: number
  readonly #seen = new Set<string>()
  #isBehindEnd = false
  #place = 1

  /**
   * @param usesPlace whether anybody asks for `place`; counting needs memory for each key of a file
   * @returns undefined if the table asks nothing
   */
  static of(rules: SourceRowRules, usesPlace = true): SourceRows | undefined {
    const { where = [], carryDown, oneRowPer, stopAt } = rules
    const isSequential = carryDown !== undefined || oneRowPer !== undefined || stopAt !== undefined
    return isSequential || where.length > 0 ? new SourceRows(rules, isSequential, usesPlace) : undefined
  }

  private constructor(rules: SourceRowRules, isSequential: boolean, usesPlace: boolean) {
    const { where = [], carryDown, oneRowPer, stopAt } = rules
    const columns = new SourceColumns()
    const question = (condition: RowCondition): Question => ({
      cell: columns.add(condition.column),
      fits: conditionTest(condition),
    })
    this.#end = stopAt === undefined ? undefined : question(stopAt)
    this.#carried =
      carryDown === undefined
        ? undefined
        : new CarriedCells(
            columns.add(carryDown.key),
            carryDown.columns.map((name) => columns.add(name)),
            usesPlace,
          )
    this.#questions = where.map(question)
    this.#onePer = oneRowPer === undefined ? -1 : columns.add(oneRowPer)
    this.sources = columns.names
    this.isSequential = isSequential
  }

  /** The place of the record judged last among those of its carryDown key in its file, from 1; filtered ones count. */
  get place(): number {
    return this.#place
  }

  /**
   * Begins the next file of the table: it has an end of its own, nothing is carried into it, and places begin
   * anew, so that an order that stands in two files has the same places in both. Values that had their row
   * stay known.
   */
  nextFile(): void {
    this.#isBehindEnd = false
    this.#carried?.restart()
  }

  /**
   * Judges the next record.
   *
   * @param cells trimmed, those of `sources`; carried cells are written into them
   * @returns undefined if it is a row of the table
   */
  judge(cells: string[]): RowReason | undefined {
    if (this.#isBehindEnd || this.#end?.fits(cells[this.#end.cell] ?? '') === true) {
      this.#isBehindEnd = true
      return 'after_end'
    }
    if (this.#carried !== undefined) this.#place = this.#carried.next(cells)
    for (const { cell, fits } of this.#questions) if (!fits(cells[cell] ?? '')) return 'where'
    return this.#onePer < 0 ? undefined : this.#judgeFirst(cells[this.#onePer] ?? '')
  }

  /** Judges a record that has another number of fields than the header: it may only stand behind the end. */
  judgeBroken(cells: readonly string[]): RowReason | undefined {
    if (this.#end?.fits(cells[this.#end.cell] ?? '') === true) this.#isBehindEnd = true
    return this.#isBehindEnd ? 'after_end' : undefined
  }

  /** Of an empty cell nobody knows whether it was there before: such records all stay. */
  #judgeFirst(value: string): RowReason | undefined {
    if (value === '') return undefined
    if (this.#seen.has(value)) return 'one_row_per'
    this.#seen.add(value)
    return undefined
  }
}
