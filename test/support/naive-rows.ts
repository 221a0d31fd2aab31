import { type NaiveCell, type NaiveSettings, naiveCell, trimmed } from './naive-mapping.ts'

/** One source file: a header and records, some of which may have another number of fields. */
export interface SourceFile {
  readonly header: readonly string[]
  readonly records: readonly (readonly string[])[]
}

export interface Condition {
  readonly column: string
  readonly equals?: string
  readonly in?: readonly string[]
  readonly not?: string | readonly string[]
  readonly prefix?: string
  readonly matches?: string
}

export interface NaiveTableSettings extends NaiveSettings {
  readonly where?: readonly Condition[]
  readonly carryDown?: { readonly key: string; readonly columns: readonly string[] }
  readonly oneRowPer?: string
  readonly stopAt?: { readonly column: string; readonly prefix: string }
}

/** A record of the plain table. */
export interface NaiveRow {
  readonly file: number
  /** The number of the record in its file, from 0. */
  readonly record: number
  /** By target; undefined of a record with another number of fields. */
  readonly cells: Readonly<Record<string, NaiveCell>> | undefined
  /** By source column; undefined as well. */
  readonly source: Readonly<Record<string, string>> | undefined
  /** How many fields are too many, or below 0 too few. */
  readonly extra: number
}

/** What becomes of the records of a table's files: a second implementation with arrays and strings. */
export function naiveRows(
  files: readonly SourceFile[],
  settings: NaiveTableSettings,
  kinds: Readonly<Record<string, string>>,
  nulls: readonly string[],
): { readonly rows: NaiveRow[]; readonly filtered: Record<string, number> } {
  const rows: NaiveRow[] = []
  const filtered: Record<string, number> = {}
  const leaveOut = (reason: string) => {
    filtered[reason] = (filtered[reason] ?? 0) + 1
  }
  const { where = [], oneRowPer, stopAt } = settings
  const seen = new Set<string>()
  const carry = new Carry(settings.carryDown)
  for (const [file, { header, records }] of files.entries()) {
    let isEnd = false
    carry.startFile()
    for (const [record, fields] of records.entries()) {
      const source: Record<string, string> = {}
      for (const [i, name] of header.entries()) source[name] = trimmed(fields[i] ?? '')
      isEnd ||= stopAt !== undefined && source[stopAt.column]!.startsWith(stopAt.prefix)
      const extra = fields.length - header.length
      if (isEnd) {
        leaveOut('after_end')
        continue
      }
      if (extra !== 0) {
        rows.push({ file, record, cells: undefined, source: undefined, extra })
        continue
      }
      const place = carry.into(source)
      const once = oneRowPer === undefined ? '' : source[oneRowPer]!
      if (!where.every((condition) => fits(condition, source[condition.column]!))) leaveOut('where')
      else if (once !== '' && seen.has(once)) leaveOut('one_row_per')
      else {
        seen.add(once)
        const cells = Object.entries(kinds).map(([target, kind]) => [
          target,
          naiveCell(target, kind, settings, { cells: source, place, nulls }),
        ])
        rows.push({ file, record, cells: Object.fromEntries(cells), source, extra })
      }
    }
  }
  return { rows, filtered }
}

function fits({ equals, in: list, not, prefix, matches }: Condition, cell: string): boolean {
  if (equals !== undefined) return cell === equals
  if (list !== undefined) return list.includes(cell)
  if (prefix !== undefined) return cell.startsWith(prefix)
  if (matches !== undefined) return new RegExp(matches).test(cell)
  return !(typeof not === 'string' ? [not] : (not ?? [])).includes(cell)
}

/** Fills empty cells from the record before, and counts the records of a key. */
class Carry {
  readonly #settings: NaiveTableSettings['carryDown']
  #before: Record<string, string> | undefined
  #places: Record<string, number> = {}
  #isFirst = true

  constructor(settings: NaiveTableSettings['carryDown']) {
    this.#settings = settings
  }

  startFile(): void {
    this.#isFirst = true
  }

  into(source: Record<string, string>): number {
    if (this.#settings === undefined) return 1
    const { key, columns } = this.#settings
    const id = source[key]!
    const before = this.#before
    // A file goes on with the one before only where it lacks what that has.
    if (this.#isFirst) {
      const goesOn =
        before?.[key] === id && columns.some((name) => source[name] === '' && before[name] !== '')
      this.#places = goesOn ? { [id]: this.#places[id] ?? 0 } : {}
      if (!goesOn) this.#before = undefined
    }
    this.#isFirst = false
    if (id !== '' && this.#before?.[key] === id)
      for (const name of columns) if (source[name] === '') source[name] = this.#before[name]!
    this.#before = { ...source }
    if (id === '') return 1
    this.#places[id] = (this.#places[id] ?? 0) + 1
    return this.#places[id]
  }
}
