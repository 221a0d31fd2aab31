import { grouped, plural } from '../../lib/texts/grouped.ts'
import { defineFinding } from '../finding.ts'

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
