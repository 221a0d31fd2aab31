import { grouped, plural } from '../../lib/texts/grouped.ts'
import type { Accounting } from '../../parsers/accounting/accounting.ts'
import { frequentReasons, reasonText } from '../advice/reason-text.ts'
import { remedies } from '../advice/remedies.ts'
import { amount, defineFinding, share } from '../finding.ts'

/** Rows of the files that were read which are in no table, with the money that can be read in them. */
export const rejectedRows = defineFinding({
  needs: {},
  find(_, { inputs, rules }) {
    const bad = [...inputs.values()].filter(({ accounting }) => leftOut(accounting) > 0)
    if (bad.length === 0) return []
    const rows = bad.reduce((sum, { accounting }) => sum + leftOut(accounting), 0)
    const tables = bad.map(({ definition: { name }, accounting }) => [name, lossText(accounting)] as const)
    const [worst] = [...bad].sort((a, b) => b.accounting.lossRate - a.accounting.lossRate) as [
      (typeof bad)[0],
    ]
    const reasons = frequentReasons(worst.accounting)
    const advice = remedies(reasons, worst.accounting.reasons, worst.definition, rules)
    return [
      {
        code: 'rejected_rows',
        severity: 'warning',
        message: `${rows === 1 ? '1 row is' : `${grouped(rows)} rows are`} rejected or conflicting, so that no table has them: ${tables
          .map(([name, text]) => `${name} ${text}`)
          .join('; ')}; most often in ${worst.definition.name} ${reasonText(reasons[0]!, false)}`,
        advice: `${worst.definition.name}: ${advice.join('; ')}`,
        details: { rows, ...Object.fromEntries(tables) },
      },
    ]
  },
})

function leftOut({ rejected, conflicting }: Accounting): number {
  return rejected + conflicting
}

/** @example '1 of 100 rows (1.00 %), 900.00 of 1,890.00 (47.62 %)' */
function lossText(accounting: Accounting): string {
  const { read, moneyRead, moneyRejected } = accounting
  const bad = leftOut(accounting)
  const rows = `${grouped(bad)} of ${plural(read, 'row')} (${share(bad, read)})`
  if (moneyRead === 0) return rows
  return `${rows}, ${amount(moneyRejected)} of ${amount(moneyRead)} (${share(moneyRejected, moneyRead)})`
}
