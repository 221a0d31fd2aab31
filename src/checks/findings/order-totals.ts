import { grossByOrder } from '../../facts/order-lines.ts'
import { orderLineRows, orderRows } from '../../facts/orders.ts'
import { absolute, add, subtract, type Whole } from '../../lib/numbers/exact.ts'
import { grouped, plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding } from '../finding.ts'

const MEANINGS = { gross: 'the lines alone', paid: 'lines − discount + shipping' } as const

/**
 * Orders whose total_price is not what the shop says it includes. The discount that counts is the
 * recorded one, also where coupons corrected it: the shop computed total_price from that.
 */
export const orderTotalsDiffer = defineFinding({
  needs: {
    order_table: ['order_id', 'total_price', 'shipping_price', 'discount'],
    order_line_item_table: ['order_id', 'product_price', 'product_qty'],
  },
  find({ order_table: orders, order_line_item_table: lines }, { rules }) {
    const { totalPrice } = rules
    if (totalPrice === undefined) return []
    const isOrder = orderRows(orders.total_price, rules)
    const grossOf = grossByOrder(lines, orderLineRows(lines, orders, rules))
    let compared = 0
    let differing = 0
    let net: Whole = 0
    let size: Whole = 0
    for (let row = 0; row < orders.rowCount; row++) {
      if (isOrder[row] === 0) continue
      const gross = grossOf(orders.order_id.codes[row]!)
      if (gross === undefined) continue
      compared++
      const extras = (orders.shipping_price[row]! || 0) - (orders.discount[row]! || 0)
      const expected = totalPrice === 'gross' ? gross : add(gross, extras)
      const difference = subtract(orders.total_price[row]!, expected)
      if (difference === 0) continue
      differing++
      net = add(net, difference)
      size = add(size, absolute(difference))
    }
    if (differing === 0) return []
    return [
      {
        code: 'order_totals_differ',
        severity: 'warning',
        message: `of ${plural(compared, 'order')} with line items, total_price is not ${MEANINGS[totalPrice]} in ${grouped(differing)}: total_price less that is ${amount(net)} in all, ${amount(size)} without the signs`,
        advice: `look into these orders, or mend totalPrice (now ${totalPrice}) in the settings file; revenue is always the sum of total_price`,
        details: {
          orders_compared: compared,
          orders_differing: differing,
          difference: amount(net),
          absolute_difference: amount(size),
        },
      },
    ]
  },
})
