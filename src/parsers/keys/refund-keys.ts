/**
 * Numbers refunds by their key, which is (order_id, time, total_price) (SPEC section 1, "Refunds"): two refunds
 * are duplicates if their numbers are the same.
 */
export class RefundKeys {
  readonly #numbers = new Map<string, number>()

  /** The number of a refund, from 0. @param order the code of its order_id */
  numberOf(order: number, time: number, amount: number): number {
    const key = `${order} ${time} ${amount}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(key, number)
    return number
  }
}

/** The rows whose amounts are below 0, among the first ones; and all others. */
export function refundsApart(
  amounts: Float64Array,
  count: number,
): { readonly refunds: Int32Array; readonly others: Int32Array } {
  let found = 0
  for (let row = 0; row < count; row++) if (amounts[row]! < 0) found++
  const refunds = new Int32Array(found)
  const others = new Int32Array(found === 0 ? 0 : count - found)
  if (found === 0) return { refunds, others }
  for (let row = 0, refund = 0, other = 0; row < count; row++)
    if (amounts[row]! < 0) refunds[refund++] = row
    else others[other++] = row
  return { refunds, others }
}
