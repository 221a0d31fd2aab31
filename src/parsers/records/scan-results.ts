import type { PersonalDataCount } from './personal-data.ts'
import type { UnreadColumn } from './unread-columns.ts'

/** Cells of a column by which of the declared layouts fit them that differ in the order of day and month. */
export interface DayOrMonth {
  readonly column: string
  readonly dayFirst: number
  readonly monthFirst: number
  readonly both: number
}

/** What was found in a file beside its rows. */
export interface ScanResults {
  readonly personalData: readonly PersonalDataCount[]
  /** Only those whose names say that they may matter. */
  readonly unreadColumns: readonly UnreadColumn[]
  /** Only where two layouts are declared that differ in the order of day and month. */
  readonly dayOrMonth: readonly DayOrMonth[]
}

export const NOTHING_FOUND: ScanResults = { personalData: [], unreadColumns: [], dayOrMonth: [] }
