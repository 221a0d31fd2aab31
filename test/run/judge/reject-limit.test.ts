import { describe, expect, test } from 'vitest'
import { KnownError } from '../../../src/lib/errors.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'
import { checkRejectLimit } from '../../../src/run/judge/reject-limit.ts'
import { runInMemory } from '../../support/memory-run.ts'
import { orderShop, type ShopOrder } from '../../support/order-shop.ts'

/** Of ten sessions two are rejected, of ten pageviews one. */
const rows = (bad: number, row: (i: number, time: string) => string) =>
  Array.from({ length: 10 }, (_, i) => row(i, i < bad ? 'someday' : '2025-01-01'))
const files = {
  ...orderShop([]),
  'session_table.csv': ['user_id,session_id,time', ...rows(2, (i, time) => `u,s${i},${time}`), ''].join('\n'),
  'pageview_table.csv': [
    'event_id,user_id,session_id,time,path',
    ...rows(1, (i, time) => `v${i},u,s,${time},/`),
    '',
  ].join('\n'),
}

/** The tables that are refused. */
async function refused(given: Readonly<Record<string, unknown>>): Promise<unknown[]> {
  const { loaded } = await runInMemory(files, { rules: given })
  try {
    checkRejectLimit(loaded.inputs, rulesSchema.parse(given), false)
    return []
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    const problems = error.problems.length > 0 ? error.problems : [error]
    return problems.map(({ details }) => details.table)
  }
}

test('the limit of a table stands instead of the general one, higher or lower', async () => {
  const limits = (session?: number, view?: number) => ({
    ...(session !== undefined && { session_table: { maxRejectRate: session } }),
    ...(view !== undefined && { pageview_table: { maxRejectRate: view } }),
  })
  expect(await refused({ maxRejectRate: 0.2 })).toEqual([])
  expect(await refused({ maxRejectRate: 0.19 })).toEqual(['session_table'])
  expect(await refused({ maxRejectRate: 0.09 })).toEqual(['session_table', 'pageview_table'])
  expect(await refused({ maxRejectRate: 0.09, rawTables: limits(0.2) })).toEqual(['pageview_table'])
  expect(await refused({ maxRejectRate: 0.09, rawTables: limits(0.2, 0.1) })).toEqual([])
  expect(await refused({ maxRejectRate: 1, rawTables: limits(undefined, 0.09) })).toEqual(['pageview_table'])
  expect(await refused({ maxRejectRate: 1, rawTables: limits(0, 0) })).toEqual([
    'session_table',
    'pageview_table',
  ])
})

/** The message and the hint with which these raw tables are refused; undefined if they are not. */
async function refusal(
  tables: Readonly<Record<string, string>>,
  given: Readonly<Record<string, unknown>> = {},
  hashKey?: Uint8Array,
) {
  const { loaded } = await runInMemory(tables, {
    rules: given,
    ...(hashKey === undefined ? {} : { hashKey }),
  })
  try {
    checkRejectLimit(loaded.inputs, rulesSchema.parse(given), false)
    return undefined
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return { message: error.message, hint: error.hint! }
  }
}

/** 99 orders worth 10.00 each in all, and one more. */
const hundred = (last: ShopOrder, each: Partial<ShopOrder> = {}): Record<string, string> =>
  orderShop([...Array.from({ length: 99 }, (_, i) => ({ id: `o${i}`, total: '10', ...each })), last])

