import { changed, shopDays } from '../support/shop-days.ts'
import type { Slice } from '../support/slice-workspace.ts'

/** What is published before a fault is tried: dates 1, 2 and 3, one by one. */
export const BEFORE: readonly Slice[] = [shopDays(1), shopDays(2), shopDays(3)]

/** What the run that meets the fault adds: date 3 again with an order more, and date 4 with it. */
export const NEXT = withNewOrder(shopDays(3, 4))

/** All of these dates at once. */
export const WHOLE = withNewOrder(shopDays(1, 2, 3, 4))

/** A slice with an order of date 3 more. */
export function withNewOrder(slice: Slice): Slice {
  const order = 'visitor-2,beta-2,order-new,2024-03-03 18:00:00,7.25,,,NEW'
  return changed(slice, 'order_table', { plus: [order] })
}
