import type { LostRows } from '../../history/slices/lost-rows.ts'
import { KnownError } from '../../lib/errors.ts'
import { formatMoney } from '../../lib/numbers/exact.ts'
import { grouped, plural } from '../../lib/texts/grouped.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'

/** Dates that a message names; the run's log names all. */
const MOST_DATES = 10

/** One line for each date and table. @example 'order_table 2025-03-05: 1 row worth 24.00 in the slice, 14 worth 1234.50 would be lost' */
export function lostLines(lost: readonly LostRows[]): string[] {
  return [...lost]
    .sort((a, b) => a.day - b.day)
    .map(({ table, day, inSlice, inSliceAmount, rejected, lost: rows, lostAmount }) => {
      const worth = (amount: LostRows['lostAmount']) =>
        amount === undefined ? '' : ` worth ${formatMoney(amount)}`
      const refused = rejected === 0 ? '' : `, ${grouped(rejected)} rejected`
      const has = `${plural(inSlice, 'row')}${worth(inSliceAmount)} in the slice${refused}`
      return `${formatDay(day)} ${table}: ${has}, ${grouped(rows)} more${worth(lostAmount)} counted before and not in it`
    })
}

/**
 * Refuses a slice that lacks rows which counted before of its dates: they would be gone from all tables.
 * Either they came late, and belong beside those that are there, or the source delivered too little.
 *
 * @throws KnownError slice_loses_rows (data)
 */
export function checkLostRows(lost: readonly LostRows[], outputFolder: string): void {
  if (lost.length === 0) return
  const lines = lostLines(lost)
  const more = lines.length > MOST_DATES ? `; and ${lines.length - MOST_DATES} more` : ''
  const dates = new Set(lost.map(({ day }) => day)).size
  const message = `the slice lacks rows that counted before of ${dates === 1 ? '1 date' : `${dates} dates`}: ${lines.slice(0, MOST_DATES).join('; ')}${more}`
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
 * @param dates those of the raw files
 * @param before those of the published set
 * @throws KnownError full_loses_dates (data)
 */
export function checkLostDates(
  dates: readonly string[],
  before: readonly string[],
  outputFolder: string,
): void {
  const lost = before.filter((date) => !dates.includes(date))
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
