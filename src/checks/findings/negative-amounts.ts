import { plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding } from '../finding.ts'

/** Negative money among the accepted rows other than refunds: a sign turned round, or a discount written as such. */
export const negativeAmounts = defineFinding({
  needs: {},
  find(_, { accounting }) {
    const details: Record<string, string> = {}
    let rows = 0
    for (const [table, { negatives }] of accounting) {
      for (const [column, { count, sum }] of negatives) {
        details[`${table}.${column}`] = `${plural(count, 'row')}, together ${amount(sum)}`
        rows += count
      }
    }
    if (rows === 0) return []
    return [
      {
        code: 'negative_amounts',
        severity: 'warning',
        message: `${plural(rows, 'amount')} below zero: ${Object.entries(details)
          .map(([column, what]) => `${column} ${what}`)
          .join('; ')}`,
        advice: 'they are counted as they stand; check that no export turns signs round',
        details,
      },
    ]
  },
})
