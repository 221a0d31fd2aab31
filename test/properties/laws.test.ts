import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/checks/finding.ts'
import { cases } from '../support/effort.ts'
import { type MemoryRun, type MemoryRunOptions, numbersBy, runInMemory } from '../support/memory-run.ts'
import { Random, seedOf } from '../support/random.ts'
import {
  RANDOM_SHOP_RULES,
  type RandomShop,
  type RawRow,
  randomShop,
  SHOP_DAYS,
  SHOP_START,
  SHOP_TABLES,
  type ShopFormat,
  shopCsv,
} from '../support/random-shop.ts'

const SHOPS = cases(9, 60)
const { seed: firstSeed } = seedOf(1)
const seeds = Array.from({ length: process.env.SEED === undefined ? SHOPS : 1 }, (_, i) => firstSeed + i)

function filesOf(shop: RandomShop, format?: ShopFormat): Record<string, string> {
  return Object.fromEntries(
    Object.entries(shop).map(([table, rows]) => [`${table}.csv`, shopCsv(table, rows, format)]),
  )
}

function mapTables(
  shop: RandomShop,
  change: (rows: readonly RawRow[], table: string) => readonly RawRow[],
): RandomShop {
  return Object.fromEntries(Object.entries(shop).map(([table, rows]) => [table, change(rows, table)]))
}

function runShop(
  files: Parameters<typeof runInMemory>[0],
  options: MemoryRunOptions = {},
): Promise<MemoryRun> {
  return runInMemory(files, { ...options, rules: { ...RANDOM_SHOP_RULES, ...options.rules } })
}

function expectSameTables(actual: MemoryRun, expected: MemoryRun): void {
  for (const [name, csv] of Object.entries(expected.csvs)) expect(actual.csvs[name], name).toBe(csv)
}

