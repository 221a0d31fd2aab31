import type { Collections } from '../../collections/vectors.ts'
import { grouped, plural } from '../../lib/texts/grouped.ts'
import { dayOf, formatDay } from '../../lib/times/wall-clock.ts'
import type { Finding, FindingSources, findingNeeds, SessionCalendar } from '../finding.ts'

/** The calendar of accepted rows (SPEC: daily_business_metrics). */
export function sessionCalendar(tables: Collections<typeof findingNeeds>): SessionCalendar | undefined {
  const daysWithSessions = new Set<number>()
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { time } of [tables.session_table, tables.order_table, tables.order_line_item_table]) {
    for (let row = 0; row < time.length; row++) {
      const day = dayOf(time[row]!)
      if (time === tables.session_table.time) daysWithSessions.add(day)
      if (day < first) first = day
      if (day > last) last = day
    }
  }
  return first > last ? undefined : { first, last, daysWithSessions }
}

/** Days of the daily calendar on which no session started. */
export function daysWithoutSessions({ calendar }: FindingSources): Finding[] {
  if (calendar === undefined) return []
  const { first, last, daysWithSessions } = calendar
  const days = last - first + 1
  const without = days - daysWithSessions.size
  if (without === 0) return []
  let example = first
  while (daysWithSessions.has(example)) example++
  return [
    {
      code: 'days_without_sessions',
      severity: 'warning',
      message: `${plural(without, 'day')} of the ${grouped(days)} from ${formatDay(first)} to ${formatDay(last)} have no session, the first ${formatDay(example)}`,
      advice:
        'they stand in daily_business_metrics.csv with zero sessions; check whether an export has a hole or one date is far off',
      details: {
        days: without,
        first_day: formatDay(first),
        last_day: formatDay(last),
        example: formatDay(example),
      },
    },
  ]
}
