import type { Slice } from './slice-workspace.ts'

const HEADERS = {
  user_table: 'user_id,has_purchase_last_year,has_purchase_last_qtr',
  session_table: 'user_id,session_id,time,device_type,country,city,IP,utm_source,utm_medium',
  order_table: 'user_id,session_id,order_id,time,total_price,shipping_price,discount,discount_coupon_code',
  order_line_item_table:
    'event_id,session_id,order_id,time,product_name,product_price,product_qty,product_cost',
  add_to_cart_table: 'event_id,session_id,time,product_name,product_qty',
  pageview_table: 'event_id,user_id,session_id,time,path',
  scroll_table: 'event_id,session_id,time,scroll_percent,path',
  click_table: 'event_id,session_id,time,path,target_text',
} as const

export type ShopTable = keyof typeof HEADERS

/** The n-th date of the shop. */
export function dateOfDay(n: number): string {
  return `2024-03-${String(n).padStart(2, '0')}`
}

/** The address that the sessions of the n-th date come from. */
export function addressOfDay(n: number): string {
  return `203.0.113.${100 + n}`
}

/**
 * Some dates of a small shop, written by hand, in which each date hangs on the one before: session `alpha-n` of
 * date n goes on after midnight with a pageview and an order, and the user `customer-one` orders every day.
 */
export function shopDays(...days: readonly number[]): Slice {
  const rows: Record<ShopTable, string[]> = {
    user_table: ['customer-one,1,1', ...days.map((n) => `visitor-${n},0,0`)],
    session_table: days.flatMap((n) => [
      `customer-one,alpha-${n},${dateOfDay(n)} 23:40:00,mobile,NA,Köln,${addressOfDay(n)},google,cpc`,
      `visitor-${n},beta-${n},${dateOfDay(n)} 12:00:00,desktop,DE,,${addressOfDay(n)},,`,
    ]),
    order_table: days.flatMap((n) => [
      `customer-one,alpha-${n - 1},order-a${n},${dateOfDay(n)} 00:10:00,${n}0.50,1.00,0.25,CODE${n % 2}`,
      `visitor-${n},beta-${n},order-b${n},${dateOfDay(n)} 12:30:00,${n}.25,,,`,
    ]),
    order_line_item_table: days.flatMap((n) => [
      `line-a${n},,order-a${n},${dateOfDay(n)} 00:10:00,Mug,${n}0.50,1,4.05`,
      `line-b${n},beta-${n},order-b${n},${dateOfDay(n)} 12:30:00,=Hat,${n}.25,1,`,
    ]),
    add_to_cart_table: days.flatMap((n) => [
      `cart-a${n},alpha-${n},${dateOfDay(n)} 23:50:00,Mug,`,
      `cart-b${n},beta-${n},${dateOfDay(n)} 12:20:00,=Hat,2`,
    ]),
    pageview_table: days.flatMap((n) => [
      `view-a${n},customer-one,alpha-${n},${dateOfDay(n)} 23:40:00,/`,
      `view-z${n},customer-one,alpha-${n - 1},${dateOfDay(n)} 00:05:00,/products/mug`,
      `view-b${n},visitor-${n},beta-${n},${dateOfDay(n)} 12:00:00,/`,
    ]),
    scroll_table: days.map((n) => `scroll-${n},beta-${n},${dateOfDay(n)} 12:01:00,${n * 10},/`),
    click_table: days.map((n) => `click-${n},beta-${n},${dateOfDay(n)} 12:02:00,/,"Buy, ""now"""`),
  }
  return Object.fromEntries(
    (Object.keys(HEADERS) as ShopTable[]).map((table) => [
      table,
      [HEADERS[table], ...rows[table]].map((row) => `${row}\n`).join(''),
    ]),
  )
}

/** A slice with one table changed: lines that begin so are taken out, and others put at its end. */
export function changed(
  slice: Slice,
  table: ShopTable,
  { without, plus = [] }: { readonly without?: string; readonly plus?: readonly string[] },
): Slice {
  const lines = slice[table]!.trimEnd().split('\n')
  const kept = lines.filter((line) => without === undefined || !line.includes(without))
  if (without !== undefined && kept.length === lines.length) throw new Error(`${table} has no ${without}`)
  return { ...slice, [table]: [...kept, ...plus].map((line) => `${line}\n`).join('') }
}
