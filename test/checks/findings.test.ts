import { describe, expect, test } from 'vitest'
import { runInMemory } from '../support/memory-run.ts'

/** Rows after the header of each table; enough that each finding can be made or unmade by one of them. */
const HEADERS: Readonly<Record<string, string>> = {
  user_table: 'user_id,has_purchase_last_year,has_purchase_last_qtr',
  session_table: 'user_id,session_id,time',
  order_table: 'user_id,session_id,order_id,time,total_price,shipping_price,discount',
  order_line_item_table: 'event_id,session_id,order_id,time,product_name,product_price,product_qty',
  add_to_cart_table: 'event_id,session_id,time,product_name,product_price',
  pageview_table: 'event_id,user_id,session_id,time,path',
  scroll_table: 'event_id,session_id,time,scroll_percent,path',
  click_table: 'event_id,session_id,time,path',
}

type Shop = Readonly<Record<string, readonly string[]>>

/** A shop without any finding: one session with a product view, a cart add and an order that adds up. */
const CLEAN: Shop = {
  user_table: ['u,1,1'],
  session_table: ['u,s,2025-01-01 10:00'],
  order_table: ['u,s,o,2025-01-01 10:10,20,0,0'],
  order_line_item_table: ['l,s,o,2025-01-01 10:10,p,10,2'],
  add_to_cart_table: ['a,s,2025-01-01 10:05,p,10'],
  pageview_table: ['v,u,s,2025-01-01 10:01,/product/p'],
  scroll_table: ['r,s,2025-01-01 10:02,50,/product/p'],
  click_table: ['k,s,2025-01-01 10:03,/product/p'],
}

async function findingsOf(changes: Shop, rules: Readonly<Record<string, unknown>> = {}) {
  const files = Object.entries(HEADERS).map(([table, header]) => {
    const rows = changes[table] ?? CLEAN[table]!
    return [`${table}.csv`, `${[header, ...rows].join('\n')}\n`]
  })
  const { verdict } = await runInMemory(Object.fromEntries(files), { rules })
  return verdict.findings
}

const plus = (table: string, ...rows: string[]): Shop => ({ [table]: [...CLEAN[table]!, ...rows] })

async function codesOf(changes: Shop, rules?: Readonly<Record<string, unknown>>): Promise<string[]> {
  return (await findingsOf(changes, rules)).map(({ code }) => code)
}

async function detailsOf(changes: Shop, code: string, rules?: Readonly<Record<string, unknown>>) {
  return (await findingsOf(changes, rules)).find((finding) => finding.code === code)?.details
}

test('a clean shop has none, and neither has an empty one', async () => {
  expect(await codesOf({})).toEqual([])
  expect(await codesOf(Object.fromEntries(Object.keys(HEADERS).map((table) => [table, []])))).toEqual([])
})

describe('orphans', () => {
  test('an order of an unknown session, with its revenue', async () => {
    const orders = {
      ...plus('order_table', 'u,ghost,o2,2025-01-01 11:00,7.5,,', 'u,ghost,o3,2025-01-01 11:00,1,,'),
      order_line_item_table: [],
    }
    expect(await codesOf(orders)).toEqual(['orphan_orders'])
    expect(await detailsOf(orders, 'orphan_orders')).toEqual({ orders: 2, revenue: '8.50' })
  })

  test.each([
    ['order_line_item_table', 'l2,ghost,o,2025-01-01 10:10,p,0,2', 'l2,,o,2025-01-01 10:10,p,0,2'],
    ['add_to_cart_table', 'a2,ghost,2025-01-01 10:05,p,10', 'a2,s,2025-01-01 10:05,p,10'],
    ['pageview_table', 'v2,u,ghost,2025-01-01,/', 'v2,u,s,2025-01-01,/'],
    ['scroll_table', 'r2,ghost,2025-01-01,50,/', 'r2,,2025-01-01,50,/'],
    ['click_table', 'k2,ghost,2025-01-01,/', 'k2,,2025-01-01,/'],
  ])('an event of %s by its own session_id; null is none', async (table, orphan, known) => {
    expect(await codesOf(plus(table, orphan))).toEqual(['orphan_events'])
    expect(await detailsOf(plus(table, orphan), 'orphan_events')).toEqual({ events: 1, [table]: 1 })
    expect(await codesOf(plus(table, known))).toEqual([])
  })
})

