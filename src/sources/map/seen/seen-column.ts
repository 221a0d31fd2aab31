import { isNullLike } from '../../../lib/texts/null-like.ts'
import { searchLayouts } from '../../../lib/times/layout-search.ts'
import { type KindName, parseCell } from '../../../raw/kinds.ts'
import type { SampleRecord } from './sample-records.ts'

/** A column of a source file, with the cells seen of it. */
export class SeenColumn {
  readonly name: string
  /** One for each record seen; empty texts where the cell is. */
  readonly cells: readonly string[]
  #filled: readonly string[] | undefined

  constructor(name: string, cells: readonly string[]) {
    this.name = name
    this.cells = cells
  }

  /** Those that seem to mean something. */
  get filled(): readonly string[] {
    this.#filled ??= this.cells.filter((cell) => cell !== '' && !isNullLike(cell))
    return this.#filled
  }

  /** Whether both hold the same in each record. */
  isLike(other: SeenColumn): boolean {
    return this.cells.every((cell, i) => cell === other.cells[i])
  }
}

/** The columns of a header, in its order. */
export function seenColumns(names: readonly string[], records: readonly SampleRecord[]): SeenColumn[] {
  return names.map(
    (name, place) =>
      new SeenColumn(
        name,
        records.map(({ fields }) => fields[place] ?? ''),
      ),
  )
}

/** How many cells decide whether a column can be of a kind. */
const MOST_LOOKED_AT = 40

/** Whether a column may be of a kind, in whatever form: no more than a person would see at a glance. */
export function canBe(kind: KindName, { filled }: SeenColumn): boolean {
  if (kind === 'id' || kind === 'text' || filled.length === 0) return true
  return filled.slice(0, MOST_LOOKED_AT).some((cell) => cellCanBe(kind, cell))
}

/** A number with whatever stands between its digits, and a sign, currency or per cent around it. */
const NUMBER = /^[^\p{L}\d]*\p{L}{0,4}[^\p{L}\d]*\d[\d.,'’\s]*[^\p{L}\d]*\p{L}{0,4}[^\p{L}\d]*$/u
const DATE_IN_DOTS = /^\d{1,2}\.\d{1,2}\.\d{4}/
const FLAG = /^(?:[01](?:\.0)?|true|false|yes|no|y|n|t|f|ja|nein|oui|non|si|sí)$/i

/** No number, time or flag is longer, and long texts would take long. */
const LONGEST = 60

function cellCanBe(kind: KindName, cell: string): boolean {
  if (cell.length > LONGEST) return false
  if (kind === 'flag') return FLAG.test(cell)
  if (kind !== 'timestamp') return NUMBER.test(cell) && !DATE_IN_DOTS.test(cell)
  const iso = parseCell('timestamp', cell, { timeZone: 'UTC', timeFormats: [] })
  return 'value' in iso || searchLayouts([{ text: cell, count: 1 }]).layouts.length > 0
}
