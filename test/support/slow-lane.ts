import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import { wallClockBetween } from '../../src/lib/times/wall-clock-between.ts'
import type { RawColumn, RawTable } from '../../src/raw/define.ts'
import { allRawTables } from '../../src/raw/index.ts'
import { cellSchemas, reasonOf } from '../../src/raw/kinds.ts'

/** What the shop says about its cells. */
export interface ShopCells {
  readonly timezone: string
  readonly timeFormats: readonly string[]
  readonly nullValues: readonly string[]
  /** Of the times without an offset in all tables, if it is not the shop's. */
  readonly ownZone?: string
}

/** A text, a number (wall-clock ms, ten-thousandths, an integer or a flag), or null. */
export type Value = string | number | null

export interface RejectedRow {
  readonly line: number
  readonly column: string | undefined
  readonly reason: string
  readonly cell: string | undefined
}

/** What became of a raw file's records. */
export interface Reading {
  /** The values of the accepted records, in file order, by declared column. */
  readonly rows: readonly (readonly Value[])[]
  /** Rejected and conflicting records, in file order. */
  readonly rejects: readonly RejectedRow[]
  readonly counts: {
    readonly read: number
    readonly rejected: number
    readonly duplicate: number
    readonly conflicting: number
    readonly accepted: number
  }
  /** In ten-thousandths: what all records are worth, and the rejected and conflicting ones. */
  readonly money: { readonly read: bigint; readonly rejected: bigint }
}

/** Why a file as a whole is refused. */
export interface Refusal {
  readonly refused: string
  readonly line: number | undefined
}

export type Outcome = Reading | Refusal

interface SlowRecord {
  readonly line: number
  readonly bytes: Buffer
  /** A character for each byte; undefined if a quote stands inside an unquoted cell. */
  readonly fields: readonly string[] | undefined
}

/** The records of a file up to the first quote that cannot be resolved, and where that is. */
interface Split {
  readonly records: readonly SlowRecord[]
  readonly fault: (Refusal & { readonly firstLine: string }) | undefined
}

const GRAMMAR = {
  quote: '"',
  escape: '"',
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  encoding: 'latin1' as const,
}

/** The tables whose duplicates are compared (SPEC section 1), and by which columns if not by all (section 6). */
const COMPARED: Readonly<Record<string, readonly string[] | 'all'>> = {
  user_table: 'all',
  session_table: 'all',
  order_table: 'all',
  order_line_item_table: 'all',
  marketing_spend_table: ['spend', 'impressions', 'clicks'],
  refund_table: 'all',
}
/** The columns of a key of several (SPEC section 6); of the time its day counts. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  marketing_spend_table: [
    ...['time', 'utm_source', 'utm_medium', 'utm_campaign'],
    ...['platform', 'account', 'campaign_id', 'ad_group', 'ad'],
  ],
}
/** The columns that say what a row is worth (SPEC section 1, the limit on money). */
const WORTH: Readonly<Record<string, readonly string[]>> = {
  order_table: ['total_price'],
  order_line_item_table: ['product_price', 'product_qty'],
  marketing_spend_table: ['spend'],
  refund_table: ['amount'],
}
const MIB = 1_048_576

/**
 * Reads one raw file as SPEC section 1 says, by csv-parse and zod alone and as plainly as can be: the
 * second opinion on all that src does to be fast. Bytes are kept as characters of latin1 until a record
 * is known to be UTF-8.
 */
export function readSlowly(file: Buffer, table: RawTable, shop: ShopCells): Outcome {
  if (isUtf16(file, table)) return refusal('utf16', 1)
  const { records, fault } = split(file)
  const [first, ...others] = records
  const line = first?.line ?? fault?.line
  const text = first?.bytes.toString('latin1') ?? fault?.firstLine
  if (line === undefined || text === undefined) return refusal('header_missing', undefined)
  if (first !== undefined && faultOf(first) !== undefined) return refusal('header_invalid', line)
  if (isDelimitedOtherwise(text)) return refusal('wrong_delimiter', line)
  const { fields } = first ?? {}
  const names = fields?.map((field) => trimmed(utf8(field)))
  const wrong = names === undefined ? undefined : headerFault(names, table)
  if (wrong !== undefined) return refusal(wrong, line)
  if (fault !== undefined || names === undefined) return refusal(fault!.refused, fault!.line)
  return accountFor(others, names, table, shop)
}

