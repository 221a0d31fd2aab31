import type { RecordBatch } from '../../batch/record-batch.ts'
import type { RecordScans } from '../../scans/record-scans.ts'
import { fieldCountFault, type Lane, type LaneOptions, type RecordFault } from '../lane.ts'
import { slowLane } from '../slow/slow-lane.ts'
import { QUOTE, type RecordScanner } from './kernel/record-scanner.ts'
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

  read(start: number, scanner: RecordScanner): RecordFault | undefined {
    if (scanner.hasStrayQuote) return this.#slow.read(start, scanner)
    if (scanner.hasDoubledQuote) this.#halveQuotes(scanner)
    const { starts, ends, fieldCount } = scanner
    this.#scans?.record(this.#batch.bytes, starts, ends, fieldCount)
    if (fieldCount !== this.#fieldCount) return fieldCountFault(fieldCount, this.#fieldCount)
    return this.#cells.read(starts, ends)
  }

  /** Quotes within quotes stand twice in the file. */
  #halveQuotes({ starts, ends, fieldCount }: RecordScanner): void {
    const batch = this.#batch
    const { bytes } = batch
    const isAsked = this.#scans === undefined ? this.#cells.isAsked : undefined
    for (let field = 0; field < Math.min(fieldCount, starts.length); field++) {
      if (isAsked?.[field] === 0) continue
      const end = ends[field]!
      let at = starts[field]!
      while (at < end && bytes[at] !== QUOTE) at++
      if (at < end) [starts[field], ends[field]] = batch.addHalved(starts[field]!, end)
    }
  }
}