describe('money', () => {
  test('one order of a hundred, with 990 of 1,980', async () => {
    const bad = hundred({ id: 'x', total: '990', shipping: 'free' })
    const refused = await refusal(bad)
    expect(refused!.message).toBe(
      "order_table: 1 of 100 rows (1.00 %) are rejected or conflicting, with 990.00 of the 1,980.00 that can be read (50.00 %), above the limit of 1.00 %: 1 × invalid_money in shipping_price (line 101, like 'aaaa')",
    )
    expect(refused!.hint).toContain('to accept the loss, rawTables: { order_table: { maxRejectRate: 0.5 } }')
    const limit = (maxRejectRate: number) => ({ rawTables: { order_table: { maxRejectRate } } })
    expect(await refusal(bad, limit(0.5))).toBeUndefined()
    expect(await refusal(bad, limit(0.4999))).toBeDefined()
  })

  test('without signs: a refund that is rejected is as large as an order', async () => {
    expect(await refusal(hundred({ id: 'x', total: '-10', discount: '?' }))).toBeUndefined()
    expect((await refusal(hundred({ id: 'x', total: '-11', discount: '?' })))!.message).toContain(
      'with 11.00 of the 1,001.00 that can be read (1.10 %)',
    )
  })

  test('what cannot be read counts nothing: a bad amount, too many fields', async () => {
    expect(await refusal(hundred({ id: 'x', total: '9,99' }))).toBeUndefined()
    const good = hundred({ id: 'x', total: '10' })
    const orders = good['order_table.csv']!.replace(/,10,,,\n$/, ',5000,,,,\n')
    expect(orders).not.toBe(good['order_table.csv'])
    expect(await refusal({ ...good, 'order_table.csv': orders })).toBeUndefined()
  })

  test('a NUL in another cell does not hide it', async () => {
    const refused = await refusal(hundred({ id: 'x', total: '990', coupon: 'A\0B' }))
    expect(refused!.message).toContain('with 990.00 of the 1,980.00')
    expect(refused!.message).toContain('1 × nul_byte')
  })

  test('of conflicting orders, and of duplicates, filtered and out of range ones in all that is read', async () => {
    const orders = Array.from({ length: 100 }, (_, i) => ({ id: `o${i}`, total: '10' }))
    // Read 1000.00 + 12.00 + 500.00, conflicting 12.00: 0.79 %. Without the filtered order it would be 1.19 %.
    const shop = orderShop([...orders, { id: 'o1', total: '12' }, { id: 'big', total: '500', user: 'test' }])
    expect(await refusal(shop, { filters: { testUsers: ['test'] } })).toBeUndefined()
    const more = orderShop([...orders, { id: 'o1', total: '12' }])
    expect((await refusal(more))!.message).toContain('with 12.00 of the 1,012.00 that can be read (1.19 %)')
  })

  test('line items by price × quantity', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => [`p${i}`, '1.00', '2'] as const)
    const shop = orderShop([{ id: 'o', total: '0', lines }])
    // 100 × 2.00 = 200.00; the bad line 3 × 1.50 = 4.50 of 204.50
    const bad = `${shop['order_line_item_table.csv']}l-x,s,o,someday,p,1.50,-3\n`
    expect((await refusal({ ...shop, 'order_line_item_table.csv': bad }))!.message).toContain(
      '1 of 101 rows (0.99 %) are rejected or conflicting, with 4.50 of the 204.50 that can be read (2.20 %)',
    )
  })
})

describe('what is advised', () => {
  const emptyRows = (column: 'user' | 'id') =>
    orderShop([
      { id: 'o1', total: '1' },
      { id: 'o2', total: '1' },
      { id: 'o3', total: '1', [column]: '' },
    ])

  test('a share above one half is never to be accepted', async () => {
    const shop = (bad: number) =>
      orderShop(Array.from({ length: 4 }, (_, i) => ({ id: `o${i}`, total: i < bad ? '1,5' : '1' })))
    expect((await refusal(shop(2)))!.hint).toContain('maxRejectRate: 0.5 ')
    expect((await refusal(shop(2)))!.hint).toContain('--max-reject-rate 0.5')
    expect((await refusal(shop(3)))!.hint).not.toMatch(/accept|maxRejectRate|max-reject-rate/)
    expect((await refusal(shop(4)))!.hint).not.toMatch(/accept|maxRejectRate|max-reject-rate/)
  })

  test('the general limit is not named where the table has its own', async () => {
    const shop = orderShop([
      { id: 'o1', total: '1' },
      { id: 'o2', total: '1' },
      { id: 'o3', total: 'x' },
    ])
    const own = { rawTables: { order_table: { maxRejectRate: 0.2 } } }
    expect((await refusal(shop, own))!.hint).toMatch(/maxRejectRate: 0.3334 } }$/)
  })

  test('empty ids that may be empty by a setting; others must be exported', async () => {
    expect((await refusal(emptyRows('user')))!.hint).toContain(
      'rawTables: { order_table: { optional: [user_id] } }',
    )
    const noKey = (await refusal(emptyRows('id')))!.hint
    expect(noKey).toContain('export order_id for every row')
    expect(noKey).not.toContain('optional')
  })

  test('texts that mean null, beside those that are known; not where the cell may not be empty', async () => {
    const shop = (shipping: string, total: string) =>
      orderShop([
        { id: 'o1', total: '1' },
        { id: 'o2', total, shipping },
      ])
    expect((await refusal(shop('NULL', '1'), { nullValues: ['(none)'] }))!.hint).toContain(
      "1 cell of shipping_price read 'NULL': if that means empty, say so: nullValues: ['(none)', 'NULL']",
    )
    expect(await refusal(shop('NULL', '1'), { nullValues: ['(none)', 'NULL'] })).toBeUndefined()
    const required = (await refusal(shop('', '\\N')))!.hint
    expect(required).toContain("1 cell of total_price read '\\N', and total_price may not be empty")
    expect(required).not.toContain('nullValues')
  })

  test('line items that share an event: key or dedupe; orders: once, or the last', async () => {
    const lines = (['a', 'b', 'c', 'd'] as const).map((product) => [product, '1', '1'] as const)
    const shop = orderShop([{ id: 'o', total: '4', lines }])
    const shared = shop['order_line_item_table.csv']!.replaceAll(/o-\d/g, 'o-0')
    const { hint } = (await refusal({ ...shop, 'order_line_item_table.csv': shared }))!
    expect(hint).toContain('rawTables: { order_line_item_table: { key: [event_id, product_name] } }')
    expect(hint).toContain('rawTables: { order_line_item_table: { dedupe: false } }')
    const dedupe = { rawTables: { order_line_item_table: { dedupe: false } } }
    expect(await refusal({ ...shop, 'order_line_item_table.csv': shared }, dedupe)).toBeUndefined()
    const twice = orderShop([
      { id: 'o', total: '1' },
      { id: 'o', total: '2' },
    ])
    expect((await refusal(twice))!.hint).toContain('rawTables: { order_table: { keep: last } }')
  })

  test('each of the three most frequent reasons, each advice once', async () => {
    const shop = orderShop([
      { id: 'o1', total: '$1' },
      { id: 'o2', total: '$1' },
      { id: 'o3', total: '1', shipping: 'NULL' },
      { id: 'o4', total: '1', user: '' },
      { id: 'o5', total: '1', discount: 'x' },
    ])
    const { message, hint } = (await refusal(shop))!
    expect(message).toContain(
      "2 × invalid_money in total_price (line 2, like '$9'); 1 × invalid_money in shipping_price (line 4, like 'AAAA'); 1 × required_cell_empty in user_id (line 5)",
    )
    expect(message).not.toContain('discount')
    expect(hint.split('; ')).toHaveLength(3)
  })
})

