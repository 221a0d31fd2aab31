import { grouped, plural } from '../../lib/texts/grouped.ts'
import { dayOf, formatDay } from '../../lib/times/wall-clock.ts'
import { defineFinding, isMissing } from '../finding.ts'

/** Days of the daily calendar on which no session started. */
export const daysWithoutSessions = defineFinding({
  needs: { session_table: ['time'], order_table: ['time'], order_line_item_table: ['time'] },
  find(tables, { inputs }) {
    if (isMissing('session_table', tables.session_table.time.length, inputs)) return []
    const daysWithSessions = new Set<number>()
    let first = Number.POSITIVE_INFINITY
    let last = Number.NEGATIVE_INFINITY
    for (const { time } of Object.values(tables)) {
      for (let row = 0; row < time.length; row++) {
        const day = dayOf(time[row]!)
        if (time === tables.session_table.time) daysWithSessions.add(day)
        if (day < first) first = day
        if (day > last) last = day
      }
    }
    if (first > last) return []
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
  },
})
