import { isUtf8 } from 'node:buffer'
import type { TextNumberer } from '../../collections/texts/numbered-texts.ts'
import type { RecordReason } from '../accounting/accounting.ts'
import type { RecordBatch, RejectedRecord } from '../batch/record-batch.ts'
import { MAX_RECORD_BYTES, type RecordHandler } from '../records/record-walk.ts'
import type { RecordScanner } from './fast/kernel/record-scanner.ts'
import type { Lane, LaneOptions, MakeLane, RecordFault } from './lane.ts'
import { NOTHING_READABLE, ReadableCells } from './readable-cells.ts'

/** After how many rows they are prepared for looking up: their bytes must still be in the caches. */
const PREPARED_AT_ONCE = 512

export interface BatchWriterOptions extends LaneOptions {
  /** What reads the records. */
  readonly lane: MakeLane
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
  readonly #lane: Lane
  readonly #readable: ReadableCells
  readonly #fieldCount: number
  /** By declared column that the file names otherwise: its name there. */
  readonly #otherNames: ReadonlyMap<string, string>
  readonly #seed: number
  readonly #numberers: readonly TextNumberer[] | undefined
  readonly #onFull: () => boolean
  #isHeader: boolean

  constructor(options: BatchWriterOptions) {
    const { header, batch, seed, numberers, onFull, startsWithHeader } = options
    this.#batch = batch
    this.#lane = options.lane(options)
    this.#readable = new ReadableCells(options)
    this.#fieldCount = header.fieldCount
    this.#otherNames = otherNames(options)
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
    const batch = this.#batch
    batch.read++
    const end = scanner.recordEnd
    if (end - start > MAX_RECORD_BYTES) this.#reject('record_too_long', line)
    else if (scanner.hasNul) this.#reject('nul_byte', line, scanner)
    else if (scanner.hasHigh && !isUtf8(bytes.subarray(start, end)))
      this.#reject('invalid_utf8', line, scanner)
    else {
      const fault = this.#lane.read(start, scanner)
      if (fault !== undefined && 'leftOut' in fault) batch.noteLeftOut(fault.leftOut)
      else if (fault !== undefined) batch.rejected.push({ row: batch.count, line, ...this.#named(fault) })
      else {
        batch.lines[batch.count++] = line
        if (batch.count % PREPARED_AT_ONCE === 0) this.prepare()
      }
    }
    return this.#goesOn()
  }

  /** A reject names a column as the file does. */
  #named(fault: RecordFault): RecordFault {
    const { column, target } = fault
    if (column === undefined || target !== undefined) return fault
    const name = this.#otherNames.get(column)
    return name === undefined ? fault : { ...fault, column: name, target: column }
  }

  #goesOn(): boolean {
    return !this.#batch.isFull || this.#onFull()
  }

  /** @param scanner if the record has been split into fields */
  #reject(reason: RecordReason, line: number, scanner?: RecordScanner): void {
    const isSplit = scanner?.fieldCount === this.#fieldCount && !scanner.hasStrayQuote
    const parts = isSplit
      ? this.#readable.of(this.#batch.bytes, scanner.starts, scanner.ends, this.#fieldCount)
      : NOTHING_READABLE
    const rejected: RejectedRecord = {
      row: this.#batch.count,
      line,
      column: undefined,
      reason,
      cell: undefined,
      ...parts,
    }
    this.#batch.rejected.push(rejected)
  }
}

function otherNames({ table, header }: LaneOptions): Map<string, string> {
  const names = new Map<string, string>()
  for (const [i, column] of Object.keys(table.columns).entries()) {
    const name = header.names[header.positions[i] ?? -1]
    if (name !== undefined && name !== column) names.set(column, name)
  }
  return names
}
