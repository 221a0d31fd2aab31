import type { Collection } from '../collections/vectors.ts'
import type { RawTable } from '../raw/define.ts'
import type { Accounting } from './accounting/accounting.ts'
import type { ScanResults } from './scans/scan-results.ts'

/** A source file that was read, with the bytes it has on disk. */
export interface SourceFile {
  /** Relative to the input folder, with slashes. */
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** What is known of one raw table that has been read, beside its rows. */
export interface ReadReport {
  readonly table: RawTable
  /** The files read, in their order; none if they were missing and may be. */
  readonly files: readonly SourceFile[]
  readonly accounting: Accounting
  readonly missingColumns: readonly string[]
  readonly unknownColumns: readonly string[]
  /** What was found beside the rows. */
  readonly found: ScanResults
  readonly seconds: number
}

/** One raw table in memory, with the rows that count. */
export interface LoadedTable extends ReadReport {
  readonly collection: Collection
}
