import type { WritableTable } from '../tables/aggregate-table.ts'
import type { DateBlock } from '../tables/date-blocks.ts'
import { type CsvDialect, isStreamed, type StreamedTable, type TableResult } from '../tables/table-result.ts'

/** A kind of file that finished tables are written as. */
export interface Form {
  readonly name: string
  /** The name of a table's file in the set. @example csvForm.fileOf('session_funnel') → 'session_funnel.csv' */
  fileOf(table: string): string
  /**
   * Writes a table whose rows are in memory.
   *
   * @param write gets the bytes piece by piece, each valid only during the call
   * @param onBlock told once all bytes of the rows of one date are written, where these rows stand together
   */
  writeRows(
    table: WritableTable,
    dialect: CsvDialect,
    write: (bytes: Uint8Array) => void,
    onBlock?: (block: DateBlock) => void,
  ): void
  /** Writes a table that an engine gives as the bytes of its CSV. */
  writeStream(table: StreamedTable, dialect: CsvDialect, write: (bytes: Uint8Array) => void): Promise<void>
}

/** Writes a finished table, in whichever way its engine gives it. */
export async function writeTable(
  form: Form,
  table: TableResult,
  dialect: CsvDialect,
  write: (bytes: Uint8Array) => void,
): Promise<void> {
  if (isStreamed(table)) await form.writeStream(table, dialect, write)
  else form.writeRows(table, dialect, write)
}
