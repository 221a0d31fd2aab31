import { plural } from '../../lib/texts/grouped.ts'
import { defineFinding } from '../finding.ts'

/** Raw columns with what looks like e-mail addresses, phone numbers or card numbers; values are never shown. */
export const personalData = defineFinding({
  needs: {},
  find(_, { personalData: found }) {
    const places = [...found].flatMap(([table, counts]) =>
      counts.map(({ column, kind, rows }) => ({ place: `${table}.${column}`, kind, rows })),
    )
    if (places.length === 0) return []
    const list = places.map(({ place, kind, rows }) => `${place} (${kind} in ${plural(rows, 'row')})`)
    return [
      {
        code: 'personal_data',
        severity: 'warning',
        message: `what looks like personal data stands in the raw tables: ${list.join(', ')}`,
        advice:
          'stop the tracking from collecting it, or drop those columns in the export; ids can be hashed with privacy.hashIds, other columns are written as they are if a table shows them',
        details: Object.fromEntries(places.map(({ place, kind, rows }) => [`${place}: ${kind}`, rows])),
      },
    ]
  },
})
