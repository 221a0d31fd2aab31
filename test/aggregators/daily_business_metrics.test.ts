import { expect, test } from 'vitest'
import { daily_business_metrics } from '../../src/aggregators/daily_business_metrics/index.ts'
import { aggregated, columnsOf, type Rows } from '../support/collections.ts'

const daily = (rows: Rows) => aggregated(daily_business_metrics, rows).rows

test('the calendar runs over sessions, orders and line items, with zeros and empty ratios in the gaps', () => {
  const rows = daily({
    session_table: [{ user_id: 'u', session_id: 's', time: '2024-02-28T23:59:59.999' }],
    order_table: [{ user_id: 'u', session_id: 's', order_id: 'o', time: '2024-03-01', total_price: 10 }],
    order_line_item_table: [
      {
        event_id: 'l',
        order_id: 'o',
        time: '2024-03-02',
        product_name: 'p',
        product_price: 2.5,
        product_qty: 3,
      },
    ],
  })
  expect(
    columnsOf(rows, 'date', 'total_sessions', 'total_orders', 'total_revenue', 'gross_sales', 'units_sold'),
  ).toEqual([
    '2024-02-28 1 0 0.00 0.00 0',
    '2024-02-29 0 0 0.00 0.00 0',
    '2024-03-01 0 1 10.00 0.00 0',
    '2024-03-02 0 0 0.00 7.50 3',
  ])
  expect(
    columnsOf(rows, 'conversion_rate', 'avg_order_value', 'session_conversion_rate', 'revenue_per_session'),
  ).toEqual(['0.00 . 100.00 0.00', '. . . .', '. 10.00 . .', '. . . .'])
})

test('no rows, no days', () => {
  expect(daily({ user_table: [{ user_id: 'u' }] })).toEqual([])
})

test('a session converts on its own day, whenever the order was placed; orders count on theirs', () => {
  const rows = daily({
    session_table: [
      { user_id: 'a', session_id: 's1', time: '2025-01-01T23:00' },
      { user_id: 'a', session_id: 's2', time: '2025-01-01T23:30' },
      { user_id: 'b', session_id: 's3', time: '2025-01-02' },
    ],
    order_table: [
      { user_id: 'a', session_id: 's1', order_id: 'o1', time: '2025-01-02', total_price: 1 },
      { user_id: 'a', session_id: 's1', order_id: 'o2', time: '2025-01-02', total_price: 1 },
      { user_id: 'b', session_id: 'nobody saw it', order_id: 'o3', time: '2025-01-02', total_price: 1 },
    ],
  })
  expect(
    columnsOf(
      rows,
      'date',
      'total_sessions',
      'total_users',
      'converting_sessions',
      'session_conversion_rate',
      'conversion_rate',
    ),
  ).toEqual(['2025-01-01 2 1 1 50.00 0.00', '2025-01-02 1 1 0 0.00 300.00'])
})

test('customers by flag and by rank, each user once a day', () => {
  const order = (user_id: string, order_id: string, time: string) => ({
    user_id,
    session_id: 's',
    order_id,
    time,
    total_price: 1,
  })
  const rows = daily({
    user_table: [
      { user_id: 'new', has_purchase_last_year: 0 },
      { user_id: 'old', has_purchase_last_year: 1 },
      { user_id: 'unknown', has_purchase_last_year: null },
    ],
    order_table: [
      order('new', 'o1', '2025-01-01T10:00'),
      order('new', 'o2', '2025-01-01T11:00'),
      order('old', 'o3', '2025-01-01'),
      order('unknown', 'o4', '2025-01-01'),
      order('not in user_table', 'o5', '2025-01-01'),
      order('new', 'o6', '2025-01-02'),
      order('late', 'o7', '2025-01-02'),
    ],
  })
  expect(
    columnsOf(
      rows,
      'date',
      'new_customers',
      'repeat_customers',
      'first_time_customers',
      'returning_customers',
    ),
  ).toEqual(['2025-01-01 1 1 4 0', '2025-01-02 1 0 1 1'])
})

test('nulls count as 0, and money is rounded once, after the sum', () => {
  const order = (
    order_id: string,
    total_price: number,
    discount: number | null,
    shipping_price: number | null,
  ) => ({
    user_id: 'u',
    session_id: 's',
    order_id,
    time: '2025-01-01',
    total_price,
    discount,
    shipping_price,
  })
  const rows = daily({
    session_table: [{ user_id: 'u', session_id: 's', time: '2025-01-01' }],
    order_table: [
      order('o1', 0.0025, null, 1.5),
      order('o2', 0.0025, -0.005, null),
      order('o3', -1, 2, null),
    ],
  })
  expect(
    columnsOf(
      rows,
      'total_revenue',
      'total_discount',
      'total_shipping',
      'avg_order_value',
      'revenue_per_session',
    ),
  ).toEqual(['-1.00 2.00 1.50 -0.50 -1.00'])
})

test('a thousand orders of ten cents are a hundred', () => {
  const order_table = Array.from({ length: 1000 }, (_, i) => ({
    user_id: 'u',
    session_id: 's',
    order_id: `o${i}`,
    time: '2025-01-01',
    total_price: 0.1,
  }))
  expect(columnsOf(daily({ order_table }), 'total_revenue', 'avg_order_value')).toEqual(['100.00 0.10'])
})
