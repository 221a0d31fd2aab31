import type { PersonalDataCount } from './personal-data.ts'
import type { UnreadColumn } from './unread-columns.ts'

/** Cells of a column by which of the declared layouts fit them that differ in the order of day and month. */
export interface DayOrMonth {
  readonly column: string
  readonly dayFirst: number
  readonly monthFirst: number
  readonly both: number
}

/** Cells of a column that a clock change of the table's own zone skips or repeats. */
export interface UnclearTimes {
  readonly column: string
  readonly cells: number
}

/** What was found in a file beside its rows. */
export interface ScanResults {
  readonly personalData: readonly PersonalDataCount[]
  /** Only those whose names say that they may matter. */
  readonly unreadColumns: readonly UnreadColumn[]
  /** Only where two layouts are declared that differ in the order of day and month. */
  readonly dayOrMonth: readonly DayOrMonth[]
  /** Only where the times of the table are not the shop's. */
  readonly unclearTimes: readonly UnclearTimes[]
}

export const NOTHING_FOUND: ScanResults = {
  personalData: [],
  unreadColumns: [],
  dayOrMonth: [],
  unclearTimes: [],
}
