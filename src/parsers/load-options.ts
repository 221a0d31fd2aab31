import type { ToWallClock } from '../lib/times/time-zone.ts'
import type { RawTable } from '../raw/define.ts'
import type { Rules } from '../rules/rules.ts'
import type { TableSource } from '../sources/table-source.ts'
import type { Reject } from './accounting/accounting.ts'
import type { Header } from './headers/header.ts'
import type { Encoders } from './keys/encoders.ts'
import type { LoadProgress } from './load-progress.ts'
import type { InputFile } from './records/input-file.ts'
import type { RecordForm } from './records/record-form.ts'
import type { RowFilters } from './rows/row-filter.ts'
import type { RowTaker } from './rows/row-taker.ts'
import type { LoadThreads } from './threads/piece-threads.ts'

export interface ReadOptions {
  readonly folder: string
  readonly tables: readonly RawTable[]
  /** The columns to keep of each table. */
  readonly keep: ReadonlyMap<string, ReadonlySet<string>>
  readonly rules: Rules
  /** The key that ids are hashed with, if the rules say so. */
  readonly hashKey: Uint8Array | undefined
  readonly allowMissing: boolean
  /** Look for what seems to be personal data; takes time. */
  readonly findPersonalData: boolean
  readonly threads: LoadThreads
  readonly onReject: (reject: Reject) => void
  readonly onProgress: (progress: LoadProgress) => void
  readonly signal: AbortSignal | undefined
}

/** What is read, and which rows count. */
export interface LoadOptions extends ReadOptions {
  /** First and last day that count, inclusive. */
  readonly since: number | undefined
  readonly until: number | undefined
}

/** What the tables of one run have in common. */
export interface Shared {
  readonly encoders: Encoders
  readonly filters: RowFilters
  /** The conversion into the shop's time zone. */
  readonly toWallClock: ToWallClock
}

/** Makes what takes the rows of a table. */
export type TakerFor<T extends RowTaker> = (table: RawTable, shared: Shared) => T

/** A source file that has been opened, and its header read. */
export interface OpenFile {
  /** Counts the files of all tables. */
  readonly number: number
  readonly input: InputFile
  readonly header: Header
  readonly form: RecordForm
}

/** A raw table whose files have been opened, in the order in which they are read. */
export interface OpenTable {
  readonly table: RawTable
  readonly source: TableSource
  readonly files: readonly OpenFile[]
}
