/** Whether an order row is a refund (SPEC section 2): its money counts, and it is in no number of orders. */
export function isRefund(totalPrice: number): boolean {
  return totalPrice < 0
}
