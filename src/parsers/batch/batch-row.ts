import type { RawTable } from '../../raw/define.ts'
import type { RecordBatch } from './record-batch.ts'

/** One row of a batch, for those who look at rows one by one. */
export class BatchRow {
  row = 0
  readonly #batch: RecordBatch
  readonly #columns: readonly string[]

  constructor(batch: RecordBatch, table: RawTable) {
    this.#batch = batch
    this.#columns = Object.keys(table.columns)
  }

  get bytes(): Uint8Array {
    return this.#batch.bytes
  }

  /** The number of a column, -1 if the table has no such column. */
  indexOf(column: string | undefined): number {
    return column === undefined ? -1 : this.#columns.indexOf(column)
  }

  /** Of a column whose cells are numbers; NaN if it is null. */
  number(column: number): number {
    return this.#batch.numbers[column]?.[this.row] ?? Number.NaN
  }

  isNull(column: number): boolean {
    const numbers = this.#batch.numbers[column]
    return numbers === undefined ? this.start(column) === this.end(column) : Number.isNaN(numbers[this.row]!)
  }

  start(column: number): number {
    return this.#batch.starts[column]?.[this.row] ?? 0
  }

  end(column: number): number {
    return this.#batch.ends[column]?.[this.row] ?? 0
  }

  text(column: number): string {
    const { bytes } = this
    const start = this.start(column)
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, this.end(column) - start).toString('utf8')
  }
}
