import type { PersonalDataCount } from './personal-data.ts'
import { mergeUnread, type UnreadColumn } from './unread-columns.ts'

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

/** What was found in several files of one table, by column. */
export function mergeScans(results: readonly ScanResults[]): ScanResults {
  const [only] = results
  if (only !== undefined && results.length === 1) return only
  return {
    personalData: merged(
      results.flatMap(({ personalData }) => personalData),
      (one, other) => ({ ...one, rows: one.rows + other.rows }),
    ),
    unreadColumns: merged(
      results.flatMap(({ unreadColumns }) => unreadColumns),
      mergeUnread,
    ),
    dayOrMonth: merged(
      results.flatMap(({ dayOrMonth }) => dayOrMonth),
      (one, other) => ({
        column: one.column,
        dayFirst: one.dayFirst + other.dayFirst,
        monthFirst: one.monthFirst + other.monthFirst,
        both: one.both + other.both,
      }),
    ),
    unclearTimes: merged(
      results.flatMap(({ unclearTimes }) => unclearTimes),
      (one, other) => ({ ...one, cells: one.cells + other.cells }),
    ),
  }
}

function merged<T extends { readonly column: string; readonly kind?: string }>(
  all: readonly T[],
  merge: (one: T, other: T) => T,
): T[] {
  const found = new Map<string, T>()
  for (const one of all) {
    const key = `${one.kind ?? ''} ${one.column}`
    const known = found.get(key)
    found.set(key, known === undefined ? one : merge(known, one))
  }
  return [...found.values()]
}
