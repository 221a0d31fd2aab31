import { grouped, plural } from '../../lib/texts/grouped.ts'
import { conflictAdvice } from '../advice/remedies.ts'
import { defineFinding, type ReadInput } from '../finding.ts'

/** Repeated keys whose rows differ: the first in file order stays, and nobody knows whether it is right. */
export const conflictingDuplicates = defineFinding({
  needs: {},
  find(_, { accounting }) {
    const details: Record<string, number> = {}
    let rows = 0
    for (const [table, { conflicting }] of accounting) {
      if (conflicting === 0) continue
      details[table] = conflicting
      rows += conflicting
    }
    if (rows === 0) return []
    return [
      {
        code: 'conflicting_duplicates',
        severity: 'warning',
        message: `${plural(rows, 'row')} repeat a key with other values: ${Object.entries(details)
          .map(([table, count]) => `${table} ${grouped(count)}`)
          .join(', ')}`,
        advice:
          "the first row in the file stays; the others are in the run's rejects file. Export each key once",
        details,
      },
    ]
  },
})

/** Dropped duplicates of events that are not the same row: often the items of one event, which share its id. */
export const eventDuplicatesDiffer = defineFinding({
  needs: {},
  find(_, { accounting, inputs, rules }) {
    const tables = [...accounting].filter(([, { differing }]) => differing > 0)
    if (tables.length === 0) return []
    const rows = tables.reduce((sum, [, { differing }]) => sum + differing, 0)
    const list = tables.map(
      ([table, { differing, duplicate }]) =>
        [table, `${grouped(differing)} of ${plural(duplicate, 'duplicate')}`] as const,
    )
    const advice = tables.map(([table]) => {
      const { definition } = inputs.get(table) as ReadInput
      return `${table}: ${conflictAdvice(definition, rules)}`
    })
    return [
      {
        code: 'event_duplicates_differ',
        severity: 'warning',
        message: `${plural(rows, 'row')} repeat the id of an event, and were dropped, but are not the same row: ${list
          .map((parts) => parts.join(' '))
          .join('; ')}`,
        advice: advice.join('. '),
        details: { rows, ...Object.fromEntries(list) },
      },
    ]
  },
})
