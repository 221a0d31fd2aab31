import { isUtf8 } from 'node:buffer'
import { NumberStore, TextStore } from '../collections/column-store.ts'
import { Dictionary } from '../collections/dictionary.ts'
import type { Collection, Vector } from '../collections/vectors.ts'
import { isBlank } from '../lib/blanks.ts'
import { Growing } from '../lib/growing.ts'
import { dayOf } from '../lib/wall-clock.ts'
import type { RawTable, SharedDictionary } from '../raw/define.ts'
import { type CellReader, cellReaders, type KindName, reasonOf } from '../raw/kinds.ts'
import { type Rules, timeFormatsOf } from '../rules/rules.ts'
import { Accounting, type RecordReason, type Reject, type RejectReason } from './accounting.ts'
import { decodeRecord } from './decode-record.ts'
import { Fingerprint } from './fingerprint.ts'
import type { Header } from './header.ts'
import { MAX_RECORD_BYTES, type RecordHandler } from './record-reader.ts'
import type { RecordScanner } from './record-scanner.ts'

/** The dictionaries of the ids and names that join tables. */
export type SharedDictionaries = ReadonlyMap<SharedDictionary, Dictionary>

export interface TableParserOptions {
  readonly table: RawTable
  readonly header: Header
  /** The columns to keep; all declared ones are checked. */
  readonly keep: ReadonlySet<string>
  readonly dictionaries: SharedDictionaries
  readonly rules: Rules
  /** First and last day that count, inclusive. */
  readonly since: number | undefined
  readonly until: number | undefined
  readonly onReject: (reject: Reject) => void
}

/** How one declared column is read, checked and kept. */
interface ColumnPlan {
  readonly name: string
  readonly kind: KindName
  readonly required: boolean
  /** Field number in the file, -1 if the column is missing. */
  readonly position: number
  readonly reader: CellReader | undefined
  readonly texts: TextStore | undefined
  readonly numbers: NumberStore | undefined
}

/**
 * One raw table on its way from records to a typed collection: every record is checked, counted, and kept
 * if it is accepted. Knows no table by name.
 */
export class TableParser implements RecordHandler {
  readonly accounting = new Accounting()
  readonly #options: TableParserOptions
  readonly #plans: readonly ColumnPlan[]
  readonly #keyPlan: number
  readonly #timePlan: number
  readonly #nullValues: readonly Uint8Array[]
  /** Of the record at hand, by plan: where the trimmed cell starts and ends (equal if null), its number. */
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  readonly #numbers: Float64Array
  readonly #keys: Dictionary
  /** Line of the record that stays, by code of its key; 0 if the key is not seen yet. */
  readonly #keptLines = new Growing(Float64Array)
  readonly #fingerprint = new Fingerprint()
  readonly #highs = new Growing(Int32Array)
  readonly #lows = new Growing(Int32Array)
  #sawHeader = false

  constructor(options: TableParserOptions) {
    this.#options = options
    this.#plans = planColumns(options)
    this.#keyPlan = this.#plans.findIndex((plan) => plan.name === options.table.key)
    this.#timePlan = this.#plans.findIndex((plan) => plan.name === options.table.time)
    this.#nullValues = options.rules.nullValues.map((text) => Buffer.from(text, 'utf8'))
    this.#starts = new Int32Array(this.#plans.length)
    this.#ends = new Int32Array(this.#plans.length)
    this.#numbers = new Float64Array(this.#plans.length)
    const shared = options.table.columns[options.table.key]?.dictionary
    this.#keys = (shared && options.dictionaries.get(shared)) ?? new Dictionary()
  }

  /** The accepted rows, in file order. */
  finish(): Collection {
    const columns: Record<string, Vector> = {}
    for (const { name, texts, numbers } of this.#plans) {
      const store = texts ?? numbers
      if (store !== undefined) columns[name] = store.finish()
    }
    return { rowCount: this.accounting.accepted, columns }
  }

  oversized(line: number): boolean {
    this.accounting.read++
    this.#rejectRecord('record_too_long', line)
    return true
  }

  record(bytes: Uint8Array, start: number, scanner: RecordScanner, line: number): boolean {
    if (!this.#sawHeader) {
      this.#sawHeader = true
      return true
    }
    this.accounting.read++
    const end = scanner.recordEnd
    if (end - start > MAX_RECORD_BYTES) this.#rejectRecord('record_too_long', line)
    else if (scanner.hasNul) this.#rejectRecord('nul_byte', line)
    else if (scanner.hasHigh && !isUtf8(bytes.subarray(start, end))) this.#rejectRecord('invalid_utf8', line)
    else if (scanner.hasStrayQuote || scanner.hasDoubledQuote) this.#decoded(bytes.subarray(start, end), line)
    else this.#fields(bytes, scanner.starts, scanner.ends, scanner.fieldCount, line)
    return true
  }

