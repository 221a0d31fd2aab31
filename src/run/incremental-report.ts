import type { IncrementalRun } from '../engines/incremental/compute.ts'
import type { Reason } from '../engines/incremental/dates.ts'
import { plural } from '../lib/grouped.ts'
import { formatDay } from '../lib/wall-clock.ts'
import type { RunState } from './run-state.ts'
import { lostLines } from './slice-checks.ts'

/** Dates that a note names; the run record names all. */
const MOST_DATES = 12

const REASONS: Readonly<Record<Reason, string>> = {
  slice: 'their rows are in the slice',
  session: 'sessions that have rows on dates of the slice, too',
  order: 'orders that have rows on dates of the slice, too',
  user: 'an earlier session or order of the same user is in the slice',
  undated: 'the row of a user who ordered then has changed',
  repeated_key: 'a key of theirs stands on an earlier date, too, or no longer does',
  filter: 'they belong to a session or order that is filtered, or no longer is',
  calendar: 'they came into the calendar',
  everything: "tables of the shop's own are computed from all rows",
}

/** What an incremental run changed, gathered while it goes on, and told at its end. */
export class UpdateReport {
  readonly #run: IncrementalRun
  readonly #updated = new Map<number, { tables: string[]; reason: Reason }>()

  constructor(run: IncrementalRun) {
    this.#run = run
  }

  /** Rows that are taken away because the run was allowed to. */
  tellLost(state: RunState): void {
    const lines = lostLines(this.#run.plan.comparison.lost)
    if (lines.length > 0)
      state.notice(`--allow-shrink: rows aggregated before are gone: ${short(lines, '; ')}`)
  }

  took(table: string, changed: readonly number[], reasons: ReadonlyMap<number, Reason>): void {
    const { days } = this.#run.plan.comparison
    for (const day of changed) {
      if (days.has(day)) continue
      const known = this.#updated.get(day)
      if (known === undefined)
        this.#updated.set(day, { tables: [table], reason: reasons.get(day) ?? 'calendar' })
      else known.tables.push(table)
    }
  }

  /** Writes it into the record. @param isAdded whether there was a history to add to */
  tell(state: RunState, keptDates: number, historyBytes: number, isAdded: boolean): void {
    const { comparison, options } = this.#run.plan
    const slice = [...comparison.days].sort((a, b) => a - b)
    const changed = isAdded ? slice.filter((day) => comparison.touched.days.has(day)) : slice
    const updated = [...this.#updated].sort(([a], [b]) => a - b)
    state.record.incremental = {
      slice_dates: slice.map(formatDay),
      changed_dates: changed.map(formatDay),
      updated: updated.map(([day, { tables, reason }]) => ({
        date: formatDay(day),
        tables,
        reason: REASONS[reason],
      })),
      kept_dates: keptDates,
      history_bytes: historyBytes,
    }
    if (!isAdded) return
    const how = options.mergeDays ? 'merged into what was there' : 'in the place of what was there'
    state.notice(
      changed.length === 0
        ? `the slice (${range(slice)}) holds nothing that was not there already`
        : `${plural(slice.length, 'date')} in the slice (${range(slice)}), ${changed.length} of them new or changed, ${how}; the history holds ${plural(keptDates, 'date')}`,
    )
    for (const [reason, days] of byReason(updated))
      state.notice(
        `rows of ${plural(days.length, 'date')} outside of the slice changed, since ${REASONS[reason]}: ${short(days.map(formatDay), ', ')}`,
      )
  }
}

function byReason(updated: readonly (readonly [number, { reason: Reason }])[]): Map<Reason, number[]> {
  const groups = new Map<Reason, number[]>()
  for (const [day, { reason }] of updated) groups.set(reason, [...(groups.get(reason) ?? []), day])
  return groups
}

function range(days: readonly number[]): string {
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return 'no date'
  return first === last ? formatDay(first) : `${formatDay(first)} to ${formatDay(last)}`
}

function short(texts: readonly string[], separator: string): string {
  const shown = texts.slice(0, MOST_DATES).join(separator)
  return texts.length > MOST_DATES ? `${shown}${separator}and ${texts.length - MOST_DATES} more` : shown
}
