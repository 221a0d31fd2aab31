import { grossByOrder } from '../../facts/order-lines.ts'
import { orderLineRows, orderRows } from '../../facts/orders.ts'
import { add } from '../../lib/numbers/exact.ts'
import { grouped, plural } from '../../lib/texts/grouped.ts'
import { defineFinding } from '../finding.ts'

/** What the counts say of total_price; a fact only where every order agrees. */
function meaning(compared: number, notGross: number, notPaid: number, neither: number): string {
  if (notPaid === 0) return 'total_price is lines − discount + shipping in every order of this shop'
  if (notGross === 0) return 'total_price is the lines alone in every order of this shop'
  if (2 * neither > compared)
    return 'neither rule fits most orders, so total_price may hold something else, such as tax: look into some of them'
  return 'the rule with few differences is what total_price means in this shop: look into the orders that differ from it'
}

/**
 * Orders whose line items do not add up to total_price, so that it shows what total_price means here; not
 * asked where the shop has said it.
 */
export const orderArithmetic = defineFinding({
  needs: {
    order_table: ['order_id', 'total_price', 'shipping_price', 'discount'],
    order_line_item_table: ['order_id', 'product_price', 'product_qty'],
  },
  find({ order_table: orders, order_line_item_table: lines }, { rules }) {
    if (rules.totalPrice !== undefined) return []
    const isOrder = orderRows(orders.total_price, rules)
    const grossOf = grossByOrder(lines, orderLineRows(lines, orders, rules))
    let compared = 0
    let notGross = 0
    let notPaid = 0
    let neither = 0
    for (let row = 0; row < orders.rowCount; row++) {
      if (isOrder[row] === 0) continue
      const lineTotal = grossOf(orders.order_id.codes[row]!)
      if (lineTotal === undefined) continue
      compared++
      const total = orders.total_price[row]!
      const isGross = lineTotal === total
      const isPaid =
        add(lineTotal, (orders.shipping_price[row]! || 0) - (orders.discount[row]! || 0)) === total
      if (!isGross) notGross++
      if (!isPaid) notPaid++
      if (!isGross && !isPaid) neither++
    }
    if (notGross === 0 && notPaid === 0) return []
    return [
      {
        code: 'order_arithmetic',
        severity: notGross === 0 || notPaid === 0 ? 'information' : 'warning',
        message: `of ${plural(compared, 'order')} with line items, total_price differs from the lines in ${grouped(notGross)}, from lines − discount + shipping in ${grouped(notPaid)}, from both in ${grouped(neither)}`,
        advice: `${meaning(compared, notGross, notPaid, neither)}; revenue is always the sum of total_price`,
        details: {
          orders_with_lines: compared,
          differ_from_gross: notGross,
          differ_from_gross_less_discount_plus_shipping: notPaid,
          differ_from_both: neither,
        },
      },
    ]
  },
})
