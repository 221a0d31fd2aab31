import { countOwners } from '../../collections/groups/distinct.ts'
import { groupDays } from '../../collections/groups/group-days.ts'
import { type GroupedRows, groupRows, sortGroup } from '../../collections/groups/group-rows.ts'
import { PairIndex } from '../../collections/groups/pair-index.ts'
import { meanOfTenThousandths, meanSeconds, percentages } from '../../collections/ratios.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import type { Collections } from '../../collections/vectors.ts'
import type { AggregateContext, AggregateRows } from '../../tables/define.ts'
import type { columns } from './columns.ts'

export const needs = {
  pageview_table: ['user_id', 'session_id', 'time', 'path'],
  scroll_table: ['session_id', 'time', 'path', 'scroll_percent'],
  click_table: ['time', 'path'],
} as const

type Tables = Collections<typeof needs>

export function aggregate(tables: Tables, { rules }: AggregateContext): AggregateRows<typeof columns> {
  const { pageview_table: views, scroll_table: scrolls, click_table: clicks } = tables
  const { dictionary } = views.path
  const groups = new PairIndex(dictionary.size)
  const viewGroup = groupDays(groups, views.time, views.path.codes)
  const scrollGroup = groupDays(groups, scrolls.time, scrolls.path.codes)
  const clickGroup = groupDays(groups, clicks.time, clicks.path.codes)
  const rowCount = groups.size
  const pageviews = counts(viewGroup, rowCount)
  const bySession = groupRows(views.session_id.codes, views.session_id.dictionary.size)
  const byUser = groupRows(views.user_id.codes, views.user_id.dictionary.size)
  const journeys = journeyColumns(tables, bySession, viewGroup, rowCount, rules.timeOnPageCap * 1000)
  const { timeOnPage, timedViews, ...journeyCounts } = journeys
  return {
    rowCount,
    columns: {
      date: Int32Array.from({ length: rowCount }, (_, group) => groups.first(group)),
      path: { codes: Int32Array.from({ length: rowCount }, (_, group) => groups.second(group)), dictionary },
      pageviews,
      unique_users: countOwners(byUser, viewGroup, rowCount),
      sessions_with_page: countOwners(bySession, viewGroup, rowCount),
      total_clicks: counts(clickGroup, rowCount),
      ...scrollColumns(tables, scrollGroup, rowCount),
      ...journeyCounts,
      bounce_rate: percentages(
        rowCount,
        (row) => journeys.bounces[row]!,
        (row) => journeys.entrances[row]!,
      ),
      exit_rate: percentages(
        rowCount,
        (row) => journeys.exits[row]!,
        (row) => pageviews[row]!,
      ),
      avg_time_on_page_seconds: meanSeconds(
        rowCount,
        (row) => timeOnPage[row]!,
        (row) => timedViews[row]!,
      ),
    },
  }
}

function counts(groupOfRow: Int32Array, groups: number): Float64Array {
  const result = new Float64Array(groups)
  for (let row = 0; row < groupOfRow.length; row++) result[groupOfRow[row]!]!++
  return result
}

/** Entrances, exits, bounces and time on page, from each session's pageviews by (time, path). */
function journeyColumns(
  { pageview_table: views }: Tables,
  grouped: GroupedRows,
  viewGroup: Int32Array,
  rowCount: number,
  capMs: number,
) {
  const entrances = new Float64Array(rowCount)
  const exits = new Float64Array(rowCount)
  const bounces = new Float64Array(rowCount)
  const timeOnPage = new Float64Array(rowCount)
  const timedViews = new Float64Array(rowCount)
  const { time } = views
  const paths = views.path.codes
  const ranks = views.path.dictionary.ranks()
  const { offsets, rows } = grouped
  for (let session = 0; session + 1 < offsets.length; session++) {
    const from = offsets[session]!
    const to = offsets[session + 1]!
    if (from === to) continue
    sortGroup(grouped, session, (a, b) => time[a]! - time[b]! || ranks[paths[a]!]! - ranks[paths[b]!]!)
    entrances[viewGroup[rows[from]!]!]!++
    exits[viewGroup[rows[to - 1]!]!]!++
    if (to - from === 1) bounces[viewGroup[rows[from]!]!]!++
    for (let i = from; i + 1 < to; i++) {
      const group = viewGroup[rows[i]!]!
      timedViews[group]!++
      timeOnPage[group]! += Math.min(capMs, time[rows[i + 1]!]! - time[rows[i]!]!)
    }
  }
  return { entrances, exits, bounces, timeOnPage, timedViews }
}

function scrollColumns({ scroll_table: scrolls }: Tables, scrollGroup: Int32Array, rowCount: number) {
  const { session_id, scroll_percent } = scrolls
  const sum = new Float64Array(rowCount)
  const events = new Float64Array(rowCount)
  for (let row = 0; row < scrolls.rowCount; row++) {
    sum[scrollGroup[row]!]! += scroll_percent[row]!
    events[scrollGroup[row]!]!++
  }
  const deepestSum = new Float64Array(rowCount)
  const sessions = new Float64Array(rowCount)
  // Of each group: the session that was there last, and how deep it scrolled so far.
  const lastSession = new Int32Array(rowCount).fill(NO_CODE)
  const deepest = new Int32Array(rowCount)
  const { offsets, rows } = groupRows(session_id.codes, session_id.dictionary.size)
  for (let session = 0; session + 1 < offsets.length; session++) {
    const to = offsets[session + 1]!
    for (let i = offsets[session]!; i < to; i++) {
      const group = scrollGroup[rows[i]!]!
      const percent = scroll_percent[rows[i]!]!
      if (lastSession[group] !== session) {
        lastSession[group] = session
        sessions[group]!++
        deepest[group] = 0
      }
      if (percent <= deepest[group]!) continue
      deepestSum[group]! += percent - deepest[group]!
      deepest[group] = percent
    }
  }
  return {
    avg_scroll_depth: meanOfTenThousandths(
      rowCount,
      (row) => sum[row]!,
      (row) => events[row]!,
    ),
    avg_max_scroll_depth: meanOfTenThousandths(
      rowCount,
      (row) => deepestSum[row]!,
      (row) => sessions[row]!,
    ),
  }
}
