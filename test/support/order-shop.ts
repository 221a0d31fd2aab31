import { type MemoryRun, runInMemory } from './memory-run.ts'

/** An order as a test says it; cells are as written, what is left out is empty. */
export interface ShopOrder {
  readonly id: string
  readonly total?: string
  readonly shipping?: string
  readonly discount?: string
  readonly coupon?: string
  readonly user?: string
  readonly day?: string
  /** product, price, quantity */
  readonly lines?: readonly (readonly [string, string, string])[]
}

/** The eight raw tables of a shop that has nothing but these orders, in one session each day. */
export function orderShop(orders: readonly ShopOrder[]): Record<string, string> {
  const days = [...new Set(orders.map(dayOf))]
  const csv = (header: string, rows: readonly string[]) => [header, ...rows, ''].join('\n')
  return {
    'user_table.csv': csv('user_id,has_purchase_last_year,has_purchase_last_qtr', []),
    'session_table.csv': csv(
      'user_id,session_id,time',
      days.map((day) => `u,${day},${day}`),
    ),
    'order_table.csv': csv(
      'user_id,session_id,order_id,time,total_price,shipping_price,discount,discount_coupon_code',
      orders.map((order) =>
        [
          order.user ?? 'u',
          dayOf(order),
          order.id,
          dayOf(order),
          order.total ?? '0',
          order.shipping ?? '',
          order.discount ?? '',
          order.coupon ?? '',
        ].join(','),
      ),
    ),
    'order_line_item_table.csv': csv(
      'event_id,session_id,order_id,time,product_name,product_price,product_qty',
      orders.flatMap((order) =>
        (order.lines ?? []).map(
          ([product, price, quantity], i) =>
            `${order.id}-${i},${dayOf(order)},${order.id},${dayOf(order)},${product},${price},${quantity}`,
        ),
      ),
    ),
    'add_to_cart_table.csv': csv('event_id,session_id,time,product_name', []),
    'pageview_table.csv': csv('event_id,user_id,session_id,time,path', []),
    'scroll_table.csv': csv('event_id,session_id,time,scroll_percent,path', []),
    'click_table.csv': csv('event_id,session_id,time,path', []),
  }
}

function dayOf({ day }: ShopOrder): string {
  return day ?? '2025-01-01'
}

/** Processes the orders; the control totals must hold. */
export async function runOrders(
  orders: readonly ShopOrder[],
  rules: Readonly<Record<string, unknown>>,
): Promise<MemoryRun> {
  const run = await runInMemory(orderShop(orders), { rules })
  const broken = run.verdict.controlTotals.filter(({ holds }) => !holds)
  if (broken.length > 0) throw new Error(`control totals disagree: ${broken.map(({ name }) => name)}`)
  if (run.rejects.length > 0) throw new Error(`rejected: ${JSON.stringify(run.rejects[0])}`)
  return run
}
