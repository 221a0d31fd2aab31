import type { RawTable } from '../raw/define.ts'
import type { Rules } from '../rules/rules.ts'
import type { Reject } from './accounting.ts'
import type { Encoders } from './encoders.ts'
import type { Header } from './header.ts'
import type { InputFile } from './input-file.ts'
import type { LoadProgress } from './load-progress.ts'
import type { LoadThreads } from './piece-threads.ts'
import type { RowFilters } from './row-filter.ts'

export interface LoadOptions {
  readonly folder: string
  readonly tables: readonly RawTable[]
  /** The columns to keep of each table. */
  readonly keep: ReadonlyMap<string, ReadonlySet<string>>
  readonly rules: Rules
  /** The key that ids are hashed with, if the rules say so. */
  readonly hashKey: Uint8Array | undefined
  readonly since: number | undefined
  readonly until: number | undefined
  readonly allowMissing: boolean
  /** Look for what seems to be personal data; takes time. */
  readonly findPersonalData: boolean
  /** Where a history of days is kept: the seed of its key hashes. Filtered rows are then kept, too. */
  readonly ledgerSeed?: number | undefined
  readonly threads: LoadThreads
  readonly onReject: (reject: Reject) => void
  readonly onProgress: (progress: LoadProgress) => void
  readonly signal: AbortSignal | undefined
}

/** What the tables of one run have in common. */
export interface Shared {
  readonly encoders: Encoders
  readonly filters: RowFilters
}

/** A raw table whose file has been opened. */
export interface OpenTable {
  readonly table: RawTable
  readonly input: InputFile
  readonly header: Header
}
