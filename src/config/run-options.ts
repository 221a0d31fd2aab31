import type { Extensions } from '../custom/extensions.ts'
import type { Engine } from '../engines/engine.ts'
import type { LoadProgress } from '../parsers/load-progress.ts'
import type { Rules } from '../rules/rules.ts'
import type { SettingsFile } from './read-settings.ts'

/** Folders; check does not touch `outputFolder`. */
export interface FolderOptions {
  readonly inputFolder: string
  readonly outputFolder: string
  readonly logFolder: string
}

/** Which rows are read, and how. */
export interface ReadingOptions {
  readonly rules: Rules
  /** Columns and tables of the shop's own. */
  readonly extensions: Extensions
  /** The key that ids are hashed with; needed if `rules.privacy` says that some are. */
  readonly hashKey: Uint8Array | undefined
  /** First and last day that count, inclusive, as days since 1970-01-01. */
  readonly since: number | undefined
  readonly until: number | undefined
  readonly allowMissing: boolean
}

/** How the tables are computed. */
export interface TableOptions {
  readonly engine: Engine
  /** How many threads may be used; undefined leaves it to the machine and the tables' size. */
  readonly threads: number | undefined
  /** The as-of day; undefined to take it from the data. */
  readonly asOf: number | undefined
  /** Findings fail the run. */
  readonly strict: boolean
}

/** How the set is written. */
export interface WritingOptions {
  readonly escapeFormulas: boolean
  readonly bom: boolean
  /** Replace a published set that covers more days than `since` and `until` leave; refused otherwise. */
  readonly force: boolean
}

/** What becomes of the rows that earlier runs kept. */
export interface HistoryOptions {
  /**
   * plain: the raw files are all there is. full: the same, and a history is kept for incremental runs.
   * incremental: the raw files are a slice of days, added to the history.
   */
  readonly mode: 'plain' | 'full' | 'incremental'
  /** Of an incremental run: add rows to dates that are there already, instead of replacing these. */
  readonly mergeDays: boolean
  /** Take rows or dates away that were aggregated before; refused otherwise. */
  readonly allowShrink: boolean
  /** Join the files of the history when there are more than these. */
  readonly mostHistoryFiles: number
}

/** What people are told of the run. */
export interface LogOptions {
  /** The settings file that the options come from, if there was one; for the records. */
  readonly settingsFile: SettingsFile | undefined
  /** Show cells of rejected rows in messages and logs; without it only their shape is shown. */
  readonly showValues: boolean
  /** How many runs the log folder keeps. */
  readonly keepRuns: number
  readonly onProgress: (progress: LoadProgress) => void
  /** Told of each phase of the run as it begins. */
  readonly onPhase: (phase: RunPhase) => void
}

/** Everything one run depends on, complete: `completeOptions` makes it of settings and options, once. */
export interface RunOptions
  extends FolderOptions,
    ReadingOptions,
    TableOptions,
    WritingOptions,
    HistoryOptions,
    LogOptions {
  readonly command: 'process' | 'check'
  readonly signal: AbortSignal | undefined
}

/** The phases of a run, in order. */
export const RUN_PHASES = ['prepare', 'load', 'aggregate', 'check', 'publish', 'done'] as const
export type RunPhase = (typeof RUN_PHASES)[number]
