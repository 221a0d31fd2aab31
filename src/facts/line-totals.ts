import { ExactVector } from '../collections/exact-vector.ts'
import type { TextVector } from '../collections/vectors.ts'
import { multiply, type Whole } from '../lib/exact.ts'

/**
 * Price × quantity of all line items of an order, in ten-thousandths, by the order's code; undefined for
 * orders without line items.
 */
export function lineTotals(lines: {
  readonly rowCount: number
  readonly order_id: TextVector
  readonly product_price: Float64Array
  readonly product_qty: Int32Array
}): (order: number) => Whole | undefined {
  const size = lines.order_id.dictionary.size
  const totals = new ExactVector(size)
  const hasLines = new Uint8Array(size)
  for (let row = 0; row < lines.rowCount; row++) {
    const order = lines.order_id.codes[row]!
    hasLines[order] = 1
    totals.add(order, multiply(lines.product_price[row]!, lines.product_qty[row]!))
  }
  return (order) => (hasLines[order] === 1 ? totals.get(order)! : undefined)
}
