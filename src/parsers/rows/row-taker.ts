import type { Accounting } from '../accounting/accounting.ts'
import type { RecordBatch } from '../batch/record-batch.ts'

/** Takes the checked records of one raw table, batch by batch in file order. */
export interface RowTaker {
  readonly accounting: Accounting
  /**
   * Takes the next records of a file; the batch may be changed.
   *
   * @param linesBefore how many lines of the file come before that from which the batch counts
   * @param file the name of the file
   */
  take(batch: RecordBatch, linesBefore: number, file: string): void
  /** All records have been taken; called before any of another table is. */
  end(): void
  /** Makes room for that many rows in all. */
  expect(rows: number): void
}
