import { ExactVector } from '../collections/exact-vector.ts'
import type { TextVector } from '../collections/vectors.ts'
import { multiply, type Whole } from '../lib/numbers/exact.ts'

export interface OrderLines {
  readonly order_id: TextVector
  readonly product_price: Float64Array
  readonly product_qty: Int32Array
}

/** Σ price × quantity of an order's line items, by the code of its order_id; undefined without lines. */
export function grossByOrder({
  order_id,
  product_price,
  product_qty,
}: OrderLines): (order: number) => Whole | undefined {
  const gross = new ExactVector(order_id.dictionary.size)
  const hasLines = new Uint8Array(order_id.dictionary.size)
  for (let row = 0; row < order_id.codes.length; row++) {
    const order = order_id.codes[row]!
    hasLines[order] = 1
    gross.add(order, multiply(product_price[row]!, product_qty[row]!))
  }
  return (order) => (hasLines[order] === 1 ? gross.get(order)! : undefined)
}
