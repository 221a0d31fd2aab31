import { describe, expect, test } from 'vitest'
import { runInMemory } from '../support/memory-run.ts'
import { orderShop } from '../support/order-shop.ts'

const sessions = (...times: readonly string[]) =>
  ['user_id,session_id,time', ...times.map((time, i) => `u,s${i},${time}`), ''].join('\n')
const views = (...times: readonly string[]) =>
  ['event_id,user_id,session_id,time,path', ...times.map((time, i) => `v${i},u,s0,${time},/`), ''].join('\n')

/** The times that were rejected, by table. */
async function rejected(
  files: Readonly<Record<string, string>>,
  rules: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const { rejects } = await runInMemory({ ...orderShop([]), ...files }, { rules })
  return rejects.map(({ table, cell }) => `${table} ${cell}`)
}

describe('timestamp layouts of single tables', () => {
  const times = ['2025-01-01', '31-01-2025', '01/31/2025']
  const files = { 'session_table.csv': sessions(...times), 'pageview_table.csv': views(...times) }

  test('stand instead of the general ones, for that table alone', async () => {
    const timeFormats = ['dd-MM-yyyy']
    expect(await rejected(files, { timeFormats })).toEqual([
      'session_table 01/31/2025',
      'pageview_table 01/31/2025',
    ])
    const rawTables = { pageview_table: { timeFormats: ['MM/dd/yyyy'] } }
    expect(await rejected(files, { timeFormats, rawTables })).toEqual([
      'session_table 01/31/2025',
      'pageview_table 31-01-2025',
    ])
    expect(await rejected(files, { rawTables })).toEqual([
      'session_table 31-01-2025',
      'session_table 01/31/2025',
      'pageview_table 31-01-2025',
    ])
  })

  test('an empty list means ISO alone', async () => {
    const rawTables = { session_table: { timeFormats: [] } }
    expect(await rejected(files, { timeFormats: ['dd-MM-yyyy', 'MM/dd/yyyy'], rawTables })).toEqual([
      'session_table 31-01-2025',
      'session_table 01/31/2025',
    ])
  })

  test('one text may mean another day in each table', async () => {
    const { csvs } = await runInMemory(
      {
        ...orderShop([]),
        'session_table.csv': sessions('02/01/2025'),
        'pageview_table.csv': views('02/01/2025'),
      },
      {
        rules: {
          timeFormats: ['dd/MM/yyyy'],
          rawTables: { pageview_table: { timeFormats: ['MM/dd/yyyy'] } },
        },
      },
    )
    expect(csvs.session_funnel).toMatch(/\ns0,u,2025-01-02,/)
    expect(csvs.page_engagement_metrics).toMatch(/\n2025-02-01,\/,1,/)
  })
})

describe('texts that mean null', () => {
  const order = (user: string, coupon: string) => ({ id: user, user, coupon, discount: 'N/A' })

  test('are compared as they are after trimming, in every kind of column', async () => {
    const files = orderShop([
      order('a', 'NULL'),
      order('b', '\t NULL '),
      order('c', 'null'),
      order('d', 'NULL!'),
      order('e', '"NULL"'),
    ])
    const { csvs, rejects } = await runInMemory(files, { rules: { nullValues: ['NULL', 'N/A'] } })
    expect(rejects).toEqual([])
    expect(csvs.coupon_performance!.split('\n').map((line) => line.split(',').slice(1, 4).join(' '))).toEqual(
      [
        'discount_coupon_code usage_count total_discount_given',
        'NO_COUPON 3 0.00',
        'NULL! 1 0.00',
        'null 1 0.00',
        '',
      ],
    )
  })

  test('are texts, or not acceptable, unless they are declared', async () => {
    const { inputs, rejects } = await runInMemory(orderShop([order('a', 'NULL')]))
    expect(inputs.order_table).toMatchObject({ rejected: 1, accepted: 0 })
    expect(rejects).toMatchObject([{ column: 'discount', cell: 'N/A' }])
  })

  test('reject a row where the cell must be there', async () => {
    const files = { ...orderShop([]), 'session_table.csv': sessions('-', '2025-01-01') }
    const { rejects } = await runInMemory(files, { rules: { nullValues: ['-'] } })
    expect(rejects).toMatchObject([{ table: 'session_table', column: 'time' }])
  })
})