function refusal(refused: string, line: number | undefined): Refusal {
  return { refused, line }
}

/** A byte order mark of UTF-16, or the name of the key in UTF-16. */
function isUtf16(file: Buffer, table: RawTable): boolean {
  const start = file.subarray(0, 1000).toString('latin1')
  return /^(\u00ff\u00fe|\u00fe\u00ff)/.test(start) || start.includes([...table.key].join('\0'))
}

/**
 * csv-parse splits, but for what it cannot do. It takes a NUL for the end of the file, so it gets another
 * byte in its place; and it gives up at a quote inside an unquoted cell, so it is called again behind
 * that record.
 */
function split(file: Buffer): Split {
  const bytes = file.toString('latin1', 0, 3) === '\u00ef\u00bb\u00bf' ? file.subarray(3) : file
  const shown = bytes.includes(0) ? Buffer.from(bytes.map((byte) => (byte === 0 ? 1 : byte))) : bytes
  const lines = linesOf(bytes)
  const records: SlowRecord[] = []
  let start = 0
  const add = (fields: readonly string[] | undefined, next: number): void => {
    const record = withoutLineEnd(bytes.subarray(start, next))
    const isBlank = record.every((byte) => byte === 32 || byte === 9)
    if (!isBlank) records.push({ line: lines[start]!, bytes: record, fields })
    start = next
  }
  let latin1: string | undefined
  for (;;) {
    const from = start
    const problem = parseFrom(shown.subarray(from), (fields, next) => add(fields, from + next))
    if (problem === undefined) return { records, fault: undefined }
    latin1 ??= shown.toString('latin1')
    const end = problem === 'quote_in_unquoted_cell' ? endOfRecord(latin1, start) : undefined
    if (end === undefined) {
      const refused = problem === 'quote_in_unquoted_cell' ? graverProblem(shown.subarray(start)) : problem
      const firstLine = latin1.slice(start).split(/[\r\n]/, 1)[0]!
      return { records, fault: { refused, line: lines[start], firstLine } }
    }
    add(undefined, end)
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: 'quote_in_unquoted_cell',
  CSV_INVALID_CLOSING_QUOTE: 'text_after_quote',
  CSV_QUOTE_NOT_CLOSED: 'unclosed_quote',
}

/** Hands over each record with where the next one starts. @returns why csv-parse gave up, if it did */
function parseFrom(
  bytes: Buffer,
  onRecord: (fields: readonly string[], next: number) => void,
): string | undefined {
  try {
    parse(bytes, {
      ...GRAMMAR,
      on_record: (fields: string[], { bytes: next }) => {
        onRecord(fields, next)
        return null
      },
    })
    return undefined
  } catch (error) {
    if (error instanceof CsvError && Object.hasOwn(PROBLEMS, error.code)) return PROBLEMS[error.code]
    throw error
  }
}

/** What is wrong with the first record beside quotes inside unquoted cells. */
function graverProblem(bytes: Buffer): string {
  const codes: string[] = []
  parse(bytes, {
    ...GRAMMAR,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error !== undefined) codes.push(error.code)
      return undefined
    },
  })
  return PROBLEMS[codes.find((code) => code !== 'INVALID_OPENING_QUOTE')!]!
}

const CELL = '(?:"[^"]*(?:""[^"]*)*"(?![^,\\r\\n])|(?!")[^,\\r\\n]*)'
const RECORD = new RegExp(`${CELL}(?:,${CELL})*(?:\\r\\n|\\r|\\n|$)`, 'y')

/** Where the next record starts; undefined if a quote never closes, or text follows a closing quote. */
export function endOfRecord(text: string, start: number): number | undefined {
  RECORD.lastIndex = start
  return RECORD.test(text) ? RECORD.lastIndex : undefined
}