describe.each(seeds)('a random shop of seed %i (the environment variable SEED runs one alone)', (seed) => {
  const shop = randomShop(seed)
  const whole = runShop(filesOf(shop))

  test('all rows are accepted, and the control totals hold', async () => {
    const { inputs, verdict, rejects } = await whole
    expect(rejects).toEqual([])
    for (const table of SHOP_TABLES) {
      const rows = shop[table]!.length
      expect(inputs[table], table).toMatchObject({ read: rows, accepted: rows })
    }
    expect(verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])
  })

  test('the order of rows and columns, line ends, byte order mark and gzip change no byte of output', async () => {
    const random = new Random(seed)
    const shuffled = mapTables(shop, (rows) => random.shuffled(rows))
    const arranged = filesOf(shuffled, {
      arrange: (columns) => random.shuffled(columns),
      lineEnd: random.pick(['\n', '\r\n', '\r']),
      bom: random.chance(0.5),
    })
    expectSameTables(await runShop(arranged), await whole)
    const zipped = Object.entries(filesOf(shuffled)).map(([name, text]) => [`${name}.gz`, gzipSync(text)])
    expectSameTables(await runShop(Object.fromEntries(zipped)), await whole)
  })

  test('a rejected row changes nothing but the accounting', async () => {
    const random = new Random(seed)
    const files = Object.fromEntries(
      Object.entries(shop).map(([table, rows]) => [`${table}.csv`, withBadRow(random, table, rows)]),
    )
    const run = await runShop(files)
    const clean = await whole
    expectSameTables(run, clean)
    const { findings, controlTotals } = run.verdict
    expect(controlTotals).toEqual(clean.verdict.controlTotals)
    // What is advised may be to mend the rejected rows first.
    const numbers = ({ code, details }: Finding) => ({ code, details })
    expect(findings.filter(({ code }) => code !== 'rejected_rows').map(numbers)).toEqual(
      clean.verdict.findings.map(numbers),
    )
    expect(run.rejects.map(({ table }) => table)).toEqual(SHOP_TABLES)
    for (const table of SHOP_TABLES) {
      const { read, ...rest } = clean.inputs[table]!
      expect(run.inputs[table], table).toEqual({ ...rest, read: read + 1, rejected: 1 })
    }
  })

  test('identical copies further down change nothing but the accounting', async () => {
    const random = new Random(seed)
    const copied = mapTables(shop, (rows) => [...rows, ...rows.filter(() => random.chance(0.3))])
    const run = await runShop(filesOf(copied))
    const clean = await whole
    expectSameTables(run, clean)
    for (const table of SHOP_TABLES) {
      const duplicate = copied[table]!.length - shop[table]!.length
      const read = clean.inputs[table]!.read + duplicate
      expect(run.inputs[table], table).toEqual({ ...clean.inputs[table], read, duplicate, conflicting: 0 })
    }
  })

  test('an order and its refund on the same day in the same session leave every sum of money as it was', async () => {
    const random = new Random(seed)
    const more = Array.from({ length: 3 }, (_, i) => {
      const model =
        random.chance(0.7) && shop.order_table!.length > 0 ? random.pick(shop.order_table!) : undefined
      const order: RawRow = {
        ...(model ?? randomRow('order_table')),
        order_id: `more${i}`,
        total_price: `${i + 1}.2345`,
      }
      const refund = {
        ...order,
        total_price: negated(order.total_price!),
        shipping_price: negated(order.shipping_price!),
        discount: negated(order.discount!),
      }
      return random.chance(0.5) ? [order, refund] : [refund, order]
    }).flat()
    const run = await runShop(filesOf({ ...shop, order_table: [...shop.order_table!, ...more] }))
    expect(run.verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])
    for (const { table, keys, columns } of MONEY) {
      const before = (await whole).tables.get(table)!
      for (const column of columns) {
        const sums = numbersBy(run.tables.get(table)!, keys, column)
        expect(sameSums(sums, numbersBy(before, keys, column)), `${table}.${column}`).toBe(true)
      }
    }
  })

  test('without its refunds a shop differs in money, and in rows that exist only for them', async () => {
    const order_table = shop.order_table!.filter((row) => !row.total_price!.startsWith('-'))
    const ids = new Set(order_table.map(({ order_id }) => order_id))
    const refunded = new Set(shop.order_table!.map(({ order_id }) => order_id).filter((id) => !ids.has(id)))
    // The lines of an order_id that only refunds bear would be of an order that nobody knows.
    const order_line_item_table = shop.order_line_item_table!.filter(
      ({ order_id }) => !refunded.has(order_id!),
    )
    const asOf = '2024-03-10'
    const [all, without] = await Promise.all([
      runShop(filesOf({ ...shop, order_line_item_table }), { asOf }),
      runShop(filesOf({ ...shop, order_table, order_line_item_table }), { asOf }),
    ])
    for (const { table, keys, columns } of COUNTS) {
      for (const column of columns) {
        const counts = numbersBy(all.tables.get(table)!, keys, column)
        for (const [key, count] of numbersBy(without.tables.get(table)!, keys, column))
          expect(counts.get(key), `${table}.${column} ${key}`).toBe(count)
        const further = new Set(numbersBy(without.tables.get(table)!, keys, column).keys())
        for (const [key, count] of counts)
          if (!further.has(key)) expect(count, `${table}.${column} ${key}`).toBe(0n)
      }
    }
  })

  test('ranges of dates add up, in every additive column', async () => {
    const random = new Random(seed)
    const parts = await rangesOf(shop, random)
    const full = await whole
    const wrong = ADDITIVE.flatMap(({ table, keys, columns }) =>
      columns
        .filter((column) => {
          const sums = new Map<string, bigint>()
          for (const part of parts) {
            for (const [key, value] of numbersBy(part.tables.get(table)!, keys, column))
              sums.set(key, (sums.get(key) ?? 0n) + value)
          }
          return !sameSums(sums, numbersBy(full.tables.get(table)!, keys, column))
        })
        .map((column) => `${table}.${column}`),
    )
    expect(wrong).toEqual([])
    const rows = (run: MemoryRun) => run.tables.get('session_funnel')!.rowCount
    expect(parts.reduce((sum, part) => sum + rows(part), 0)).toBe(rows(full))
    for (const table of SHOP_TABLES.filter((name) => name !== 'user_table')) {
      const accepted = parts.reduce((sum, part) => sum + part.inputs[table]!.accepted, 0)
      expect(accepted, table).toBe(full.inputs[table]!.accepted)
    }
  })

  test('rows of one day are the same in the range that holds it, where they look at no other day', async () => {
    const random = new Random(seed)
    const parts = await rangesOf(shop, random)
    const full = await whole
    for (const { table, keys, columns } of OF_ONE_DAY) {
      const wanted = cellsBy(full, table, keys, columns)
      const found = new Map(parts.flatMap((part) => [...cellsBy(part, table, keys, columns)]))
      // A day at the edge of a range may be missing from its calendar; then the whole has zeros there.
      for (const [key, cells] of found) expect(wanted.get(key), `${table} ${key}`).toEqual(cells)
    }
  })
})

