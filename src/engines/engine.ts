import type { ControlTotal } from '../checks/control-totals.ts'
import type { Finding } from '../checks/finding.ts'
import type { Contract } from '../custom/contract.ts'
import type { Accounting, Reject } from '../parsers/accounting/accounting.ts'
import type { LoadProgress } from '../parsers/load-progress.ts'
import type { LoadedTable, SourceFile } from '../parsers/loaded-table.ts'
import type { ScanResults } from '../parsers/scans/scan-results.ts'
import type { RawTable } from '../raw/define.ts'
import type { Rules } from '../rules/rules.ts'
import type { TableResult } from '../tables/table-result.ts'

export interface EngineOptions {
  /** The tables that are read and computed. */
  readonly contract: Contract
  readonly inputFolder: string
  readonly rules: Rules
  /** The key that ids are hashed with; needed if the rules say that some are. */
  readonly hashKey: Uint8Array | undefined
  /** First and last day that count, inclusive. */
  readonly since: number | undefined
  readonly until: number | undefined
  /** The as-of day, if it is not to follow from the data. */
  readonly asOf: number | undefined
  /** Treat missing files as empty tables, except order_table. */
  readonly allowMissing: boolean
  /** Look for what seems to be personal data in the raw tables, and report it as a finding. */
  readonly findPersonalData: boolean
  /** Whether findings may show values of cells, or their shapes alone. */
  readonly showValues: boolean
  /** How many threads may be used; undefined leaves it to the machine and the tables' size. */
  readonly threads?: number | undefined
  readonly onReject: (reject: Reject) => void
  readonly onProgress: (progress: LoadProgress) => void
  readonly signal: AbortSignal | undefined
}

/** What was read of one raw table. */
export interface InputReport {
  readonly table: string
  /** The files read, in their order; none if they were missing and may be. */
  readonly files: readonly SourceFile[]
  readonly definition: RawTable
  readonly accounting: Accounting
  readonly missingColumns: readonly string[]
  readonly unknownColumns: readonly string[]
  /** What was found beside the rows. */
  readonly found: ScanResults
  readonly seconds: number
}

/** What the finished tables say about themselves and the data. */
export interface Verdict {
  readonly controlTotals: readonly ControlTotal[]
  readonly findings: readonly Finding[]
}

/** Raw tables that an engine has read, ready to be aggregated. */
export interface LoadedRun {
  readonly inputs: readonly InputReport[]
  /** The day on which "days since" are counted; undefined if there is neither a session nor an order. */
  readonly asOf: number | undefined
  /** Accepted rows by raw table and date, as `YYYY-MM-DD`; tables without dates are left out. */
  readonly rowsByDate: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Computes the tables one after the other; each may be written and forgotten. */
  aggregate(): Generator<TableResult, Verdict> | AsyncGenerator<TableResult, Verdict>
}

/** A way of computing the tables. The same input gives the same bytes, whatever the engine. */
export interface Engine {
  readonly name: string
  /** @throws KnownError of failure data, input, io or retry */
  load(options: EngineOptions): Promise<LoadedRun>
  /**
   * A run over rows that are in memory already, such as those that a history keeps; missing where the engine
   * reads files alone.
   *
   * @param loaded with the columns that neededColumns names
   * @param inputs what is reported of the files that were read
   */
  over?(
    loaded: readonly LoadedTable[],
    inputs: readonly InputReport[],
    options: Pick<EngineOptions, 'contract' | 'rules' | 'asOf' | 'showValues'>,
  ): LoadedRun
}
