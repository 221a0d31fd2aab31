import { expect, test } from 'vitest'
import { coupon_performance } from '../../src/aggregators/coupon_performance/index.ts'
import { aggregated, columnsOf, type Rows } from '../support/collections.ts'

const coupons = (order_table: Rows['order_table'] & object) =>
  aggregated(coupon_performance, { order_table }).rows

let orders = 0
const order = (
  discount_coupon_code: string | null,
  total_price: number,
  discount: number | null,
  user_id = 'u',
  time = '2025-01-01',
) => ({
  user_id,
  session_id: 's',
  order_id: `o${orders++}`,
  time,
  total_price,
  discount,
  discount_coupon_code,
})

test('null and the literal NO_COUPON are one row; case tells codes apart', () => {
  const rows = coupons([
    order(null, 10, null),
    order('NO_COUPON', 20, 3),
    order('Spring', 1, 0),
    order('spring', 1, 0),
  ])
  expect(
    columnsOf(rows, 'discount_coupon_code', 'usage_count', 'total_revenue', 'total_discount_given'),
  ).toEqual(['NO_COUPON 2 30.00 3.00', 'Spring 1 1.00 0.00', 'spring 1 1.00 0.00'])
})

test('rates and averages, empty without a denominator', () => {
  const rows = coupons([
    order('A', 30, 5),
    order('A', 10, 0.0049),
    order('FREE', 0, 7),
    order('BACK', -20, 5),
  ])
  expect(
    columnsOf(
      rows,
      'discount_coupon_code',
      'avg_order_value',
      'discount_percentage',
      'avg_discount_per_order',
    ),
  ).toEqual([
    // 5.0049 of 40 are 12.51225 %; half of 5.0049 is 2.50245.
    'A 20.00 12.51 2.50',
    'FREE 0.00 . 7.00',
    // A refund's money counts, but it is no order.
    'BACK . -25.00 .',
  ])
})

test('a first order has rank 1 among all orders of its user, whatever their codes', () => {
  const rows = coupons([
    order('B', 1, 0, 'u', '2025-01-01T10:00'),
    order('A', 1, 0, 'u', '2025-01-01T09:00'),
    order('B', 1, 0, 'v', '2025-01-01'),
    order('B', 1, 0, 'u', '2025-01-02'),
  ])
  expect(
    columnsOf(
      rows,
      'date',
      'discount_coupon_code',
      'usage_count',
      'customers',
      'first_time_orders',
      'first_time_order_rate',
    ),
  ).toEqual(['2025-01-01 B 2 2 1 50.00', '2025-01-01 A 1 1 1 100.00', '2025-01-02 B 1 1 0 0.00'])
})

test('the same user twice is one customer', () => {
  const rows = coupons([order('A', 1, 0), order('A', 1, 0), order('A', 1, 0, 'v')])
  expect(columnsOf(rows, 'usage_count', 'customers')).toEqual(['3 2'])
})

test('the order: date, most used first, then the code in bytes', () => {
  const rows = coupons([
    order('\u{1F600}', 1, 0, 'u', '2025-01-02'),
    order('\uFF5E', 1, 0, 'u', '2025-01-02'),
    order('z', 1, 0, 'u', '2025-01-02'),
    order('z', 1, 0, 'u', '2025-01-02'),
    order('b', 1, 0, 'u', '2025-01-03'),
    order('a', 1, 0, 'u', '2025-01-03'),
  ])
  expect(columnsOf(rows, 'discount_coupon_code')).toEqual(['z', '\uFF5E', '\u{1F600}', 'a', 'b'])
})
