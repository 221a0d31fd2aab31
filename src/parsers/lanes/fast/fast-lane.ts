import type { RecordBatch } from '../../batch/record-batch.ts'
import type { RecordScans } from '../../scans/record-scans.ts'
import { fieldCountFault, type Lane, type LaneOptions, type LeftOut, type RecordFault } from '../lane.ts'
import { slowLane } from '../slow/slow-lane.ts'
import { halveQuotes } from '../split-record.ts'
import type { RecordScanner } from './kernel/record-scanner.ts'
import { RecordCells } from './record-cells.ts'

/**
 * The lane for records as nearly all are: split by the scanner, cells read where they lie in the file's bytes.
 * A record that is not plainly split is the slow lane's.
 */
export function fastLane(options: LaneOptions): Lane {
  return new FastLane(options)
}

class FastLane implements Lane {
  readonly #batch: RecordBatch
  readonly #cells: RecordCells
  readonly #fieldCount: number
  readonly #scans: RecordScans | undefined
  readonly #slow: Lane

  constructor(options: LaneOptions) {
    const { header, batch, scans } = options
    this.#batch = batch
    this.#cells = new RecordCells(options)
    this.#fieldCount = header.fieldCount
    this.#scans = scans
    this.#slow = slowLane(options)
  }

  read(start: number, scanner: RecordScanner): RecordFault | LeftOut | undefined {
    if (scanner.hasStrayQuote) return this.#slow.read(start, scanner)
    // Quotes within quotes stand twice in the file.
    if (scanner.hasDoubledQuote)
      halveQuotes(this.#batch, scanner, this.#scans === undefined ? this.#cells.isAsked : undefined)
    const { starts, ends, fieldCount } = scanner
    this.#scans?.record(this.#batch.bytes, starts, ends, fieldCount)
    if (fieldCount !== this.#fieldCount) return fieldCountFault(fieldCount, this.#fieldCount)
    return this.#cells.read(starts, ends)
  }
}