/**
 * What may be added up over ranges of dates: columns that count or sum rows by their own dates. Left out is
 * whatever looks at rows of other days: ranks and firsts (first_time_customers, returning_customers,
 * first_time_orders, session_number), joins across days (converting_sessions, purchased_cart_sessions, times_purchased and orders of products, since their order may be of another day,
 * converted, had_*, a session's pageviews), journeys (entrances, exits, bounces), all ratios, and the
 * distinct users of more than a day. Within a day and a code, path or product, distinct counts do add up.
 */
const ADDITIVE: readonly { table: string; keys: readonly string[]; columns: readonly string[] }[] = [
  {
    table: 'daily_business_metrics',
    keys: ['date'],
    columns: [
      'total_revenue',
      'total_orders',
      'total_sessions',
      'total_users',
      'new_customers',
      'repeat_customers',
      'gross_sales',
      'total_discount',
      'total_shipping',
      'units_sold',
    ],
  },
  { table: 'session_attribution', keys: ['session_id'], columns: ['revenue', 'order_count'] },
  {
    table: 'product_performance_daily',
    keys: ['date', 'product_name'],
    columns: [
      'total_quantity_sold',
      'total_revenue',
      'times_added_to_cart',
      'quantity_added_to_cart',
      'cart_sessions',
    ],
  },
  {
    table: 'user_lifetime_metrics',
    keys: ['user_id'],
    columns: ['total_orders', 'total_revenue', 'total_discount'],
  },
  {
    table: 'page_engagement_metrics',
    keys: ['date', 'path'],
    columns: ['pageviews', 'unique_users', 'sessions_with_page', 'total_clicks'],
  },
  {
    table: 'coupon_performance',
    keys: ['date', 'discount_coupon_code'],
    columns: ['usage_count', 'total_discount_given', 'total_revenue', 'customers'],
  },
]

/** Sums of money of orders, by what they are grouped by. */
const MONEY: readonly { table: string; keys: readonly string[]; columns: readonly string[] }[] = [
  {
    table: 'daily_business_metrics',
    keys: ['date'],
    columns: ['total_revenue', 'total_discount', 'total_shipping', 'gross_sales'],
  },
  { table: 'session_attribution', keys: ['session_id'], columns: ['revenue'] },
  { table: 'user_lifetime_metrics', keys: ['user_id'], columns: ['total_revenue', 'total_discount'] },
  {
    table: 'coupon_performance',
    keys: ['date', 'discount_coupon_code'],
    columns: ['total_revenue', 'total_discount_given'],
  },
]

/** What counts rows, sessions and people. */
const COUNTS: readonly { table: string; keys: readonly string[]; columns: readonly string[] }[] = [
  {
    table: 'daily_business_metrics',
    keys: ['date'],
    columns: [
      'total_orders',
      'total_sessions',
      'total_users',
      'new_customers',
      'repeat_customers',
      'converting_sessions',
      'first_time_customers',
      'returning_customers',
    ],
  },
  { table: 'session_attribution', keys: ['session_id'], columns: ['order_count', 'converted'] },
  {
    table: 'product_performance_daily',
    keys: ['date', 'product_name'],
    columns: ['times_purchased', 'orders', 'times_added_to_cart', 'cart_sessions', 'purchased_cart_sessions'],
  },
  { table: 'user_lifetime_metrics', keys: ['user_id'], columns: ['total_orders'] },
  {
    table: 'coupon_performance',
    keys: ['date', 'discount_coupon_code'],
    columns: ['usage_count', 'customers', 'first_time_orders'],
  },
]