describe('negative amounts, by column with their sum', () => {
  test('of all money columns, also of those no table shows', async () => {
    const changes = {
      ...plus('order_table', 'u,s,o2,2025-01-01 10:20,-3,-1,-0.5', 'u,s,o3,2025-01-01 10:20,5,0,-0.25'),
      ...plus('order_line_item_table', 'l2,s,o,2025-01-01 10:20,p,-3,1', 'l3,s,o,2025-01-01 10:20,p,-2,-1'),
      ...plus('add_to_cart_table', 'a2,s,2025-01-01 10:05,p,-9'),
    }
    // Those of a refund and of its lines are not among them.
    expect(await detailsOf(changes, 'negative_amounts')).toEqual({
      'order_table.discount': '1 row, together -0.25',
      'order_line_item_table.product_price': '1 row, together -2.00',
      'add_to_cart_table.product_price': '1 row, together -9.00',
    })
  })

  test('zero is none, however it is written, and a duplicate is not accepted', async () => {
    const zero = plus('order_table', 'u,s,o2,2025-01-01 10:20,-0,-0.00,-0.00004')
    expect(await codesOf({ ...zero, order_line_item_table: [] })).toEqual([])
    const order = 'u,s,o2,2025-01-01 10:20,1,-1,0'
    expect(await detailsOf(plus('order_table', order, order), 'negative_amounts')).toEqual({
      'order_table.shipping_price': '1 row, together -1.00',
    })
  })

  test('where refunds count as orders, their amounts are among them', async () => {
    const rules = { negativeOrders: 'order' }
    const refund = plus('order_table', 'u,s,o2,2025-01-01 10:20,-3,-1,-0.5')
    expect(await codesOf(refund, rules)).toEqual(['orders_without_lines', 'negative_amounts'])
    expect(await detailsOf(refund, 'negative_amounts', rules)).toEqual({
      'order_table.total_price': '1 row, together -3.00',
      'order_table.shipping_price': '1 row, together -1.00',
      'order_table.discount': '1 row, together -0.50',
    })
  })
})

describe('refunds', () => {
  test('how many, their sum, and how many name no known order', async () => {
    const changes = plus(
      'order_table',
      'u,s,o,2025-01-01 10:20,-3,0,0',
      'u,s,o,2025-01-01 10:25,-0.5,0,0',
      'u,s,back,2025-01-01 10:20,-0.25,0,0',
    )
    expect(await codesOf(changes)).toEqual(['refunds'])
    expect(await detailsOf(changes, 'refunds')).toEqual({
      refunds: 3,
      amount: '-3.75',
      without_known_order: 1,
    })
    expect(await detailsOf(changes, 'refunds', { negativeOrders: 'order' })).toBeUndefined()
    expect(await detailsOf({}, 'refunds')).toBeUndefined()
  })
})

describe('out of order sessions', () => {
  test.each([
    ['a cart add at the start', { add_to_cart_table: ['a,s,2025-01-01 10:00,p,1'] }, 0],
    ['a cart add before the start', { add_to_cart_table: ['a,s,2025-01-01 09:59:59.999,p,1'] }, 1],
    ['an order at the moment of the add', { add_to_cart_table: ['a,s,2025-01-01 10:10,p,1'] }, 0],
    ['an order before the first add', { add_to_cart_table: ['a,s,2025-01-01 10:10:00.001,p,1'] }, 1],
    ['an order before a later add', plus('add_to_cart_table', 'b,s,2025-01-01 10:11,p,1'), 0],
  ])('%s', async (_name, changes, sessions) => {
    expect(await detailsOf(changes, 'out_of_order_sessions')).toEqual(
      sessions === 0 ? undefined : { sessions },
    )
  })
})

