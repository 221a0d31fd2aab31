import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type MemoryRun, type MemoryRunOptions, runInMemory } from '../../support/memory-run.ts'
import { orderShop } from '../../support/order-shop.ts'

const HEADER = 'user_id,session_id,order_id,time,total_price,discount_coupon_code,status'
const LINES = 'event_id,session_id,order_id,time,product_name,product_price,product_qty'

/** Orders of one user in one session, with the last row of each counting. */
function runOrders(
  rows: readonly string[],
  { rules, ...options }: MemoryRunOptions = {},
  lines: readonly string[] = [],
): Promise<MemoryRun> {
  const files = {
    ...orderShop([]),
    'session_table.csv': 'user_id,session_id,time\nu1,s1,2025-06-01\n',
    'order_table.csv': [HEADER, ...rows, ''].join('\n'),
    'order_line_item_table.csv': [LINES, ...lines, ''].join('\n'),
  }
  return runInMemory(files, { ...options, rules: { rawTables: { order_table: { keep: 'last' } }, ...rules } })
}

const revenueOf = ({ csvs }: MemoryRun) =>
  csvs
    .daily_business_metrics!.split('\n')
    .slice(1, -1)
    .map((line) => line.split(',').slice(0, 3).join(' '))

describe('the last row of an order counts', () => {
  const order = (id: string, price: string, more: { day?: string; status?: string } = {}) =>
    `u1,s1,${id},${more.day ?? '2025-06-01'},${price},,${more.status ?? ''}`

  test('those before it are duplicates, and never conflicting', async () => {
    const run = await runOrders([order('o1', '50'), order('o2', '20'), order('o1', '35'), order('o2', '20')])
    expect(run.inputs.order_table).toMatchObject({ read: 4, duplicate: 2, conflicting: 0, accepted: 2 })
    expect(run.rejects).toEqual([])
    expect(revenueOf(run)).toEqual(['2025-06-01 55.00 2'])
    expect(run.verdict.findings.map(({ code }) => code)).not.toContain('conflicting_duplicates')
  })

  test('a rejected row does not take the place of one before it', async () => {
    const run = await runOrders([order('o1', '50'), order('o1', '35'), order('o1', '1x')])
    expect(run.inputs.order_table).toMatchObject({ rejected: 1, duplicate: 1, accepted: 1 })
    expect(run.rejects).toMatchObject([{ line: 4, reason: 'invalid_money' }])
    expect(revenueOf(run)).toEqual(['2025-06-01 35.00 1'])
  })

  test('it counts on its own date; the date of one before it is left without', async () => {
    const rows = [order('o1', '50'), order('o1', '35', { day: '2025-06-02' })]
    expect(revenueOf(await runOrders(rows))).toEqual(['2025-06-01 0.00 0', '2025-06-02 35.00 1'])
  })

  test('outside the range it is not replaced by one within it', async () => {
    const rows = [order('o1', '50'), order('o1', '35', { day: '2025-06-02' }), order('o2', '7')]
    const run = await runOrders(rows, { until: '2025-06-01' })
    expect(run.inputs.order_table).toMatchObject({ duplicate: 1, outside_range: 1, accepted: 1 })
    expect(revenueOf(run)).toEqual(['2025-06-01 7.00 1'])
  })

  test('filters ask the last row alone, and its lines go or stay with it', async () => {
    const columns = [{ table: 'order_table', column: 'status', equals: 'void' }]
    const rows = [
      order('o1', '50', { status: 'paid' }),
      order('o2', '20', { status: 'void' }),
      order('o1', '50', { status: 'void' }),
      order('o2', '20', { status: 'paid' }),
    ]
    const lines = ['l1,,o1,2025-06-01,Tea,50,1', 'l2,,o2,2025-06-01,Cup,20,1']
    const run = await runOrders(rows, { rules: { filters: { columns } } }, lines)
    expect(run.inputs.order_table).toMatchObject({ duplicate: 2, filtered: 1, accepted: 1 })
    expect(run.inputs.order_line_item_table).toMatchObject({ filtered: 1, accepted: 1 })
    expect(revenueOf(run)).toEqual(['2025-06-01 20.00 1'])
    expect(run.csvs.product_performance_daily).toContain('Cup')
    expect(run.csvs.product_performance_daily).not.toContain('Tea')
  })

  test('amounts below zero are those of rows that count', async () => {
    const orders = [order('o1', '-5'), order('o1', '5'), order('o2', '1'), order('o2', '-2.5')]
    const rules = { negativeOrders: 'order', rawTables: { order_table: { keep: 'last' } } }
    const run = await runOrders(orders, { rules })
    const { accounting } = run.loaded.inputs.find(({ table }) => table === 'order_table')!
    expect([...accounting.negatives]).toEqual([['total_price', { count: 1, sum: -25_000 }]])
  })

  test('of refunds the last of each key counts, beside the last order of their id', async () => {
    const rows = [order('o1', '-5'), order('o1', '5'), order('o1', '-5'), order('o1', '7'), order('o1', '-2')]
    const run = await runOrders(rows)
    expect(run.inputs.order_table).toMatchObject({ read: 5, duplicate: 2, conflicting: 0, accepted: 3 })
    expect(run.csvs.coupon_performance).toContain(',NO_COUPON,1,0.00,0.00,')
  })

  test('a table of which no row repeats a key is as it would be', async () => {
    const rows = [order('o1', '50'), order('o2', '20')]
    const first = await runOrders(rows, { rules: { rawTables: {} } })
    const last = await runOrders(rows)
    expect([last.csvs, last.inputs]).toEqual([first.csvs, first.inputs])
  })
})