/** The physical line on which each byte stands. */
function linesOf(bytes: Buffer): Int32Array {
  const lines = new Int32Array(bytes.length)
  let line = 1
  for (let at = 0; at < bytes.length; at++) {
    lines[at] = line
    if (bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)) line++
  }
  return lines
}

function withoutLineEnd(record: Buffer): Buffer {
  const last = record.at(-1)
  if (last === 10 && record.at(-2) === 13) return record.subarray(0, -2)
  return last === 10 || last === 13 ? record.subarray(0, -1) : record
}

/** Why a record is rejected before anybody looks at how many fields it has. */
function faultOf({ bytes, fields }: SlowRecord): string | undefined {
  if (bytes.length > MIB) return 'record_too_long'
  if (bytes.includes(0)) return 'nul_byte'
  if (!isUtf8(bytes)) return 'invalid_utf8'
  return fields === undefined ? 'quote_in_unquoted_cell' : undefined
}

const strict = new TextDecoder('utf-8', { fatal: true })

function isUtf8(bytes: Buffer): boolean {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}

function trimmed(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '')
}

const tables: readonly RawTable[] = Object.values(allRawTables)
const declaredNames = new Set(tables.flatMap((table) => Object.keys(table.columns)))

/** Whether another delimiter finds more names that some table declares than the comma does. */
function isDelimitedOtherwise(header: string): boolean {
  const known = (delimiter: string) =>
    namesBy(header, delimiter).filter((name) => declaredNames.has(name)).length
  return [';', '\t', '|'].some((delimiter) => header.includes(delimiter) && known(delimiter) > known(','))
}

/** The names of a header that may be broken: none if a quote never closes. */
function namesBy(header: string, delimiter: string): string[] {
  const options = { ...GRAMMAR, delimiter, relax_quotes: true, skip_records_with_error: true }
  const [names] = parse(header, options) as string[][]
  return (names ?? []).map(trimmed)
}

function headerFault(names: readonly string[], table: RawTable): string | undefined {
  const declared = Object.keys(table.columns)
  if (declared.some((name) => names.indexOf(name) !== names.lastIndexOf(name)))
    return 'header_duplicate_column'
  const isHeaderOf = (other: RawTable) =>
    [...names].sort().join() === Object.keys(other.columns).sort().join()
  if (tables.some((other) => other !== table && isHeaderOf(other))) return 'header_of_another_table'
  const lacks = ([name, { required }]: [string, RawColumn]) => required && !names.includes(name)
  return Object.entries(table.columns).some(lacks) ? 'header_missing_column' : undefined
}

function accountFor(
  records: readonly SlowRecord[],
  names: readonly string[],
  table: RawTable,
  shop: ShopCells,
): Reading {
  const columns = Object.entries(table.columns)
  const cellIn = (row: readonly Value[], column: string) =>
    row[columns.findIndex(([name]) => name === column)]!
  const isRefund = (row: readonly Value[]) =>
    table.name === 'order_table' && Number(cellIn(row, 'total_price')) < 0
  const keyIn = (row: readonly Value[]) => {
    const names = KEYS[table.name]
    if (names === undefined) return cellIn(row, table.key)
    const [time, ...texts] = names.map((name) => cellIn(row, name))
    return JSON.stringify([Math.floor(Number(time) / 86_400_000), ...texts])
  }
  const parseValue = cellParser(shop)
  const kept = new Map<Value, Value[]>()
  const rejects: RejectedRow[] = []
  const counts = { read: 0, rejected: 0, duplicate: 0, conflicting: 0, accepted: 0 }
  const money = { read: 0n, rejected: 0n }
  for (const record of records) {
    counts.read++
    const worth = worthOf(record, names, table, parseValue)
    money.read += worth
    const row = rowOf(record, names, columns, parseValue)
    if ('reason' in row) {
      counts.rejected++
      money.rejected += worth
      rejects.push({ line: record.line, ...row })
      continue
    }
    const id = keyIn(row)
    // Among refunds the key is (order_id, time, total_price), and none is the duplicate of an order.
    const key = isRefund(row) ? JSON.stringify([id, cellIn(row, 'time'), cellIn(row, 'total_price')]) : id
    const first = kept.get(key)
    if (first === undefined) {
      counts.accepted++
      kept.set(key, row)
      continue
    }
    counts.duplicate++
    if (!columns.some(([column], i) => isCompared(table.name, column) && row[i] !== first[i])) continue
    counts.conflicting++
    money.rejected += worth
    const { line } = record
    const cell = shownKey(record, names, table, shop)
    rejects.push({ line, column: undefined, reason: 'conflicting_duplicate', cell })
  }
  return { rows: [...kept.values()], rejects, counts, money }
}