/** Ratios that divide two additive columns of one day. */
const OF_ONE_DAY: readonly { table: string; keys: readonly string[]; columns: readonly string[] }[] = [
  {
    table: 'daily_business_metrics',
    keys: ['date'],
    columns: ['conversion_rate', 'avg_order_value', 'revenue_per_session'],
  },
  {
    table: 'product_performance_daily',
    keys: ['date', 'product_name'],
    columns: ['avg_unit_price'],
  },
  {
    table: 'page_engagement_metrics',
    keys: ['date', 'path'],
    columns: ['avg_scroll_depth', 'avg_max_scroll_depth'],
  },
  {
    table: 'coupon_performance',
    keys: ['date', 'discount_coupon_code'],
    columns: ['avg_order_value', 'discount_percentage', 'avg_discount_per_order'],
  },
]

/** The shop in two or three ranges of dates that together hold every day. */
function rangesOf(shop: RandomShop, random: Random): Promise<MemoryRun[]> {
  const cuts = [...new Set([random.whole(1, SHOP_DAYS - 1), random.whole(1, SHOP_DAYS - 1)])].sort()
  const edges = [0, ...cuts, SHOP_DAYS]
  const files = filesOf(shop)
  return Promise.all(
    cuts.concat(SHOP_DAYS).map((end, i) => {
      const since = i === 0 ? {} : { since: dayName(edges[i]!) }
      const until = end === SHOP_DAYS ? {} : { until: dayName(end - 1) }
      return runShop(files, { ...since, ...until })
    }),
  )
}

function dayName(number: number): string {
  return new Date(Date.parse(`${SHOP_START}T00:00:00Z`) + number * 86_400_000).toISOString().slice(0, 10)
}

/** The amount with the other sign. */
function negated(text: string): string {
  if (text === '') return ''
  return text.startsWith('-') ? text.slice(1) : `-${text}`
}

/** Whether two sets of sums are the same; what is missing is 0. */
function sameSums(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): boolean {
  return [...new Set([...a.keys(), ...b.keys()])].every((key) => (a.get(key) ?? 0n) === (b.get(key) ?? 0n))
}

function cellsBy(run: MemoryRun, table: string, keys: readonly string[], columns: readonly string[]) {
  const maps = columns.map((column) => numbersBy(run.tables.get(table)!, keys, column))
  return new Map([...(maps[0]?.keys() ?? [])].map((key) => [key, maps.map((map) => map.get(key))]))
}

/** One bad cell in each table that has a cell which can be bad; there is none in an id or text. */
const BAD_CELLS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  user_table: [
    ['has_purchase_last_year', 'yes'],
    ['user_id', ''],
  ],
  session_table: [
    ['time', '01-02-2025'],
    ['session_id', '  '],
  ],
  order_table: [
    ['total_price', '1,234.50'],
    ['discount', '12,5'],
    ['time', '2024-02-30'],
  ],
  order_line_item_table: [
    ['product_qty', '1,5'],
    ['product_price', '$5'],
  ],
  add_to_cart_table: [
    ['product_name', ''],
    ['product_qty', '1000001'],
  ],
  pageview_table: [
    ['path', ''],
    ['time', ''],
  ],
  scroll_table: [
    ['scroll_percent', '100.00001'],
    ['scroll_percent', '-1'],
  ],
  click_table: [
    ['time', '2024-02-28 24:00'],
    ['path', '\t'],
  ],
}

/** The table with one more row somewhere, whose key is new or that of another row, which is not acceptable. */
function withBadRow(random: Random, table: string, rows: readonly RawRow[]): string {
  const [column, cell] = random.pick(BAD_CELLS[table]!)
  const model = rows.length > 0 ? random.pick(rows) : randomRow(table)
  const bad = { ...model, [column]: cell }
  const at = random.whole(0, rows.length)
  return shopCsv(table, [...rows.slice(0, at), bad, ...rows.slice(at)])
}

function randomRow(table: string): RawRow {
  for (let seed = 1; ; seed++) {
    const [row] = randomShop(seed)[table]!
    if (row !== undefined) return row
  }
}