describe('path rules that fit nothing', () => {
  const elsewhere = { pageview_table: ['v,u,s,2025-01-01 10:01,/p/1'], scroll_table: [], click_table: [] }
  const nothingLater = { add_to_cart_table: [], order_table: [], order_line_item_table: [] }

  test('no product view, and a later step', async () => {
    expect(await codesOf(elsewhere)).toEqual(['product_view_rule_fits_nothing'])
    expect(await codesOf({ ...elsewhere, ...nothingLater })).toEqual([])
    expect(
      await codesOf({ ...elsewhere, ...nothingLater, add_to_cart_table: CLEAN.add_to_cart_table! }),
    ).toEqual(['product_view_rule_fits_nothing'])
    expect(await codesOf(elsewhere, { funnel: { productView: ['/p/'] } })).toEqual([])
  })

  test('a checkout view is a later step, too', async () => {
    const changes = { ...elsewhere, ...nothingLater, pageview_table: ['v,u,s,2025-01-01 10:01,/checkout'] }
    expect(await codesOf(changes)).toEqual(['product_view_rule_fits_nothing'])
  })

  test('no checkout view, only where the shop set the rule', async () => {
    const own = { funnel: { checkoutView: ['/kasse'] } }
    expect(await codesOf({})).toEqual([])
    expect(await codesOf({}, own)).toEqual(['checkout_view_rule_fits_nothing'])
    expect(await codesOf(plus('pageview_table', 'v2,u,s,2025-01-01 10:06,/kasse/1'), own)).toEqual([])
  })
})

describe('orders whose lines do not add up', () => {
  // One order of lines worth 20 with 2 of shipping and 5 of discount.
  const order = (total: string) => ({ order_table: [`u,s,o,2025-01-01 10:10,${total},2,5`] })
  const counts = (gross: number, paid: number, both: number) => ({
    orders_with_lines: 1,
    differ_from_gross: gross,
    differ_from_gross_less_discount_plus_shipping: paid,
    differ_from_both: both,
  })

  test.each([
    ['20', counts(0, 1, 0)],
    ['17', counts(1, 0, 0)],
    ['17.0001', counts(1, 1, 1)],
    ['0', counts(1, 1, 1)],
  ])('total_price %s', async (total, expected) => {
    expect(await detailsOf(order(total), 'order_arithmetic')).toEqual(expected)
  })

  test.each([
    // Of one order none fits; of two, one does.
    [['u,s,o,2025-01-01 10:10,19,2,5'], true],
    [['u,s,o,2025-01-01 10:10,19,2,5', 'u,s,o2,2025-01-01 10:20,3,1,0'], false],
  ])('advice where neither rule fits most orders', async (orders, isNeither) => {
    const lines = plus('order_line_item_table', 'l2,s,o2,2025-01-01 10:20,p,3,1')
    const found = await findingsOf({ ...lines, order_table: orders })
    const { advice } = found.find(({ code }) => code === 'order_arithmetic')!
    expect(advice.includes('neither rule fits most orders')).toBe(isNeither)
    expect(advice.includes('the rule with few differences')).toBe(!isNeither)
  })

  test('orders without lines, and lines without an order, are not compared', async () => {
    const order = plus('order_table', 'u,s,o2,2025-01-01 10:20,99,0,0')
    expect(await detailsOf(order, 'order_arithmetic')).toBeUndefined()
    const line = plus('order_line_item_table', 'l2,s,nowhere,2025-01-01 10:20,p,3,1')
    expect(await detailsOf(line, 'order_arithmetic')).toBeUndefined()
  })

  test('exactly, beyond 2^53', async () => {
    const lines = {
      order_line_item_table: [
        'l,s,o,2025-01-01 10:10,p,1000000000,1000000',
        'l2,s,o,2025-01-01 10:10,p,0.0001,1',
      ],
    }
    const exact = { ...lines, order_table: ['u,s,o,2025-01-01 10:10,1000000000,0,0'] }
    expect(await detailsOf(exact, 'order_arithmetic')).toEqual(counts(1, 1, 1))
  })
})

