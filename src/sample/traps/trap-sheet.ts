import { rawTables, type UsualRawTableName } from '../../raw/index.ts'
import type { Sheet } from '../shop/sheets.ts'
import type { RejectedFor, Tally, TruthLedger } from '../shop/truth-ledger.ts'

/** A cell as a value, quoted if need be, or exactly as it is to stand in the file. */
export type Cell = string | { readonly asIs: string }

/** The cells of a row by column; a column left out is empty. */
export type Cells = Readonly<Record<string, Cell>>

/** In turn; a blank line between two records now and then. */
const LINE_ENDS = ['\n', '\r\n', '\n', '\r', '\r\n', '\n \t\r\n', '\n', '\r\r', '\n\n']

/** Tables of more rows than this keep their rejected and conflicting rows below 1 %. */
const SMALL_TABLE = 600
const BAD_SHARE = 0.009

/** Writes rows with a declared fate behind the plain part of a table, and tells the ledger. */
export class TrapSheet {
  /** Rows of the plain part, to be repeated. */
  readonly plainRows: readonly Cells[]
  readonly #sheet: Sheet
  readonly #tally: Tally
  readonly #columns: readonly string[]
  /** How many more rows may be rejected or conflicting. */
  #badLeft: number
  #lineEnd = ''
  #written = 0

  constructor(table: UsualRawTableName, sheet: Sheet, ledger: TruthLedger) {
    this.#sheet = sheet
    this.#tally = ledger.tally(table)
    this.#columns = Object.keys(rawTables[table].columns)
    this.#badLeft = sheet.rows <= SMALL_TABLE ? Number.POSITIVE_INFINITY : Math.floor(sheet.rows * BAD_SHARE)
    this.plainRows = sheet.firstRows.map((row) => {
      const cells = row.trimEnd().split(',')
      return Object.fromEntries(this.#columns.map((column, i) => [column, cells[i]!]))
    })
  }

  /** A row that counts; the caller tells the ledger for how much. */
  accept(cells: Cells): void {
    this.#tally.accepted++
    this.#write(this.encode(cells))
  }

  /** A row whose key was seen, in a table that does not compare values, or with the same values. */
  repeat(cells: Cells): void {
    this.#tally.duplicate++
    this.#write(this.encode(cells))
  }

  /** A row whose key was seen with other values; left out when the table has had its share of bad rows. */
  conflict(cells: Cells): void {
    if (!this.#takesBad()) return
    this.#tally.duplicate++
    this.#tally.conflicting++
    this.#write(this.encode(cells))
  }

  /** A row to be rejected; left out when the table has had its share of bad rows. */
  reject(reason: RejectedFor, row: Cells | Uint8Array): void {
    if (!this.#takesBad()) return
    this.#tally.rejected++
    this.#tally.reasons.set(reason, (this.#tally.reasons.get(reason) ?? 0) + 1)
    this.#write(row instanceof Uint8Array ? row : this.encode(row))
  }

  /** The bytes of a row, without line end. */
  encode(cells: Cells): Buffer {
    for (const column of Object.keys(cells)) {
      if (!this.#columns.includes(column)) throw new Error(`no column ${column}`)
    }
    return Buffer.from(this.#columns.map((column) => textOf(cells[column] ?? '')).join(','), 'utf8')
  }

  /** Ends the last row, or leaves it without line end. */
  finish(hasFinalNewline: boolean): void {
    if (hasFinalNewline) this.#sheet.addBytes(Buffer.from(this.#lineEnd), 0)
  }

  #takesBad(): boolean {
    if (this.#badLeft < 1) return false
    this.#badLeft--
    return true
  }

  #write(row: Uint8Array): void {
    this.#tally.read++
    this.#sheet.addBytes(Buffer.concat([Buffer.from(this.#lineEnd), row]), 1)
    this.#lineEnd = LINE_ENDS[this.#written++ % LINE_ENDS.length]!
  }
}

function textOf(cell: Cell): string {
  if (typeof cell !== 'string') return cell.asIs
  return /[",\r\n]/.test(cell) ? quoted(cell) : cell
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
