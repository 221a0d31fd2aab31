import { isBlank } from '../../../lib/texts/blanks.ts'
import type { RecordBatch } from '../../batch/record-batch.ts'

/** The cells of the record at hand: the fields of the file, and behind them those that are mapped. */
export class SourceCells {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly #batch: RecordBatch

  constructor(fields: number, batch: RecordBatch) {
    this.starts = new Int32Array(fields)
    this.ends = new Int32Array(fields)
    this.#batch = batch
  }

  /** Takes the fields of a record; those it lacks are empty. */
  take(starts: Int32Array, ends: Int32Array, count: number): void {
    const fields = Math.min(count, this.starts.length)
    for (let field = 0; field < fields; field++) {
      this.starts[field] = starts[field]!
      this.ends[field] = ends[field]!
    }
    this.starts.fill(0, fields)
    this.ends.fill(0, fields)
  }

  set(field: number, start: number, end: number): void {
    this.starts[field] = start
    this.ends[field] = end
  }

  clear(field: number): void {
    this.set(field, 0, 0)
  }

  /** Leaves the blanks around a cell out. */
  trim(field: number): void {
    const { bytes } = this.#batch
    let start = this.starts[field]!
    let end = this.ends[field]!
    while (start < end && isBlank(bytes[start]!)) start++
    while (end > start && isBlank(bytes[end - 1]!)) end--
    this.set(field, start, end)
  }

  /** The text of a cell, trimmed. @param field -1 for a column that the file lacks, whose cells are empty */
  text(field: number): string {
    if (field < 0) return ''
    this.trim(field)
    const { bytes } = this.#batch
    const start = this.starts[field]!
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, this.ends[field]! - start).toString('utf8')
  }

  /** Puts a text into a cell, by way of the batch. */
  write(field: number, text: string): void {
    const bytes = Buffer.from(text, 'utf8')
    const start = this.#batch.addDecoded(bytes)
    this.set(field, start, start + bytes.length)
  }
}
