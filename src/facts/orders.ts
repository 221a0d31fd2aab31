import type { TextVector } from '../collections/vectors.ts'
import { lineAmount } from '../lib/numbers/exact.ts'
import type { Rules } from '../rules/rules.ts'

/** What tells refunds from orders. */
type OrderRules = Pick<Rules, 'negativeOrders'>

/**
 * Which rows of order_table are orders, by row: 1, or 0 for a refund (SPEC section 1). A refund is a row with
 * total_price below 0, unless the shop counts such rows as orders.
 */
export function orderRows(totalPrice: Float64Array, { negativeOrders }: OrderRules): Uint8Array {
  const isOrder = new Uint8Array(totalPrice.length).fill(1)
  if (negativeOrders === 'order') return isOrder
  for (let row = 0; row < totalPrice.length; row++) if (totalPrice[row]! < 0) isOrder[row] = 0
  return isOrder
}

interface OrderNames {
  readonly order_id: TextVector
  readonly total_price: Float64Array
}

export interface LineAmounts {
  readonly order_id: TextVector
  readonly product_price: Float64Array
  readonly product_qty: Float64Array
}

/**
 * Which line items are of an order, by row: 1, or 0 for a line of a refund: its order_id names refunds only,
 * or its price × quantity is negative (SPEC section 1).
 */
export function orderLineRows(lines: LineAmounts, orders: OrderNames, rules: OrderRules): Uint8Array {
  const { codes } = lines.order_id
  const isOfOrder = new Uint8Array(codes.length).fill(1)
  if (rules.negativeOrders === 'order') return isOfOrder
  const refundsOnly = ordersOfRefundsOnly(orders)
  for (let row = 0; row < codes.length; row++) {
    const isNegative = lineAmount(lines.product_price[row]!, lines.product_qty[row]!) < 0
    if (isNegative || refundsOnly?.[codes[row]!] === 1) isOfOrder[row] = 0
  }
  return isOfOrder
}

/** By code of order_id: 1 if only refunds bear it; undefined if there is no refund at all. */
function ordersOfRefundsOnly({ order_id, total_price }: OrderNames): Uint8Array | undefined {
  let refundsOnly: Uint8Array | undefined
  for (let row = 0; row < total_price.length; row++) {
    if (total_price[row]! >= 0) continue
    refundsOnly ??= new Uint8Array(order_id.dictionary.size)
    refundsOnly[order_id.codes[row]!] = 1
  }
  if (refundsOnly === undefined) return undefined
  for (let row = 0; row < total_price.length; row++)
    if (total_price[row]! >= 0) refundsOnly[order_id.codes[row]!] = 0
  return refundsOnly
}
