import { expect, test } from 'vitest'
import { product_performance_daily } from '../../src/aggregators/product_performance_daily/index.ts'
import { aggregated, columnsOf, type Rows } from '../support/collections.ts'

const products = (rows: Rows) => aggregated(product_performance_daily, rows).rows

let events = 0
const line = (
  product_name: string,
  time: string,
  product_price: number,
  product_qty: number,
  order_id = 'o',
  session_id: string | null = null,
) => ({ event_id: `l${events++}`, order_id, session_id, time, product_name, product_price, product_qty })
const add = (product_name: string, session_id: string, time: string, product_qty: number | null = 1) => ({
  event_id: `a${events++}`,
  session_id,
  time,
  product_name,
  product_qty,
})
const CART = ['cart_sessions', 'purchased_cart_sessions', 'cart_abandonment_rate']

test('sums of a day and product, rates without a denominator empty', () => {
  const rows = products({
    order_line_item_table: [
      line('mug', '2025-01-01T10:00', 2.5, 2, 'o1'),
      line('mug', '2025-01-01T11:00', 2, 1, 'o1'),
      line('mug', '2025-01-01T12:00', 3, 0, 'o2'),
      line('mug', '2025-01-02', -2.5, 0, 'o3'),
    ],
    add_to_cart_table: [
      add('mug', 's', '2025-01-01', 3),
      add('mug', 's', '2025-01-01', null),
      add('hat', 's', '2025-01-01'),
    ],
  })
  expect(
    columnsOf(
      rows,
      'date',
      'product_name',
      'times_purchased',
      'total_quantity_sold',
      'total_revenue',
      'orders',
      'avg_unit_price',
      'times_added_to_cart',
      'quantity_added_to_cart',
      'cart_to_purchase_rate',
    ),
  ).toEqual([
    '2025-01-01 mug 3 3 7.00 2 2.33 2 4 150.00',
    '2025-01-01 hat 0 0 0.00 0 . 1 1 0.00',
    '2025-01-02 mug 1 0 0.00 1 . 0 0 .',
  ])
  expect(columnsOf(rows, ...CART)).toEqual(['1 0 100.00', '1 0 100.00', '0 0 .'])
})

test('a purchase counts on any date from the first add of that day on, in the same session', () => {
  const rows = products({
    add_to_cart_table: [
      add('a', 's1', '2025-01-01T10:00'),
      add('a', 's1', '2025-01-03T10:00'),
      add('b', 's1', '2025-01-01T10:00'),
      add('c', 's1', '2025-01-01T10:00'),
      add('c', 's1', '2025-01-01T09:00'),
      add('d', 's1', '2025-01-01T10:00'),
      add('d', 's2', '2025-01-01T10:00'),
    ],
    order_line_item_table: [
      // Before the adds of the 3rd, after those of the 1st.
      line('a', '2025-01-02', 1, 1, 'o', 's1'),
      // A moment before the add.
      line('b', '2025-01-01T09:59:59.999', 1, 1, 'o', 's1'),
      // At the moment of the first of two adds.
      line('c', '2025-01-01T09:00', 1, 1, 'o', 's1'),
      // In another session.
      line('d', '2025-01-01T11:00', 1, 1, 'o', 's2'),
    ],
  })
  const shown = columnsOf(rows, 'date', 'product_name', ...CART)
  expect(shown.sort()).toEqual([
    '2025-01-01 a 1 1 0.00',
    '2025-01-01 b 1 0 100.00',
    '2025-01-01 c 1 1 0.00',
    '2025-01-01 d 2 1 50.00',
    '2025-01-02 a 0 0 .',
    '2025-01-03 a 1 0 100.00',
  ])
})

test("a line item's session is its own, and only if it has none that of its order", () => {
  const rows = products({
    order_table: [
      { user_id: 'u', session_id: 's1', order_id: 'o1', time: '2025-01-01', total_price: 1 },
      { user_id: 'u', session_id: 's2', order_id: 'o2', time: '2025-01-01', total_price: 1 },
    ],
    add_to_cart_table: [
      add('a', 's1', '2025-01-01'),
      add('b', 's1', '2025-01-01'),
      add('c', 's1', '2025-01-01'),
    ],
    order_line_item_table: [
      line('a', '2025-01-01', 1, 1, 'o1'),
      line('b', '2025-01-01', 1, 1, 'o1', 's2'),
      line('c', '2025-01-01', 1, 1, 'no such order'),
    ],
  })
  expect(columnsOf(rows, 'product_name', 'purchased_cart_sessions')).toEqual(['a 1', 'b 0', 'c 0'])
})

test('rows of a day stand by exact revenue, then by name in bytes', () => {
  const rows = products({
    order_line_item_table: [
      line('z', '2025-01-01', 0.0001, 1),
      line('a', '2025-01-01', 0, 1),
      line('\u{1F600}', '2025-01-01', -1, 1),
      line('\uFF5E', '2025-01-01', -1, 1),
      line('B', '2025-01-01', 0, 1),
    ],
  })
  expect(columnsOf(rows, 'product_name', 'total_revenue')).toEqual([
    'z 0.00',
    'B 0.00',
    'a 0.00',
    '\uFF5E -1.00',
    '\u{1F600} -1.00',
  ])
})

test('revenue beyond 2^53 ten-thousandths is exact', () => {
  const rows = products({
    order_line_item_table: [
      line('p', '2025-01-01', 1_000_000_000, 1_000_000),
      line('p', '2025-01-01', 0.01, 1),
    ],
  })
  expect(columnsOf(rows, 'total_revenue', 'total_quantity_sold', 'avg_unit_price')).toEqual([
    '1000000000000000.01 1000001 999999000.00',
  ])
})
