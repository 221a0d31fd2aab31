import { ExactVector } from '../collections/exact-vector.ts'
import { lineAmount, type Whole } from '../lib/numbers/exact.ts'
import type { LineAmounts } from './orders.ts'

/**
 * Σ price × quantity of an order's line items, by the code of its order_id; undefined without lines.
 *
 * @param isOfOrder the lines that count, as orderLineRows gives them
 */
export function grossByOrder(
  { order_id, product_price, product_qty }: LineAmounts,
  isOfOrder: Uint8Array,
): (order: number) => Whole | undefined {
  const gross = new ExactVector(order_id.dictionary.size)
  const hasLines = new Uint8Array(order_id.dictionary.size)
  for (let row = 0; row < order_id.codes.length; row++) {
    if (isOfOrder[row] === 0) continue
    const order = order_id.codes[row]!
    hasLines[order] = 1
    gross.add(order, lineAmount(product_price[row]!, product_qty[row]!))
  }
  return (order) => (hasLines[order] === 1 ? gross.get(order)! : undefined)
}
