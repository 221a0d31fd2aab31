import { orderRows } from '../../facts/orders.ts'
import { add, type Whole } from '../../lib/numbers/exact.ts'
import { grouped, plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding } from '../finding.ts'

/** Rows of order_table that give money back, so that it shows that they are counted as refunds. */
export const refunds = defineFinding({
  needs: { order_table: ['order_id', 'total_price'] },
  find({ order_table: { order_id, total_price } }, { rules }) {
    const isOrder = orderRows(total_price, rules)
    const isKnown = new Uint8Array(order_id.dictionary.size)
    let rows = 0
    let sum: Whole = 0
    for (let row = 0; row < isOrder.length; row++) {
      if (isOrder[row] === 1) isKnown[order_id.codes[row]!] = 1
      else {
        rows++
        sum = add(sum, total_price[row]!)
      }
    }
    if (rows === 0) return []
    let withoutOrder = 0
    for (let row = 0; row < isOrder.length; row++)
      if (isOrder[row] === 0 && isKnown[order_id.codes[row]!] === 0) withoutOrder++
    return [
      {
        code: 'refunds',
        severity: 'information',
        message: `${plural(rows, 'row')} of order_table with total_price below 0, together ${amount(sum)}, count as refunds; ${grouped(withoutOrder)} of them ${withoutOrder === 1 ? 'names' : 'name'} no known order`,
        advice:
          'their money is in every sum, but they are no orders; to count them as orders, set in the settings file negativeOrders: order',
        details: { refunds: rows, amount: amount(sum), without_known_order: withoutOrder },
      },
    ]
  },
})
