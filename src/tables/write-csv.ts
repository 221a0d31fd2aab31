import { type AnyAggregate, NO_DAY, type OutputColumn, type OutputVector } from '../aggregators/define.ts'
import { NO_CODE } from '../collections/dictionary.ts'
import { ExactVector } from '../collections/exact-vector.ts'
import type { TextVector } from '../collections/vectors.ts'
import { csvCell, escapeFormula } from '../lib/csv-text.ts'
import { formatDay } from '../lib/wall-clock.ts'
import type { AggregateTable } from './aggregate-table.ts'
import { RowBytes } from './row-bytes.ts'

/** How the CSVs are written. */
export interface CsvDialect {
  /** Start with a byte order mark, as old Excel versions want. */
  readonly bom: boolean
  /** Write texts that a spreadsheet might run with a leading '. */
  readonly escapeFormulas: boolean
}

const BUFFER_BYTES = 1 << 20
/** More than a row's numbers, dates and commas take. */
const NUMBERS_BYTES = 4096
const COMMA = 44
const LF = 10
const ZERO = 48

/**
 * Writes an aggregate table as CSV (SPEC section 2): UTF-8, LF, comma, header always there, quoted only
 * where needed, empty for null.
 *
 * @param write gets the bytes piece by piece, each valid only during the call
 */
export function writeCsv(
  table: AggregateTable,
  dialect: CsvDialect,
  write: (bytes: Uint8Array) => void,
): void {
  write(csvHeader(table.definition, dialect))
  const rows = new CsvRows(table, dialect, write)
  rows.write(0, table.rowCount)
  rows.flush()
}

/** The first line of a table's CSV, behind the byte order mark if there is one. */
export function csvHeader({ columns }: AnyAggregate, { bom }: CsvDialect): Buffer {
  const names = Object.keys(columns).map(csvCell)
  return Buffer.from(`${bom ? '\uFEFF' : ''}${names.join(',')}\n`, 'utf8')
}

/** Writes rows of a table, some at a time. */
export class CsvRows {
  readonly #out: RowBytes
  readonly #order: Int32Array
  readonly #cells: readonly CellWriter[]

  constructor(table: AggregateTable, dialect: CsvDialect, write: (bytes: Uint8Array) => void) {
    const { definition, columns, order } = table
    this.#out = new RowBytes(BUFFER_BYTES, write)
    this.#order = order
    this.#cells = Object.keys(definition.columns).map((name) =>
      cellWriter(definition.columns[name]!, columns[name]!, this.#out, dialect),
    )
  }

  /** The rows at the places from `from` to before `to`; bytes may be held back until the next flush. */
  write(from: number, to: number): void {
    const out = this.#out
    const cells = this.#cells
    for (let place = from; place < to; place++) {
      const row = this.#order[place]!
      out.reserve(NUMBERS_BYTES)
      for (let i = 0; i < cells.length; i++) {
        if (i > 0) out.byte(COMMA)
        cells[i]!(row)
      }
      out.byte(LF)
    }
  }

  flush(): void {
    this.#out.flush()
  }
}

type CellWriter = (row: number) => void

function cellWriter(
  column: OutputColumn,
  vector: OutputVector,
  out: RowBytes,
  dialect: CsvDialect,
): CellWriter {
  if (vector instanceof ExactVector) return exactWriter(column, vector, out)
  if ('codes' in vector) return textWriter(vector, out, dialect.escapeFormulas)
  if (column.kind === 'date' || column.kind === 'month') return dateWriter(column, vector, out)
  if (column.kind === 'flag') {
    return (row) => {
      if (vector[row]! >= 0) out.byte(ZERO + vector[row]!)
    }
  }
  return (row) => {
    if (!Number.isNaN(vector[row]!)) out.integer(vector[row]!)
  }
}

function exactWriter(column: OutputColumn, vector: ExactVector, out: RowBytes): CellWriter {
  const isMoney = column.kind === 'money'
  return (row) => {
    const value = vector.get(row)
    if (value === null) return
    if (isMoney) out.money(value)
    else out.hundredths(value)
  }
}

function dateWriter(column: OutputColumn, days: ArrayLike<number>, out: RowBytes): CellWriter {
  const length = column.kind === 'month' ? 7 : 10
  const texts = new Map<number, string>()
  return (row) => {
    const day = days[row]!
    if (day === NO_DAY) return
    let text = texts.get(day)
    if (text === undefined) {
      text = formatDay(day).slice(0, length)
      texts.set(day, text)
    }
    out.ascii(text)
  }
}

/** Copies the bytes of the dictionary; the few texts that need quotes or escapes are made once. */
function textWriter({ codes, dictionary }: TextVector, out: RowBytes, escapeFormulas: boolean): CellWriter {
  const special = new Map<number, Buffer>()
  const isSpecial = new Uint8Array(dictionary.size)
  for (let code = 0; code < dictionary.size; code++) {
    const start = dictionary.start(code)
    if (!mayBeSpecial(dictionary.arena, start, start + dictionary.byteLength(code))) continue
    const text = dictionary.text(code)
    const cell = csvCell(escapeFormulas ? escapeFormula(text) : text)
    if (cell === text) continue
    isSpecial[code] = 1
    special.set(code, Buffer.from(cell, 'utf8'))
  }
  return (row) => {
    const code = codes[row]!
    if (code === NO_CODE) return
    if (isSpecial[code] === 1) {
      const cell = special.get(code)!
      out.bytes(cell, 0, cell.length)
    } else {
      const start = dictionary.start(code)
      out.bytes(dictionary.arena, start, start + dictionary.byteLength(code))
    }
    out.reserve(NUMBERS_BYTES)
  }
}

const STARTS = new Set(['=', '@', '+', '-'].map((sign) => sign.charCodeAt(0)))

/** Whether a text starts like a formula or holds a comma, quote, CR or LF. */
function mayBeSpecial(bytes: Uint8Array, start: number, end: number): boolean {
  if (STARTS.has(bytes[start]!)) return true
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte === COMMA || byte === 34 || byte === 13 || byte === LF) return true
  }
  return false
}