describe('undeclared layouts of dates', () => {
  const sessions = (...times: string[]) => ({
    ...orderShop([]),
    'session_table.csv': `user_id,session_id,time\n${times.map((time, i) => `u,s${i},${time}\n`).join('')}`,
  })

  test('the one that fits all', async () => {
    expect((await refusal(sessions('5/6/2025 0:37', '5/31/2025 10:00')))!.hint).toBe(
      "all refused cells of session_table.time fit the layout M/d/yyyy H:mm: if that is what the shop means, declare it with --time-format 'M/d/yyyy H:mm'",
    )
  })

  test('both, where no day is above 12', async () => {
    const { hint } = (await refusal(sessions('05/06/2025', '07/08/2025')))!
    expect(hint).toContain('fit 2 layouts, dd/MM/yyyy and MM/dd/yyyy')
    expect(hint).toContain("--time-format 'dd/MM/yyyy' or --time-format 'MM/dd/yyyy'")
  })

  test('none, where some have the day first and some the month', async () => {
    const { hint } = (await refusal(sessions('05/06/2025', '13/06/2025', '06/13/2025', '06/14/2025')))!
    expect(hint).toContain(
      'session_table.time mixes two layouts: 1 cell can only have the day first, 2 cells only the month and 1 cell either, so no layout fits them all',
    )
    expect(hint).not.toContain('--time-format')
  })

  test('none, where the other order is declared', async () => {
    const { hint } = (await refusal(sessions('05/06/2025', '13/06/2025'), { timeFormats: ['MM/dd/yyyy'] }))!
    expect(hint).toContain('these cells can only have the day first (dd/MM/yyyy), and MM/dd/yyyy is declared')
    expect(hint).not.toContain('--time-format')
  })

  test('beside those that are declared, where they are declared', async () => {
    const times = sessions('13.06.2025', '12.06.2025')
    expect((await refusal(times, { timeFormats: ['yyyy/MM/dd'] }))!.hint).toContain(
      "--time-format 'yyyy/MM/dd' --time-format 'dd.MM.yyyy'",
    )
    const own = { rawTables: { session_table: { timeFormats: ['yyyy/MM/dd'] } } }
    expect((await refusal(times, own))!.hint).toContain(
      "rawTables: { session_table: { timeFormats: ['yyyy/MM/dd', 'dd.MM.yyyy'] } }",
    )
  })

  test('none that fits all is shown where cells differ, but what they look like', async () => {
    const { hint } = (await refusal(sessions('13.06.2025', '14.06.2025', 'someday')))!
    expect(hint).toContain("which look like '99.99.9999' (2 cells), 'aaaaaaa' (1 cell)")
    expect(hint).not.toContain('--time-format')
  })

  test('times that are written as numbers are declared by name', async () => {
    expect((await refusal(sessions('1743379200', '1743379201.5')))!.hint).toContain(
      "all refused cells of session_table.time read like seconds since 1970: if that is what the shop means, declare it with --time-format 'unix'",
    )
    expect((await refusal(sessions('1743459000000000')))!.hint).toContain("--time-format 'unix_us'")
    expect((await refusal(sessions('45747.25'), { timeFormats: ['dd.MM.yyyy'] }))!.hint).toContain(
      "days of a spreadsheet, since 1899-12-30: if that is what the shop means, declare it with --time-format 'dd.MM.yyyy' --time-format 'spreadsheet_day'",
    )
  })

  test('years of two digits cannot be declared, and that is said', async () => {
    expect((await refusal(sessions('13/06/25 10:00')))!.hint).toContain('have two digits')
  })

  test('found where ids are hashed, too, which hides all cells', async () => {
    const rules = { privacy: { hashIds: ['user_id'] } }
    const refused = await refusal(sessions('31.12.2025'), rules, Buffer.alloc(32, 1))
    expect(refused!.message).toContain("like '99.99.9999'")
    expect(refused!.hint).toContain("--time-format 'dd.MM.yyyy'")
  })
})
