import { lineTotals } from '../../facts/line-totals.ts'
import { add, negate, type Whole } from '../../lib/exact.ts'
import type { TotalPriceMeaning } from '../../rules/prices.ts'
import { amount, type Finding, type FindingSources, plural } from '../finding.ts'

/** What the counts say of total_price; a fact only where every order agrees. */
function meaning(notGross: number, notPaid: number): string {
  if (notPaid === 0) return 'total_price is lines − discount + shipping in every order of this shop'
  if (notGross === 0) return 'total_price is the lines alone in every order of this shop'
  return 'the rule with few differences is what total_price means in this shop: look into the orders that differ from it'
}

/** Orders whose line items do not add up to total_price, so that it shows what total_price means here. */
export function orderArithmetic({ tables, rules }: FindingSources): Finding[] {
  const { order_table: orders, order_line_item_table: lines } = tables
  const grossOf = lineTotals(lines)
  let compared = 0
  let notGross = 0
  let notPaid = 0
  let neither = 0
  const apart = { orders: 0, net: 0 as Whole, absolute: 0 as Whole }
  for (let row = 0; row < orders.rowCount; row++) {
    const lineTotal = grossOf(orders.order_id.codes[row]!)
    if (lineTotal === undefined) continue
    compared++
    const total = orders.total_price[row]!
    const paid = add(lineTotal, (orders.shipping_price[row]! || 0) - (orders.discount[row]! || 0))
    const isGross = lineTotal === total
    const isPaid = paid === total
    if (!isGross) notGross++
    if (!isPaid) notPaid++
    if (!isGross && !isPaid) neither++
    if (rules.totalPrice === undefined) continue
    const difference = add(total, negate(rules.totalPrice === 'paid' ? paid : lineTotal))
    if (difference === 0) continue
    apart.orders++
    apart.net = add(apart.net, difference)
    apart.absolute = add(apart.absolute, difference < 0 ? negate(difference) : difference)
  }
  if (rules.totalPrice !== undefined) return declaredMeaning(rules.totalPrice, compared, apart)
  if (notGross === 0 && notPaid === 0) return []
  return [
    {
      code: 'order_arithmetic',
      severity: notGross === 0 || notPaid === 0 ? 'information' : 'warning',
      message: `of ${plural(compared, 'order')} with line items, total_price differs from the lines in ${notGross.toLocaleString('en-US')}, from lines − discount + shipping in ${notPaid.toLocaleString('en-US')}, from both in ${neither.toLocaleString('en-US')}`,
      advice: `${meaning(notGross, notPaid)}; revenue is always the sum of total_price`,
      details: {
        orders_with_lines: compared,
        differ_from_gross: notGross,
        differ_from_gross_less_discount_plus_shipping: notPaid,
        differ_from_both: neither,
      },
    },
  ]
}

/** Orders that differ from what the shop says total_price includes; by the discount as it was recorded. */
function declaredMeaning(
  meaning: TotalPriceMeaning,
  compared: number,
  { orders, net, absolute }: { orders: number; net: Whole; absolute: Whole },
): Finding[] {
  if (orders === 0) return []
  const what = meaning === 'paid' ? 'lines − discount + shipping' : 'the lines'
  return [
    {
      code: 'order_totals_differ',
      severity: 'warning',
      message: `of ${plural(compared, 'order')} with line items, ${orders.toLocaleString('en-US')} have a total_price other than ${what}: ${amount(net)} together, without signs ${amount(absolute)}`,
      advice: `revenue is always the sum of total_price; look into those orders, or mend totalPrice in the settings file, which says ${meaning}`,
      details: {
        orders_with_lines: compared,
        orders_differing: orders,
        difference: amount(net),
        difference_without_signs: amount(absolute),
      },
    },
  ]
}
