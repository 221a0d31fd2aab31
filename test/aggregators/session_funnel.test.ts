import { describe, expect, test } from 'vitest'
import { session_funnel } from '../../src/aggregators/session_funnel/index.ts'
import { aggregated, columnsOf, type OutputRow, type Rows } from '../support/collections.ts'

const funnel = (rows: Rows, rules: Readonly<Record<string, unknown>> = {}) =>
  aggregated(session_funnel, rows, { rules }).rows

const at = (minute: number) =>
  `2025-01-01T${String(10 + Math.floor(minute / 60))}:${String(minute % 60).padStart(2, '0')}`

/** One session that starts at minute 10, with events at the given minutes. */
function session(events: {
  views?: readonly (readonly [number, string])[]
  carts?: readonly number[]
  orders?: readonly number[]
}): OutputRow {
  const rows = funnel({
    session_table: [{ user_id: 'u', session_id: 's', time: at(10) }],
    pageview_table: (events.views ?? []).map(([minute, path], i) => ({
      event_id: `v${i}`,
      user_id: 'u',
      session_id: 's',
      time: at(minute),
      path,
    })),
    add_to_cart_table: (events.carts ?? []).map((minute, i) => ({
      event_id: `a${i}`,
      session_id: 's',
      time: at(minute),
      product_name: 'p',
    })),
    order_table: (events.orders ?? []).map((minute, i) => ({
      user_id: 'u',
      session_id: 's',
      order_id: `o${i}`,
      time: at(minute),
      total_price: 1,
    })),
  })
  expect(rows).toHaveLength(1)
  return rows[0]!
}

const HOME = '/'
const PRODUCT = '/product/1'
const CHECKOUT = '/checkout/pay'

describe('steps', () => {
  test.each([
    ['nothing', {}, 'session', 'session', '0'],
    ['a view', { views: [[11, HOME]] }, 'pageview', 'pageview', '0'],
    ['all in order', { views: [[11, PRODUCT]], carts: [12], orders: [13] }, 'order', 'order', '0'],
    ['all at once', { views: [[10, PRODUCT]], carts: [10], orders: [10] }, 'order', 'order', '0'],
    ['no product view', { views: [[11, HOME]], carts: [12], orders: [13] }, 'order', 'pageview', '0'],
    ['a view before the start only', { views: [[9, PRODUCT]], carts: [12] }, 'add_to_cart', 'session', '0'],
    [
      'product before the first counted view',
      {
        views: [
          [9, PRODUCT],
          [11, HOME],
        ],
      },
      'product_view',
      'pageview',
      '0',
    ],
    ['cart before product', { views: [[12, PRODUCT]], carts: [11] }, 'add_to_cart', 'product_view', '0'],
    ['a later cart counts', { views: [[12, PRODUCT]], carts: [11, 13] }, 'add_to_cart', 'add_to_cart', '0'],
    ['order before cart', { views: [[11, PRODUCT]], carts: [13], orders: [12] }, 'order', 'add_to_cart', '1'],
    [
      'a later order counts',
      { views: [[11, PRODUCT]], carts: [13], orders: [12, 14] },
      'order',
      'order',
      '1',
    ],
    ['cart before the start', { carts: [9] }, 'add_to_cart', 'session', '1'],
    ['cart before the start, and after', { carts: [9, 12] }, 'add_to_cart', 'session', '1'],
    ['order before the start', { orders: [9] }, 'order', 'session', '1'],
    [
      'checkout plays no part in order',
      {
        views: [
          [11, PRODUCT],
          [15, CHECKOUT],
        ],
        carts: [12],
        orders: [13],
      },
      'order',
      'order',
      '0',
    ],
    [
      'checkout is beyond the cart',
      { views: [[11, CHECKOUT]], carts: [12] },
      'checkout_view',
      'pageview',
      '0',
    ],
  ] as const)('%s', (_name, events, furthest, ordered, outOfOrder) => {
    const row = session(events)
    expect([row.furthest_step, row.furthest_ordered_step, row.out_of_order]).toEqual([
      furthest,
      ordered,
      outOfOrder,
    ])
  })
})

describe('flags and times', () => {
  test.each([
    ['no cart', { orders: [12] }, '.'],
    ['cart without order', { carts: [11] }, '1'],
    ['order at the moment of the add', { carts: [11], orders: [11] }, '0'],
    ['order before the add', { carts: [12], orders: [11] }, '1'],
    ['order before the first add, and one after', { carts: [12], orders: [11, 13] }, '0'],
    ['order between two adds', { carts: [11, 13], orders: [12] }, '0'],
  ] as const)('cart_abandoned with %s', (_name, events, expected) => {
    expect(columnsOf([session(events)], 'cart_abandoned')).toEqual([expected])
  })

  test('is_bounce', () => {
    expect(session({}).is_bounce).toBe('')
    expect(session({ views: [[9, HOME]] }).is_bounce).toBe('1')
    expect(
      session({
        views: [
          [11, HOME],
          [11, HOME],
        ],
      }),
    ).toMatchObject({ is_bounce: '0', pageviews: '2' })
  })

  test('times are those to the first event, empty if that one precedes the start', () => {
    const times = ['time_to_cart_minutes', 'time_to_order_minutes'] as const
    expect(columnsOf([session({ carts: [12], orders: [30] })], ...times)).toEqual(['2.00 20.00'])
    expect(columnsOf([session({ carts: [9, 12], orders: [10] })], ...times)).toEqual(['. 0.00'])
    expect(columnsOf([session({})], ...times)).toEqual(['. .'])
  })
})

test('a product page holds one of the rule texts, case-sensitive', () => {
  const had = (path: string) => session({ views: [[11, path]] }).had_product_view
  expect(['/product/1', '/a/products/', '/Product/1', '/product', '/products', 'product/'].map(had)).toEqual([
    '1',
    '1',
    '0',
    '0',
    '0',
    '0',
  ])
})

test('the shop may set its own rules', () => {
  const rows = funnel(
    {
      session_table: [{ user_id: 'u', session_id: 's', time: at(10) }],
      pageview_table: [
        { event_id: 'v', user_id: 'u', session_id: 's', time: at(11), path: '/p/1?zur=kasse' },
      ],
    },
    { funnel: { productView: ['/p/'], checkoutView: ['kasse'] } },
  )
  expect(rows[0]).toMatchObject({ had_product_view: '1', had_checkout_view: '1' })
})

test('events of unknown sessions make no row, and belong to nobody', () => {
  const rows = funnel({
    session_table: [{ user_id: 'u', session_id: 's', time: at(10) }],
    order_table: [{ user_id: 'u', session_id: 'ghost', order_id: 'o', time: at(11), total_price: 1 }],
  })
  expect(columnsOf(rows, 'session_id', 'had_order')).toEqual(['s 0'])
})