function isCompared(table: string, column: string): boolean {
  const compared = COMPARED[table]
  return compared === 'all' || compared?.includes(column) === true
}

/** The cells of a key as they are written; nothing where they mean null. */
function shownKey(
  { fields }: SlowRecord,
  names: readonly string[],
  { name, key }: RawTable,
  { nullValues }: ShopCells,
): string {
  const cells = (KEYS[name] ?? [key]).map((column) => trimmed(utf8(fields?.[names.indexOf(column)] ?? '')))
  return cells.map((cell) => (nullValues.includes(cell) ? '' : cell)).join(', ')
}

/** What a record is worth without its sign, as far as its own cells say so, whatever else is wrong with it. */
function worthOf(
  { bytes, fields }: SlowRecord,
  names: readonly string[],
  { name, columns }: RawTable,
  parseValue: CellParser,
): bigint {
  const wanted = WORTH[name]
  if (wanted === undefined || fields?.length !== names.length || bytes.length > MIB) return 0n
  const values = wanted.map((column) =>
    parseValue(columns[column]!, trimmed(utf8(fields[names.indexOf(column)]!))),
  )
  if (!values.every((value) => typeof value === 'number')) return 0n
  const [amount, quantity] = values.map((value) => BigInt(Math.abs(value)))
  // The product of two numbers of ten-thousandths, in ten-thousandths, half away from zero.
  return quantity === undefined ? amount! : (amount! * quantity + 5_000n) / 10_000n
}

type CellParser = (
  column: RawColumn,
  text: string,
) => Value | { readonly reason: string; readonly cell: string }

/** The values of a record by declared column, or why it is rejected: the first bad one in that order. */
function rowOf(
  record: SlowRecord,
  names: readonly string[],
  columns: readonly [string, RawColumn][],
  parseValue: CellParser,
): Value[] | Omit<RejectedRow, 'line'> {
  const whole = (reason: string) => ({ column: undefined, reason, cell: undefined })
  const fault = faultOf(record)
  if (fault !== undefined) return whole(fault)
  const fields = record.fields!
  if (fields.length !== names.length)
    return whole(fields.length < names.length ? 'too_few_fields' : 'too_many_fields')
  const row: Value[] = []
  for (const [column, declared] of columns) {
    const text = trimmed(utf8(fields[names.indexOf(column)] ?? ''))
    const value = parseValue(declared, text)
    if (value !== null && typeof value === 'object') return { column, ...value }
    row.push(value)
  }
  return row
}

function cellParser(shop: ShopCells): CellParser {
  const { timezone: timeZone, timeFormats, ownZone } = shop
  const own = ownZone === undefined ? {} : { fromWritten: wallClockBetween(ownZone, timeZone).convert }
  const schemas = cellSchemas({ timeZone, timeFormats, ...own })
  return ({ kind, required }, text) => {
    const isNull = text === '' || shop.nullValues.includes(text)
    // A cell that means null is shown as null is: as nothing.
    if (isNull) return required ? { reason: 'required_cell_empty', cell: '' } : null
    if (kind === 'id' || kind === 'text') return text
    const parsed = schemas[kind].safeParse(text)
    return parsed.success ? parsed.data : { reason: reasonOf(parsed.error), cell: text }
  }
}
