import type { LostRows } from '../engines/incremental/compare-slice.ts'
import type { Plan } from '../engines/incremental/plan.ts'
import { KnownError } from '../lib/errors.ts'
import { formatMoney } from '../lib/exact.ts'
import { grouped, plural } from '../lib/grouped.ts'
import { formatDay, parseDay } from '../lib/wall-clock.ts'
import type { RowsByDate } from './manifest.ts'

/** Dates that a message names; the run's log names all. */
const MOST_DATES = 10

/** One line for each date and table. @example 'order_table 2025-03-05: 1 row worth 24.00 in the slice, 14 worth 1234.50 would be lost' */
export function lostLines(lost: readonly LostRows[]): string[] {
  return [...lost]
    .sort((a, b) => a.day - b.day)
    .map(({ table, day, inSlice, inSliceAmount, lost: rows, lostAmount }) => {
      const worth = (amount: LostRows['lostAmount']) =>
        amount === undefined ? '' : ` worth ${formatMoney(amount)}`
      const has = `${plural(inSlice, 'row')}${worth(inSliceAmount)} in the slice`
      return `${formatDay(day)} ${table}: ${has}, ${grouped(rows)} more${worth(lostAmount)} aggregated before and not in it`
    })
}

/**
 * Refuses a slice that lacks rows which were aggregated before of its dates: they would be gone from all
 * tables. Either they came late, and belong beside those that are there, or the source delivered too little.
 *
 * @throws KnownError slice_loses_rows (data)
 */
export function checkLostRows(plan: Plan, outputFolder: string): void {
  if (plan.comparison.lost.length === 0) return
  const lines = lostLines(plan.comparison.lost)
  const more = lines.length > MOST_DATES ? `; and ${lines.length - MOST_DATES} more` : ''
  const dates = new Set(plan.comparison.lost.map(({ day }) => day)).size
  const message = `the slice lacks rows that were aggregated before of ${dates === 1 ? '1 date' : `${dates} dates`}: ${lines.slice(0, MOST_DATES).join('; ')}${more}`
  throw new KnownError('data', 'slice_loses_rows', message, {
    file: outputFolder,
    found: lines.slice(0, MOST_DATES).join('; '),
    allowed: 'all rows of each date that the slice holds',
    hint: 'if these rows came late, add them to their dates with --merge-days; if the others are really no more, replace the dates with --allow-shrink; otherwise export whole days',
  })
}

/**
 * Refuses to build a history anew from raw files that lack dates which it holds.
 *
 * @throws KnownError full_loses_dates (data)
 */
export function checkLostDates(plan: Plan, before: RowsByDate, outputFolder: string): void {
  const dates = new Set(Object.values(before).flatMap((rows) => Object.keys(rows)))
  const lost = [...dates].filter((date) => !plan.comparison.days.has(parseDay(date)!)).sort()
  if (lost.length === 0) return
  const shown =
    lost.length > MOST_DATES
      ? `${lost.slice(0, MOST_DATES).join(', ')} and ${lost.length - MOST_DATES} more`
      : lost.join(', ')
  const message = `the raw files lack ${lost.length === 1 ? 'a date' : `${lost.length} dates`} that the history in ${outputFolder} holds: ${shown}`
  throw new KnownError('data', 'full_loses_dates', message, {
    file: outputFolder,
    found: shown,
    allowed: 'raw files of all dates',
    hint: 'add these raw files to those of other dates with --incremental, put the missing ones beside them, or give the dates up with --allow-shrink',
  })
}
