import { plural } from '../../lib/texts/grouped.ts'
import { describeRules } from '../../rules/text-rule.ts'
import { defineFinding, type Finding, type FlagTable, share } from '../finding.ts'

/** The table whose flags say how far sessions got. */
const FUNNEL = 'session_funnel'

/** Sessions whose cart adds or orders come before what must precede them. */
export const outOfOrderSessions = defineFinding({
  needs: {},
  flagsOf: [FUNNEL],
  find(_, { flags }) {
    const funnel = flags.get(FUNNEL)!
    const sessions = countFlag(funnel, 'out_of_order')
    if (sessions === 0) return []
    return [
      {
        code: 'out_of_order_sessions',
        severity: 'warning',
        message: `${plural(sessions, 'session')} (${share(sessions, funnel.rowCount)}) have a cart add or order before the session start, or an order before the first cart add`,
        advice:
          'times to cart and order are left empty there; check the clocks and time zones of the sources',
        details: { sessions },
      },
    ]
  },
})

/** A path rule that fits no page, although sessions got further. */
export const pathRules = defineFinding({
  needs: {},
  flagsOf: [FUNNEL],
  find(_, { flags, rules }) {
    const funnel = flags.get(FUNNEL)!
    const { checkoutView, steps } = rules.funnel
    const findings: Finding[] = []
    const later = ['had_add_to_cart', 'had_checkout_view', 'had_order'].map((column) =>
      countFlag(funnel, column),
    )
    if (countFlag(funnel, 'had_product_view') === 0 && later.some((sessions) => sessions > 0)) {
      const [carts, checkouts, orders] = later as [number, number, number]
      findings.push({
        code: 'product_view_rule_fits_nothing',
        severity: 'warning',
        message: `no pageview fits the product-view rule (path ${describeRules(rules.funnel.productView, 'contains')}), yet ${plural(carts, 'session')} added to a cart and ${plural(orders, 'session')} ordered`,
        advice:
          "product views are reported as 0: look at the paths in page_engagement_metrics.csv and say what this shop's product pages have in common with --product-view (setting funnel.productView)",
        details: {
          sessions_with_cart: carts,
          sessions_with_checkout_view: checkouts,
          sessions_with_order: orders,
        },
      })
    }
    if (checkoutView !== undefined && funnel.rowCount > 0 && countFlag(funnel, 'had_checkout_view') === 0) {
      findings.push({
        code: 'checkout_view_rule_fits_nothing',
        severity: 'warning',
        message: `no pageview fits the checkout rule (path ${describeRules(checkoutView, 'contains')})`,
        advice:
          'look at the paths in page_engagement_metrics.csv and mend --checkout-view (setting funnel.checkoutView)',
        details: { sessions: funnel.rowCount },
      })
    }
    for (const [name, paths] of Object.entries(steps)) {
      if (funnel.rowCount === 0 || countFlag(funnel, `had_${name}`) > 0) continue
      findings.push({
        code: 'funnel_step_fits_nothing',
        severity: 'warning',
        message: `no pageview fits the funnel step ${name} (path ${describeRules(paths, 'contains')})`,
        advice: `look at the paths in page_engagement_metrics.csv and mend funnel.steps.${name} in the settings file`,
        details: { step: name, sessions: funnel.rowCount },
      })
    }
    return findings
  },
})

function countFlag({ flags }: FlagTable, column: string): number {
  let count = 0
  for (const value of flags[column]!) if (value === 1) count++
  return count
}
