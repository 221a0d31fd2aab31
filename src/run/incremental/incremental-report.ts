import type { NextHistory } from '../../history/next-history.ts'
import type { LostRows } from '../../history/slices/lost-rows.ts'
import { add, formatMoney, subtract, type Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'
import type { LoadedTable } from '../../parsers/loaded-table.ts'
import { lostLines } from '../judge/slice-checks.ts'
import type { RunState } from '../logs/run-state.ts'
import type { SetChanges } from './set-changes.ts'

/** Dates that a note names; the run record names all. */
const MOST_DATES = 12

/** Rows that are taken away because the run was allowed to. */
export function tellLost(lost: readonly LostRows[], state: RunState): void {
  if (lost.length === 0) return
  state.notice(`--allow-shrink: rows that counted before are gone: ${short(lostLines(lost), '; ')}`)
}

/** What a run has come to, as far as it is told. */
export interface Update {
  readonly next: NextHistory
  /** All kept rows, judged. */
  readonly loaded: readonly LoadedTable[]
  readonly historyBytes: number
  /** How long it took to read and judge all kept rows. */
  readonly historySeconds: number
  /** Undefined if there was no set before. */
  readonly changes: SetChanges | undefined
  readonly mergeDays: boolean
}

/** Writes into the record what a run changed, and tells it. */
export function tellUpdate(
  { next, loaded, historyBytes, historySeconds, changes, mergeDays }: Update,
  state: RunState,
): void {
  const slice = next.sliceDays.map(formatDay)
  const changed = changes === undefined ? slice : next.changedDays.map(formatDay)
  const others = [...(changes?.dates ?? [])].filter(([date]) => !slice.includes(date))
  const revenue = changes?.revenue ?? []
  state.record.incremental = {
    slice_dates: slice,
    changed_dates: changed,
    updated: others.map(([date, tables]) => ({ date, tables: [...tables] })),
    tables: [...(changes?.tables ?? [])],
    revenue: revenue.map(({ date, before, now }) => ({
      date,
      before: formatMoney(before),
      now: formatMoney(now),
    })),
    kept_rows: loaded.map(({ table, accounting }) => ({ table: table.name, accounting: accounting.counts })),
    kept_dates: next.days.length,
    history_bytes: historyBytes,
    history_seconds: Math.round(historySeconds * 1000) / 1000,
  }
  if (changes === undefined) return
  state.notice(sliceText(slice, next, mergeDays))
  if (others.length > 0)
    state.notice(
      `rows of ${plural(others.length, 'date')} outside of the slice changed: ${short(
        others.map(([date]) => date),
        ', ',
      )} (${tablesOf(others)})`,
    )
  if (revenue.length > 0)
    state.notice(
      `revenue of ${plural(revenue.length, 'date')} changed: ${short(
        revenue.map(({ date, before, now }) => `${date} ${formatMoney(before)} -> ${formatMoney(now)}`),
        ', ',
      )}; ${signed(revenue.reduce<Whole>((sum, { before, now }) => add(sum, subtract(now, before)), 0))} in all`,
    )
}

function sliceText(
  slice: readonly string[],
  { changedDays, isChanged, days }: NextHistory,
  mergeDays: boolean,
): string {
  if (!isChanged) return `the slice (${range(slice)}) holds nothing that was not there already`
  if (changedDays.length === 0)
    return `rows without dates changed, but no date of the slice (${range(slice)})`
  const how = mergeDays ? 'merged into what was there' : 'in the place of what was there'
  return `${plural(slice.length, 'date')} in the slice (${range(slice)}), ${changedDays.length} of them new or changed, ${how}; the history holds ${plural(days.length, 'date')}`
}

function tablesOf(dates: readonly (readonly [string, readonly string[]])[]): string {
  return [...new Set(dates.flatMap(([, tables]) => tables))].join(', ')
}

function signed(amount: Whole): string {
  return amount > 0 ? `+${formatMoney(amount)}` : formatMoney(amount)
}

/** @example '2025-03-01 to 2025-03-04' */
function range(dates: readonly string[]): string {
  const [first, last] = [dates[0], dates.at(-1)]
  if (first === undefined || last === undefined) return 'no date'
  return first === last ? first : `${first} to ${last}`
}

function short(texts: readonly string[], separator: string): string {
  const shown = texts.slice(0, MOST_DATES).join(separator)
  return texts.length > MOST_DATES ? `${shown}${separator}and ${texts.length - MOST_DATES} more` : shown
}
