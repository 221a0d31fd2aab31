import type { CsvDialect } from '../../tables/table-result.ts'
import { isStreamed, type TableResult } from '../../tables/table-result.ts'
import { type StagedTable, stageStream, stageTable } from './stage.ts'

/** Writes tables into the staging folder, in the order in which they are given. */
export interface TableWriter {
  /**
   * Takes a table, which must not be used any more; resolves as soon as the next one may be computed.
   * Rejects with whatever stands against this table or one before.
   */
  write(table: TableResult): Promise<void>
  /** Resolves once all that was taken is on disk. Rejects as `write` does. */
  finish(): Promise<void>
  /** Resolves once nothing writes any more; what was not finished stays as it is. */
  close(): Promise<void>
}

/** What tables are written with. */
export interface WriterOptions {
  readonly staging: string
  readonly dialect: CsvDialect
  /** Told of each table that is on disk, in their order. */
  readonly onWritten: (table: StagedTable) => void
}

/** Writes each table before the next one is computed. */
export function writeInTurn({ staging, dialect, onWritten }: WriterOptions): TableWriter {
  return {
    write: async (table) => {
      const staged = isStreamed(table)
        ? await stageStream(staging, table, dialect)
        : stageTable(staging, table, dialect)
      onWritten(staged)
    },
    finish: async () => {},
    close: async () => {},
  }
}