  /** A record that is not plainly split: csv-parse decides what its fields are. */
  #decoded(record: Uint8Array, line: number): void {
    const fields = decodeRecord(Buffer.from(record).toString('utf8'))
    if (fields === undefined) {
      this.#rejectRecord('quote_in_unquoted_cell', line)
      return
    }
    const bytes = Buffer.from(fields.join(''), 'utf8')
    const starts = new Int32Array(fields.length)
    const ends = new Int32Array(fields.length)
    for (let i = 0, at = 0; i < fields.length; i++) {
      starts[i] = at
      at += Buffer.byteLength(fields[i]!, 'utf8')
      ends[i] = at
    }
    this.#fields(bytes, starts, ends, fields.length, line)
  }

  #fields(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, count: number, line: number): void {
    const { fieldCount } = this.#options.header
    if (count !== fieldCount) {
      this.#rejectRecord(count < fieldCount ? 'too_few_fields' : 'too_many_fields', line)
      return
    }
    if (!this.#readCells(bytes, starts, ends, line)) return
    if (this.#isDuplicate(bytes, line)) return
    const { since, until } = this.#options
    if (this.#timePlan >= 0 && (since !== undefined || until !== undefined)) {
      const day = dayOf(this.#numbers[this.#timePlan]!)
      if ((since !== undefined && day < since) || (until !== undefined && day > until)) {
        this.accounting.outside_range++
        return
      }
    }
    this.accounting.accepted++
    this.#keep(bytes)
  }

  /** Trims and reads every declared cell; rejects the record at the first bad one, in declared order. */
  #readCells(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, line: number): boolean {
    const plans = this.#plans
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]!
      this.#numbers[i] = Number.NaN
      if (plan.position < 0) {
        this.#starts[i] = this.#ends[i] = 0
        continue
      }
      let start = starts[plan.position]!
      let end = ends[plan.position]!
      while (start < end && isBlank(bytes[start]!)) start++
      while (end > start && isBlank(bytes[end - 1]!)) end--
      if (start < end && this.#nullValues.length > 0 && this.#isNullValue(bytes, start, end)) end = start
      this.#starts[i] = start
      this.#ends[i] = end
      if (start === end) {
        if (!plan.required) continue
        this.#rejectCell('required_cell_empty', line, plan.name, '')
        return false
      }
      if (plan.reader === undefined) continue
      const value = plan.reader.canonical(bytes, start, end)
      if (!Number.isNaN(value)) {
        this.#numbers[i] = value
        continue
      }
      const text = textOf(bytes, start, end)
      const parsed = plan.reader.schema.safeParse(text)
      if (!parsed.success) {
        this.#rejectCell(reasonOf(parsed.error), line, plan.name, text)
        return false
      }
      this.#numbers[i] = parsed.data
    }
    return true
  }

  #isNullValue(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#nullValues.some(
      (text) => text.length === end - start && text.every((byte, i) => byte === bytes[start + i]),
    )
  }

  /** Whether the key was seen in an acceptable record before; if not, it is now. */
  #isDuplicate(bytes: Uint8Array, line: number): boolean {
    const start = this.#starts[this.#keyPlan]!
    const end = this.#ends[this.#keyPlan]!
    const key = this.#keys.encode(bytes, start, end)
    if (key >= this.#keptLines.length) {
      this.#keptLines.reserve(key + 1)
      this.#keptLines.length = key + 1
    }
    const { table } = this.#options
    const { comparesDuplicates } = table
    if (comparesDuplicates) this.#takeFingerprint(bytes)
    if (this.#keptLines.values[key] === 0) {
      this.#keptLines.values[key] = line
      if (comparesDuplicates) {
        this.#highs.reserve(key + 1)
        this.#lows.reserve(key + 1)
        this.#highs.values[key] = this.#fingerprint.high
        this.#lows.values[key] = this.#fingerprint.low
      }
      return false
    }
    this.accounting.duplicate++
    if (
      comparesDuplicates &&
      (this.#highs.values[key] !== this.#fingerprint.high || this.#lows.values[key] !== this.#fingerprint.low)
    ) {
      this.accounting.conflicting++
      const cell = textOf(bytes, start, end)
      this.#note({ table: table.name, line, column: undefined, reason: 'conflicting_duplicate', cell })
    }
    return true
  }

  #takeFingerprint(bytes: Uint8Array): void {
    const fingerprint = this.#fingerprint
    fingerprint.reset()
    for (let i = 0; i < this.#plans.length; i++) {
      const start = this.#starts[i]!
      const end = this.#ends[i]!
      if (start === end) fingerprint.addNull()
      else if (this.#plans[i]!.reader === undefined) fingerprint.addBytes(bytes, start, end)
      else fingerprint.addNumber(this.#numbers[i]!)
    }
  }

  #keep(bytes: Uint8Array): void {
    const plans = this.#plans
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]!
      if (plan.texts !== undefined) {
        if (this.#starts[i] === this.#ends[i]) plan.texts.pushNull()
        else plan.texts.push(bytes, this.#starts[i]!, this.#ends[i]!)
        continue
      }
      const value = this.#numbers[i]!
      if (value < 0 && plan.kind === 'money') this.accounting.noteNegative(plan.name, value)
      plan.numbers?.push(value)
    }
  }

  #rejectRecord(reason: RecordReason, line: number): void {
    this.accounting.rejected++
    this.#note({ table: this.#options.table.name, line, column: undefined, reason, cell: undefined })
  }

  #rejectCell(reason: RejectReason, line: number, column: string, cell: string): void {
    this.accounting.rejected++
    this.#note({ table: this.#options.table.name, line, column, reason, cell })
  }

  #note(reject: Reject): void {
    this.accounting.note(reject)
    this.#options.onReject(reject)
  }
}

function planColumns(options: TableParserOptions): ColumnPlan[] {
  const { table, header, keep, dictionaries, rules } = options
  const readers = cellReaders({ timeZone: rules.timezone, timeFormats: timeFormatsOf(rules, table.name) })
  return Object.entries(table.columns).map(([name, { kind, required, dictionary }], i) => {
    const isText = kind === 'id' || kind === 'text'
    const kept = keep.has(name)
    return {
      name,
      kind,
      required,
      position: header.positions[i]!,
      reader: isText ? undefined : readers[kind],
      texts:
        kept && isText
          ? new TextStore((dictionary && dictionaries.get(dictionary)) ?? new Dictionary())
          : undefined,
      numbers: kept && !isText ? new NumberStore(kind) : undefined,
    }
  })
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}