describe('days without sessions', () => {
  test('a hole, and a day of another table at either end', async () => {
    expect(await codesOf(plus('session_table', 'u,s2,2025-01-02'))).toEqual([])
    expect(await detailsOf(plus('session_table', 'u,s2,2025-01-04'), 'days_without_sessions')).toMatchObject({
      days: 2,
      example: '2025-01-02',
    })
    const before = plus('order_line_item_table', 'l2,s,nowhere,2024-12-31 23:59:59,p,3,1')
    expect(await detailsOf(before, 'days_without_sessions')).toMatchObject({ days: 1, example: '2024-12-31' })
    const after = plus('order_table', 'u,s,o2,2025-01-02,1,0,0')
    expect(await detailsOf(after, 'days_without_sessions')).toMatchObject({ days: 1, example: '2025-01-02' })
  })

  test('pageviews, carts, scrolls and clicks make no day', async () => {
    expect(await codesOf(plus('pageview_table', 'v2,u,s,2025-02-01,/'))).toEqual([])
  })
})

describe('conflicting duplicates', () => {
  test('a copy is none, another value is one; null differs from 0', async () => {
    expect(await codesOf(plus('user_table', 'u,1,1'))).toEqual([])
    expect(await codesOf(plus('user_table', 'u,1.0,TRUE'))).toEqual([])
    expect(await detailsOf(plus('user_table', 'u,1,0', 'u,1,'), 'conflicting_duplicates')).toEqual({
      user_table: 2,
    })
    expect(await codesOf(plus('order_table', 'u,s,o,2025-01-01 10:10,20,,0'))).toEqual([
      'rejected_rows',
      'conflicting_duplicates',
    ])
  })

  test('events other than line items never conflict', async () => {
    expect(await codesOf(plus('pageview_table', 'v,u,s,2025-01-01 10:02,/other'))).toEqual([
      'event_duplicates_differ',
    ])
    expect(await codesOf(plus('order_line_item_table', 'l,s,o,2025-01-01 10:10,p,10,3'))).toEqual([
      'rejected_rows',
      'conflicting_duplicates',
    ])
  })
})

describe('duplicates of events that are not the same row', () => {
  test('by table, with the settings that keep them', async () => {
    const changes = {
      // The same again, another product, and a quantity that the table has not: two of three differ.
      ...plus(
        'add_to_cart_table',
        'a,s,2025-01-01T10:05:00,p,10',
        'a,s,2025-01-01 10:05,q,10',
        'a,,2025-01-01 10:05,p,10',
        'a,s,2025-01-01 10:05:00.001,p,10',
      ),
      ...plus('click_table', 'k,s,2025-01-01 10:03,/product/p', 'k,,2025-01-01 10:03,/product/p'),
    }
    const findings = await findingsOf(changes)
    const { details, advice, message } = findings.find(({ code }) => code === 'event_duplicates_differ')!
    expect(details).toEqual({
      rows: 3,
      add_to_cart_table: '2 of 3 duplicates',
      click_table: '1 of 2 duplicates',
    })
    expect(message).toContain('3 rows repeat the id of an event')
    expect(advice).toContain('rawTables: { add_to_cart_table: { key: [event_id, product_name] } }')
    expect(advice).toContain('rawTables: { click_table: { dedupe: false } }')
  })

  test('silent where they are the same, or where each row counts', async () => {
    expect(await codesOf(plus('click_table', 'k,s,2025-01-01T10:03,/product/p'))).toEqual([])
    const other = plus('click_table', 'k,s,2025-01-01 10:03,/product/q')
    expect(await codesOf(other)).toEqual(['event_duplicates_differ'])
    expect(await codesOf(other, { rawTables: { click_table: { dedupe: false } } })).toEqual([])
  })

  test('a null is another value than any', async () => {
    expect(await codesOf(plus('scroll_table', 'r,,2025-01-01 10:02,50,/product/p'))).toEqual([
      'event_duplicates_differ',
    ])
    const nulls = {
      scroll_table: ['r,,2025-01-01 10:02,50,/product/p', 'r,,2025-01-01 10:02,50.0,/product/p'],
    }
    expect(await codesOf(nulls)).toEqual([])
  })

  test('only beside an accepted row', async () => {
    const rows = plus(
      'click_table',
      'x,t,2025-01-01 10:03,/a',
      'x,s,2025-01-01 10:03,/b',
      'k,t,2025-01-01 10:03,/product/p',
    )
    // The first x is filtered, so that its copy says nothing; the copy of k is of another session.
    const details = await detailsOf(rows, 'event_duplicates_differ', { filters: { sessions: ['t'] } })
    expect(details).toEqual({ rows: 1, click_table: '1 of 2 duplicates' })
  })
})

