import { isUtf8 } from 'node:buffer'
import type { TextNumberer } from '../../../collections/texts/numbered-texts.ts'
import type { RawTable } from '../../../raw/define.ts'
import type { Rules } from '../../../rules/rules.ts'
import type { RecordReason } from '../../accounting/accounting.ts'
import type { RecordBatch, RejectedRecord } from '../../batch/record-batch.ts'
import { decodeRecord } from '../../records/decode-record.ts'
import type { Header } from '../../records/header.ts'
import type { PersonalDataScan } from '../../records/personal-data.ts'
import { MAX_RECORD_BYTES, type RecordHandler } from '../../records/record-walk.ts'
import { QUOTE, type RecordScanner } from './kernel/record-scanner.ts'
import { RecordCells } from './record-cells.ts'

/** After how many rows they are prepared for looking up: their bytes must still be in the caches. */
const PREPARED_AT_ONCE = 512

export interface BatchWriterOptions {
  readonly table: RawTable
  readonly header: Header
  readonly rules: Rules
  /** Looks at every record that can be split, if it is there. */
  readonly personalData: PersonalDataScan | undefined
  readonly batch: RecordBatch
  /** TEXT_SEED of the thread that takes the rows. */
  readonly seed: number
  /** Of the columns that are looked up, if whoever looks them up can read their numbers. */
  readonly numberers?: readonly TextNumberer[]
  /** Whether the first record is the header, which is passed over. */
  readonly startsWithHeader: boolean
  /** Called with a batch that has room for nothing more. Answer whether it has been emptied. */
  readonly onFull: () => boolean
}

/**
 * Checks the records of one raw table, each by itself, and writes those that are acceptable into a batch.
 * What a row is beside other rows (a repeated key, filtered, outside the range) is not known here: so any
 * piece of a file can be checked in any thread.
 */
export class BatchWriter implements RecordHandler {
  readonly #batch: RecordBatch
  readonly #cells: RecordCells
  readonly #fieldCount: number
  readonly #personalData: PersonalDataScan | undefined
  readonly #seed: number
  readonly #numberers: readonly TextNumberer[] | undefined
  readonly #onFull: () => boolean
  #isHeader: boolean

  constructor(options: BatchWriterOptions) {
    const { table, header, rules, batch, personalData, seed, numberers, onFull, startsWithHeader } = options
    this.#batch = batch
    this.#cells = new RecordCells(table, header, rules, batch)
    this.#fieldCount = header.fieldCount
    this.#personalData = personalData
    this.#seed = seed
    this.#numberers = numberers
    this.#onFull = onFull
    this.#isHeader = startsWithHeader
  }

  /** Whether the header has been passed over. */
  get isPastHeader(): boolean {
    return !this.#isHeader
  }

  /** Prepares the rows that are not yet prepared for looking up. */
  prepare(): void {
    this.#batch.prepare(this.#seed, this.#numberers)
  }

  oversized(line: number): boolean {
    this.#batch.read++
    this.#reject('record_too_long', line)
    return this.#goesOn()
  }

  record(bytes: Uint8Array, start: number, scanner: RecordScanner, line: number): boolean {
    if (this.#isHeader) {
      this.#isHeader = false
      return true
    }
    this.#batch.read++
    const end = scanner.recordEnd
    if (end - start > MAX_RECORD_BYTES) this.#reject('record_too_long', line)
    else if (scanner.hasNul) this.#reject('nul_byte', line, scanner)
    else if (scanner.hasHigh && !isUtf8(bytes.subarray(start, end)))
      this.#reject('invalid_utf8', line, scanner)
    else if (scanner.hasStrayQuote) this.#decoded(bytes.subarray(start, end), line)
    else {
      if (scanner.hasDoubledQuote) this.#halveQuotes(scanner)
      this.#fields(scanner.starts, scanner.ends, scanner.fieldCount, line)
    }
    return this.#goesOn()
  }

  #goesOn(): boolean {
    return !this.#batch.isFull || this.#onFull()
  }

  /** A record that is not plainly split: csv-parse decides what its fields are. */
  #decoded(record: Uint8Array, line: number): void {
    const fields = decodeRecord(Buffer.from(record).toString('utf8'))
    if (fields === undefined) {
      this.#reject('quote_in_unquoted_cell', line)
      return
    }
    const bytes = Buffer.from(fields.join(''), 'utf8')
    const starts = new Int32Array(fields.length)
    const ends = new Int32Array(fields.length)
    let at = this.#batch.addDecoded(bytes)
    for (let i = 0; i < fields.length; i++) {
      starts[i] = at
      at += Buffer.byteLength(fields[i]!, 'utf8')
      ends[i] = at
    }
    this.#fields(starts, ends, fields.length, line)
  }

  /** Quotes within quotes stand twice in the file. */
  #halveQuotes({ starts, ends, fieldCount }: RecordScanner): void {
    const batch = this.#batch
    const { bytes } = batch
    const isAsked = this.#personalData === undefined ? this.#cells.isAsked : undefined
    for (let field = 0; field < Math.min(fieldCount, starts.length); field++) {
      if (isAsked?.[field] === 0) continue
      const end = ends[field]!
      let at = starts[field]!
      while (at < end && bytes[at] !== QUOTE) at++
      if (at < end) [starts[field], ends[field]] = batch.addHalved(starts[field]!, end)
    }
  }

  #fields(starts: Int32Array, ends: Int32Array, count: number, line: number): void {
    const batch = this.#batch
    this.#personalData?.record(batch.bytes, starts, ends, count)
    if (count !== this.#fieldCount) {
      this.#reject(count < this.#fieldCount ? 'too_few_fields' : 'too_many_fields', line)
      return
    }
    const fault = this.#cells.read(starts, ends)
    if (fault !== undefined) batch.rejected.push({ row: batch.count, line, ...fault })
    else {
      batch.lines[batch.count++] = line
      if (batch.count % PREPARED_AT_ONCE === 0) this.prepare()
    }
  }

  /** @param scanner if the record has been split into fields */
  #reject(reason: RecordReason, line: number, scanner?: RecordScanner): void {
    const isSplit = scanner?.fieldCount === this.#fieldCount && !scanner.hasStrayQuote
    const rejected: RejectedRecord = {
      row: this.#batch.count,
      line,
      column: undefined,
      reason,
      cell: undefined,
      day: isSplit ? this.#cells.dayOf(scanner.starts, scanner.ends) : undefined,
    }
    this.#batch.rejected.push(rejected)
  }
}
