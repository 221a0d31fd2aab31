import type { Extensions } from '../custom/extensions.ts'
import type { LoadProgress } from '../parsers/load-progress.ts'
import type { Rules } from '../rules/rules.ts'
import type { SettingsFile } from './read-settings.ts'

/** Everything one run depends on; complete and typed (the command line's options made so at the edge). */
export interface RunOptions {
  readonly command: 'process' | 'check'
  /**
   * plain: the raw files are all there is. full: the same, and a history is kept for incremental runs.
   * incremental: the raw files are a slice of days, added to the history. plain if left out.
   */
  readonly mode?: 'plain' | 'full' | 'incremental'
  /** Of an incremental run: add rows to dates that are there already, instead of replacing these. */
  readonly mergeDays?: boolean
  /** Take rows or dates away that were aggregated before; refused otherwise. */
  readonly allowShrink?: boolean
  /** Join the files of the history when there are more than these; 400 if left out. */
  readonly mostHistoryFiles?: number
  /** Folders; check does not touch `outputFolder`. */
  readonly inputFolder: string
  readonly outputFolder: string
  readonly logFolder: string
  /** The settings file that the options come from, if there was one; for the records. */
  readonly settingsFile?: SettingsFile | undefined
  readonly rules: Rules
  /** Columns and tables of the shop's own; none if left out. */
  readonly extensions?: Extensions
  /** The key that ids are hashed with, if `rules.privacy` says that some are. */
  readonly hashKey?: Uint8Array
  /** First and last day that count, inclusive, as days since 1970-01-01. */
  readonly since: number | undefined
  readonly until: number | undefined
  /** The as-of day; undefined to take it from the data. */
  readonly asOf: number | undefined
  /** Replace a published set that covers more days than `since` and `until` leave; refused otherwise. */
  readonly force?: boolean
  readonly allowMissing: boolean
  /** Findings fail the run. */
  readonly strict: boolean
  readonly escapeFormulas: boolean
  readonly bom: boolean
  /** Show cells of rejected rows in messages and logs; without it only their shape is shown. */
  readonly showValues: boolean
  /** How many runs the log folder keeps. */
  readonly keepRuns: number
  /** How many threads may be used; undefined leaves it to the machine and the tables' size. */
  readonly threads?: number | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: LoadProgress) => void
  /** Told of each phase of the run as it begins. */
  readonly onPhase: (phase: RunPhase) => void
}

/** The phases of a run, in order. */
export const RUN_PHASES = ['prepare', 'load', 'aggregate', 'check', 'publish', 'done'] as const
export type RunPhase = (typeof RUN_PHASES)[number]
