import type { TextVector } from '../../collections/vectors.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import type { Accounting, Reject } from '../../parsers/accounting/accounting.ts'
import { CONFLICTING, IDENTICAL } from '../../parsers/keys/key-ledger.ts'
import { ACCEPTED, countLeftOut } from '../../parsers/rows/row-judge.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Rules } from '../../rules/rules.ts'
import type { DeliveredRows } from '../delivery/delivered-rows.ts'
import type { Delivery } from '../delivery/read-delivery.ts'
import type { NextHistory } from '../next-history.ts'

/** A kept row that this run delivered and that repeats a key. */
export interface RepeatedRow {
  readonly day: number | undefined
  /** Its place among the kept rows of its table and day. */
  readonly place: number
  /** Its number among the delivered rows. */
  readonly row: number
}

/** What must be known of the delivered rows of a table once they are kept. */
interface DeliveredTable {
  readonly table: RawTable
  readonly accounting: Accounting
  readonly lines: Int32Array
  readonly files: DeliveredRows['files']
  readonly worthOf: DeliveredRows['worthOf']
  /** The keys of rows that may be told of as conflicting. */
  readonly keys: TextVector | undefined
  readonly conflicts: number[]
  readonly repeated: RepeatedRow[]
}

/**
 * Counts the rows of a delivery by what they are beside all kept rows, those of other dates included
 * (SPEC section 1). Needs no cell of theirs but the keys of rows that may conflict.
 */
export class SliceAccounting {
  readonly #tables: ReadonlyMap<string, DeliveredTable>
  readonly #origins: ReadonlyMap<number | undefined, ReadonlyMap<string, Int32Array>>
  readonly #known: NextHistory['known']
  readonly #rules: Rules

  constructor({ tables, reports }: Delivery, { days, undated, known }: NextHistory, rules: Rules) {
    this.#tables = new Map(
      tables.map(({ table, lines, files, keyTexts, collection, worthOf }, i) => {
        const keys = (keyTexts ?? collection.columns[table.key]) as TextVector | undefined
        const { accounting } = reports[i]!
        return [
          table.name,
          {
            table,
            accounting,
            lines,
            files,
            worthOf,
            keys: table.comparesDuplicates ? keys : undefined,
            conflicts: [],
            repeated: [],
          },
        ]
      }),
    )
    this.#origins = new Map(
      [...days, undated].flatMap(({ day, origins }) =>
        origins === undefined ? [] : [[day, origins] as const],
      ),
    )
    this.#known = known
    this.#rules = rules
  }

  /** Takes what became of the kept rows of a table and day. */
  take({ name }: RawTable, day: number | undefined, fates: Uint8Array): void {
    const origins = this.#origins.get(day)?.get(name)
    if (origins === undefined) return
    const { accounting, conflicts, repeated } = this.#tables.get(name)!
    for (let place = 0; place < fates.length; place++) {
      const row = origins[place]!
      if (row < 0) continue
      const fate = fates[place]!
      if (fate === ACCEPTED) {
        accounting.accepted++
        continue
      }
      countLeftOut(accounting, fate)
      if (fate === CONFLICTING) conflicts.push(row)
      if (fate === CONFLICTING || fate === IDENTICAL) repeated.push({ day, place, row })
    }
  }

  /** All kept rows have been taken: tells of the conflicting ones, in the order in which they stand in the files. */
  finish(onReject: (reject: Reject) => void): void {
    for (const { table, row, fate } of this.#known) {
      const { accounting, conflicts } = this.#tables.get(table)!
      countLeftOut(accounting, fate)
      if (fate === CONFLICTING) conflicts.push(row)
    }
    for (const { table, accounting, conflicts, lines, files, worthOf, keys } of this.#tables.values()) {
      for (const row of conflicts.sort((a, b) => a - b)) {
        const reject: Reject = {
          table: table.name,
          file: files.findLast(({ from }) => from <= row)?.name ?? '',
          line: lines[row]!,
          column: undefined,
          reason: 'conflicting_duplicate',
          cell:
            keys === undefined ? undefined : this.#shownKey(table, keys.dictionary.text(keys.codes[row]!)),
        }
        accounting.note(reject)
        if (worthOf !== undefined) accounting.noteConflictingMoney(worthOf(row))
        onReject(reject)
      }
    }
  }

  /** Delivered rows that repeat a key, by table. */
  *repeated(): Generator<readonly [table: RawTable, rows: readonly RepeatedRow[]]> {
    for (const { table, repeated } of this.#tables.values()) if (repeated.length > 0) yield [table, repeated]
  }

  /** A key as it may be told: its hash, if it is hashed; where other ids are, only its shape. */
  #shownKey(table: RawTable, key: string): string {
    const { hashIds } = this.#rules.privacy
    const dictionary = table.columns[table.key]!.dictionary
    const isHashed = dictionary !== undefined && (hashIds as readonly string[]).includes(dictionary)
    return hashIds.length > 0 && !isHashed ? shapeOf(key) : key
  }
}
