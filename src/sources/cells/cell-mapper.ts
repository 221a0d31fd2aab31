import { trimBlanks } from '../../lib/texts/blanks.ts'
import type { KindName } from '../../raw/kinds.ts'
import type { CellMapping } from '../../rules/sources/cells.ts'
import { SourceColumns } from '../source-columns.ts'
import { cellSteps } from './cell-steps.ts'
import { type CellStep, isTooLong, type MappedCell, TOO_LONG } from './mapped-cell.ts'
import { type NumberStep, numberStep, type TableNumbers } from './number-step.ts'
import { type TakenText, takenText, templateText } from './taken-text.ts'

/** Makes the cell of one column of a raw table from cells of the source file. */
export interface CellMapper {
  /** The source columns whose cells it takes, each once, in this order. */
  readonly sources: readonly string[]
  /** Whether its result depends on the place of the row among those of its key ({row} in a template). */
  readonly usesPlace: boolean
  /** Pure: the same cells and place give the same. Cells are trimmed texts, in the order of `sources`. */
  map(cells: readonly string[], place: number): MappedCell
  /** Which of the sources a reject of this cell names (number in `sources`), -1 if none (a constant). */
  blame(cells: readonly string[]): number
}

/** What is declared for all cells of a table. */
export interface TableForm extends TableNumbers {
  /** Texts that mean null: a source cell that is one is empty, as is what the steps make of one. */
  readonly nullValues?: readonly string[] | undefined
}

export interface CellMapperOptions {
  /** The column of the raw table; without a mapping its cells come from the source column of its own name. */
  readonly target: string
  readonly kind: KindName
  readonly mapping: CellMapping | undefined
  readonly form: TableForm
}

/**
 * The mapper of one column. The mapping has passed its schema, and mappingFaults has nothing against it.
 *
 * - An empty cell stays empty up to `otherwise`: no step makes something of nothing.
 * - Blanks around a text are left out behind every step, as they are around cells.
 */
export function cellMapper({ target, kind, mapping, form }: CellMapperOptions): CellMapper {
  const columns = new SourceColumns()
  const nulls: ReadonlySet<string> = new Set(form.nullValues)
  const taken = takenText(target, mapping, columns, nulls)
  const steps = cellSteps(mapping)
  const template = typeof mapping === 'object' ? mapping.otherwise : undefined
  const otherwise = template === undefined ? undefined : templateText(template, columns, nulls)
  const number = numberStep(kind, mapping, form, columns)
  return new Mapper(columns.names, nulls, taken, steps, otherwise, number)
}

/** Whether the cells of a source column are taken as they are, so that no mapper is needed. */
export function isPlain({ target, kind, mapping, form }: CellMapperOptions): { column: string } | undefined {
  if (numberStep(kind, mapping, form, new SourceColumns()) !== undefined) return undefined
  if (mapping === undefined) return { column: target }
  if (typeof mapping === 'string') return { column: mapping }
  const { column, ...steps } = mapping
  const isAlone = Object.values(steps).every((step) => step === undefined)
  return column !== undefined && isAlone ? { column } : undefined
}

class Mapper implements CellMapper {
  readonly sources: readonly string[]
  readonly usesPlace: boolean
  readonly #nulls: ReadonlySet<string>
  readonly #taken: TakenText
  readonly #steps: readonly CellStep[]
  readonly #otherwise: TakenText | undefined
  readonly #number: NumberStep | undefined

  constructor(
    sources: readonly string[],
    nulls: ReadonlySet<string>,
    taken: TakenText,
    steps: readonly CellStep[],
    otherwise: TakenText | undefined,
    number: NumberStep | undefined,
  ) {
    this.sources = sources
    this.usesPlace = taken.usesPlace || otherwise?.usesPlace === true
    this.#nulls = nulls
    this.#taken = taken
    this.#steps = steps
    this.#otherwise = otherwise
    this.#number = number
  }

  map(cells: readonly string[], place: number): MappedCell {
    let text = this.#stepped(cells, place)
    if (text === '' && this.#otherwise !== undefined) text = this.#filled(this.#otherwise, cells, place)
    if (text === undefined) return TOO_LONG
    if (text === '' || this.#number === undefined) return text
    return this.#number.read(text, cells)
  }

  blame(cells: readonly string[]): number {
    const otherwise = this.#otherwise
    const text = this.#stepped(cells, 1)
    const isOther = otherwise !== undefined && text === '' && this.#filled(otherwise, cells, 1) !== ''
    const mapped = this.map(cells, 1)
    if (typeof mapped === 'object' && mapped.reason === 'unknown_currency')
      return this.#number?.currency ?? -1
    return isOther ? otherwise.blame(cells) : this.#taken.blame(cells)
  }

  /** The text up to `values`; undefined if it is too long. */
  #stepped(cells: readonly string[], place: number): string | undefined {
    let text = this.#filled(this.#taken, cells, place)
    const steps = this.#steps
    for (let i = 0; i < steps.length && text !== '' && text !== undefined; i++) {
      text = steps[i]!(text)
      if (text !== undefined) text = isTooLong(text) ? undefined : trimBlanks(text)
    }
    return text !== undefined && this.#nulls.size > 0 && this.#nulls.has(text) ? '' : text
  }

  #filled(from: TakenText, cells: readonly string[], place: number): string | undefined {
    const text = from.take(cells, place)
    return text === undefined ? undefined : trimBlanks(text)
  }
}