describe('rejected rows', () => {
  test('by table, with the money that can be read in them and its share', async () => {
    const changes = {
      // 20.00 accepted, 30.00 and 5.00 rejected, of the last nothing can be read: 35.00 of 55.00.
      ...plus(
        'order_table',
        'u,s,o2,2025-01-01 10:10,30,x,0',
        'u,s,o3,someday,-5,0,0',
        'u,s,o4,2025-01-01 10:10,1.000,00,0,0',
      ),
      // 20.00 accepted; the same key again with 3 × 10.00: 30.00 of 50.00.
      ...plus('order_line_item_table', 'l,s,o,2025-01-01 10:10,p,10,3'),
      ...plus('click_table', 'k2,s,2025-01-01 10:03,'),
    }
    const findings = await findingsOf(changes)
    const { message, advice, details } = findings.find(({ code }) => code === 'rejected_rows')!
    expect(details).toEqual({
      rows: 5,
      order_table: '3 of 4 rows (75.00 %), 35.00 of 55.00 (63.64 %)',
      order_line_item_table: '1 of 2 rows (50.00 %), 30.00 of 50.00 (60.00 %)',
      click_table: '1 of 2 rows (50.00 %)',
    })
    expect(message).toContain('5 rows are rejected or conflicting')
    expect(message).toContain(
      "most often in order_table 1 × invalid_money in shipping_price (line 3, like 'a')",
    )
    expect(advice).toContain('order_table: mend shipping_price in the export')
  })

  test('one is told of in the singular', async () => {
    const found = await findingsOf(plus('click_table', 'k2,s,2025-01-01 10:03,'))
    const { message } = found.find(({ code }) => code === 'rejected_rows')!
    expect(message).toContain('1 row is rejected or conflicting')
  })

  test('say the setting that mends them, and are silent with it', async () => {
    const lines = plus('order_line_item_table', 'l,s,o,2025-01-01 10:10,q,0,1')
    const { advice } = (await findingsOf(lines)).find(({ code }) => code === 'rejected_rows')!
    expect(advice).toContain('rawTables: { order_line_item_table: { dedupe: false } }')
    expect(await codesOf(lines, { rawTables: { order_line_item_table: { dedupe: false } } })).toEqual([])
    const nulls = { order_table: ['u,s,o,2025-01-01 10:10,20,NULL,0'] }
    const found = (await findingsOf(nulls)).find(({ code }) => code === 'rejected_rows')!
    expect(found.advice).toContain("nullValues: ['NULL']")
    expect(await codesOf(nulls, { nullValues: ['NULL'] })).toEqual([])
  })
})

test('each finding says what to do, in one line', async () => {
  const all = await findingsOf(
    {
      session_table: ['u,s,2025-01-01 10:00', 'u,s,2025-01-03'],
      order_table: [
        'u,ghost,o,2025-01-05 10:10,21,-1,0',
        'u,ghost,o,2025-01-05 10:11,-20,0,0',
        'u,s,o4,2025-01-01 09:00,1,0,0',
      ],
      pageview_table: ['v,u,ghost,2025-01-01 10:01,/p'],
    },
    { funnel: { checkoutView: ['/kasse'] } },
  )
  expect(all.map(({ code }) => code)).toEqual([
    'orphan_orders',
    'orphan_events',
    'orders_without_lines',
    'product_view_rule_fits_nothing',
    'checkout_view_rule_fits_nothing',
    'order_arithmetic',
    'refunds',
    'negative_amounts',
    'rejected_rows',
    'conflicting_duplicates',
    'out_of_order_sessions',
    'days_without_sessions',
  ])
  for (const { message, advice } of all) {
    expect(message).toMatch(/^[^\n]{20,}$/)
    expect(advice).toMatch(/^[^\n]{20,}$/)
  }
})
