import { runInMemory } from './memory-run.ts'

/** An order as it is written: id, total_price, shipping_price, discount, coupon. */
export type OrderCells = readonly [
  id: string,
  total: string,
  shipping: string,
  discount: string,
  coupon: string,
]
/** A line item: order_id, product_name, product_price, product_qty. */
export type LineCells = readonly [order: string, product: string, price: string, quantity: string]

/** Processes a shop of these orders and lines, all on one day, and gives what came out. */
export async function priceShop(
  orders: readonly OrderCells[],
  lines: readonly LineCells[],
  rules: Readonly<Record<string, unknown>>,
) {
  const run = await runInMemory(
    {
      'user_table.csv': 'user_id\n',
      'session_table.csv': 'user_id,session_id,time\nu,s,2025-01-01 10:00\n',
      'order_table.csv': `order_id,total_price,shipping_price,discount,discount_coupon_code,user_id,session_id,time\n${orders.map((cells) => `${cells.join(',')},u,s,2025-01-01 11:00\n`).join('')}`,
      'order_line_item_table.csv': `event_id,order_id,product_name,product_price,product_qty,session_id,time\n${lines.map((cells, i) => `l${i},${cells.join(',')},s,2025-01-01 11:00\n`).join('')}`,
      'add_to_cart_table.csv': 'event_id,session_id,time,product_name\n',
      'pageview_table.csv': 'event_id,user_id,session_id,time,path\nv,u,s,2025-01-01 10:01,/product/p\n',
      'scroll_table.csv': 'event_id,session_id,time,scroll_percent,path\n',
      'click_table.csv': 'event_id,session_id,time,path\n',
    },
    { rules },
  )
  const { controlTotals, findings } = run.verdict
  return {
    csvs: run.csvs,
    broken: controlTotals.filter(({ holds }) => !holds),
    codes: findings.map(({ code }) => code),
    details: (code: string) => findings.find((finding) => finding.code === code)?.details,
    message: (code: string) => findings.find((finding) => finding.code === code)?.message,
    /** One column of a table's rows. */
    column: (table: string, name: string) => {
      const [header, ...rows] = run.csvs[table]!.trimEnd()
        .split('\n')
        .map((line) => line.split(','))
      return rows.map((row) => row[header!.indexOf(name)]!)
    },
  }
}
