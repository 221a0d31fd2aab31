import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface ShopOptions {
  /** Another variety gives other bytes in each of the seven results. */
  readonly variety: number
  readonly sessions: number
  /** Pageviews of the first session, to make a run last as long as a test needs it to. */
  readonly extraPageviews?: number
  /** Whether each of those shows a page of its own, with a long name, to make a run take memory. */
  readonly ownPages?: boolean
  /** Clicks with a time that nobody can read: rejected rows. */
  readonly rejects?: number
}

/** The name of the raw table of these that is read last. */
export const LAST_READ = 'click_table.csv'

/** Small, consistent raw tables of a shop, written by hand so that they rest on nothing that is tested. */
export function writeShop(folder: string, options: ShopOptions): void {
  const { variety, sessions, extraPageviews = 0, ownPages = false, rejects = 1 } = options
  mkdirSync(folder, { recursive: true })
  const ids = Array.from({ length: sessions }, (_, i) => i)
  const user = (i: number) => `v${variety}u${i % Math.ceil(sessions / 2)}`
  const at = (i: number, minute: number) => {
    const day = String(1 + ((i + variety) % 5)).padStart(2, '0')
    return `2024-03-${day} 10:${String(minute).padStart(2, '0')}:00`
  }
  const price = (i: number) => 10 * variety + (i % 7)
  const some = (every: number) => ids.filter((i) => i % every === 0)
  const lines = (name: string, header: string, rows: readonly string[]) =>
    writeFileSync(join(folder, `${name}.csv`), `${[header, ...rows].join('\n')}\n`)

  lines(
    'user_table',
    'user_id,has_purchase_last_year,has_purchase_last_qtr',
    [...new Set(ids.map((i) => `${user(i)},${i % 2},0`))].filter(
      (row, i, all) => all.findIndex((other) => other.split(',')[0] === row.split(',')[0]) === i,
    ),
  )
  lines('session_table', 'user_id,session_id,time,country,utm_source,utm_medium', [
    ...ids.map((i) => `${user(i)},s${i},${at(i, 0)},NA,google,${i % 2 === 0 ? 'cpc' : 'organic'}`),
  ])
  lines(
    'order_table',
    'user_id,session_id,order_id,time,total_price,shipping_price,discount,discount_coupon_code',
    [...some(3).map((i) => `${user(i)},s${i},o${i},${at(i, 30)},${price(i)}.50,1.00,0.25,CODE${i % 2}`)],
  )
  lines('order_line_item_table', 'event_id,session_id,order_id,time,product_name,product_price,product_qty', [
    ...some(3).map((i) => `l${i},s${i},o${i},${at(i, 30)},Mug ${i % 4},${price(i)}.50,1`),
  ])
  lines('add_to_cart_table', 'event_id,session_id,time,product_name,product_qty', [
    ...some(2).map((i) => `a${i},s${i},${at(i, 20)},Mug ${i % 4},${variety}`),
  ])
  lines('scroll_table', 'event_id,session_id,time,scroll_percent,path', [
    ...ids.map((i) => `r${i},s${i},${at(i, 5)},${(20 * variety + i) % 100},/`),
  ])
  lines('click_table', 'event_id,session_id,time,path,target_text', [
    ...ids.map((i) => `k${i},s${i},${at(i, 6)},/,"Buy, ""now"""`),
    ...Array.from({ length: rejects }, (_, i) => `bad${i},s0,somewhen ${i},/,x`),
  ])
  writePageviews(
    join(folder, 'pageview_table.csv'),
    ids.flatMap((i) => [
      `p${i}a,${user(i)},s${i},${at(i, 1)},/`,
      `p${i}b,${user(i)},s${i},${at(i, 2 + variety)},/products/mug-${i % 4}`,
    ]),
    (i) =>
      `x${i},${user(0)},s0,${at(0, 10 + (i % 40))},/page-${ownPages ? `${i}-${'x'.repeat(200)}` : i % 50}`,
    extraPageviews,
  )
}

function writePageviews(
  path: string,
  rows: readonly string[],
  extra: (i: number) => string,
  extras: number,
): void {
  const fd = openSync(path, 'w')
  try {
    writeSync(fd, `event_id,user_id,session_id,time,path\n${rows.map((row) => `${row}\n`).join('')}`)
    const batch = 10_000
    for (let from = 0; from < extras; from += batch) {
      const count = Math.min(batch, extras - from)
      writeSync(fd, Array.from({ length: count }, (_, i) => `${extra(from + i)}\n`).join(''))
    }
  } finally {
    closeSync(fd)
  }
}