test('the last rows count in every table as they would alone, in gzip too', async () => {
  const shop: Readonly<Record<string, readonly string[]>> = {
    user_table: ['user_id,has_purchase_last_year', 'u1,0', 'u2,1', 'u1,1'],
    session_table: ['user_id,session_id,time,utm_source', 'u1,s1,2025-06-01,a', 'u1,s1,2025-06-01,b'],
    order_table: ['user_id,session_id,order_id,time,total_price', 'u1,s1,o1,2025-06-01,9'],
    order_line_item_table: [
      'event_id,order_id,time,product_name,product_price,product_qty',
      'l1,o1,2025-06-01,Cup,9,1',
      'l1,o1,2025-06-01,Tea,9,1',
    ],
    add_to_cart_table: [
      'event_id,session_id,time,product_name',
      'a1,s1,2025-06-01,Cup',
      'a1,s1,2025-06-01,Tea',
    ],
    pageview_table: [
      'event_id,user_id,session_id,time,path',
      'v1,u1,s1,2025-06-01,/',
      'v1,u1,s1,2025-06-01,/tea',
    ],
    scroll_table: ['event_id,time,scroll_percent,path', 'r1,2025-06-01,10,/tea', 'r1,2025-06-01,90,/tea'],
    click_table: ['event_id,time,path', 'k1,2025-06-01,/', 'k2,2025-06-01,/', 'k1,2025-06-01,/tea'],
  }
  const superseded = new Set(['u1,0', 'u1,s1,2025-06-01,a', 'r1,2025-06-01,10,/tea', 'k1,2025-06-01,/'])
  const isLast = (line: string) => !superseded.has(line) && !/^(l1|a1).*Cup|^v1.*,\/$/.test(line)
  const files = (keep: (line: string) => boolean, zip: boolean) =>
    Object.fromEntries(
      Object.entries(shop).map(([table, lines]) => {
        const text = `${lines.filter(keep).join('\n')}\n`
        return zip ? [`${table}.csv.gz`, gzipSync(text)] : [`${table}.csv`, text]
      }),
    )
  const rawTables = Object.fromEntries(Object.keys(shop).map((table) => [table, { keep: 'last' }]))
  const alone = await runInMemory(files(isLast, false))
  for (const zip of [false, true]) {
    const run = await runInMemory(
      files(() => true, zip),
      { rules: { rawTables } },
    )
    expect(run.csvs).toEqual(alone.csvs)
    for (const [table, counts] of Object.entries(run.inputs))
      expect(counts, table).toMatchObject({ duplicate: table === 'order_table' ? 0 : 1, conflicting: 0 })
  }
})
