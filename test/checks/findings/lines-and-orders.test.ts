import { expect, test } from 'vitest'
import { findingsIn, type ShopRows } from '../../support/finding-shop.ts'

const session_table = ['u,s,2025-01-01']
const order = (id: string, total: string) => `u,s,${id},2025-01-01,${total}`
let lines = 0
const line = (id: string, price: string, quantity: string) =>
  `l${lines++},s,${id},2025-01-01,p,${price},${quantity}`

const without = (rows: ShopRows, options = {}) =>
  findingsIn({ session_table, ...rows }, 'lines_without_order', options)
const ordersWithout = (rows: ShopRows, options = {}) =>
  findingsIn({ session_table, ...rows }, 'orders_without_lines', options)

test('lines whose order is unknown, with their money and the largest order', async () => {
  const [finding] = await without({
    order_table: [order('o1', '10')],
    order_line_item_table: [
      line('o1', '10', '1'),
      line('X7', '2.5', '3'), // 7.50
      line('X7', '-1', '1'), // 6.50 in all
      line('y', '1.25', '4'), // 5.00
    ],
  })
  expect(finding).toMatchObject({
    severity: 'warning',
    details: { lines: 3, orders: 2, gross_sales: '11.50', example: "'A9'" },
  })
  expect(finding!.message).toContain('75.00 %')
})

test('lines whose order is known in another spelling: how they would meet', async () => {
  const [finding] = await without({
    order_table: [order('12', '10'), order('13', '10')],
    order_line_item_table: [line('12.0', '10', '1'), line('13.0', '10', '1')],
  })
  expect(finding!.advice).toContain('without the final .0, 2 of 2 ids would be known')
})

test('lines of orders and of refunds have theirs', async () => {
  expect(
    await without({
      order_table: [order('o1', '10'), order('r1', '-3')],
      order_line_item_table: [line('o1', '10', '1'), line('r1', '3', '-1')],
    }),
  ).toEqual([])
})

test('orders without lines, with their money, if others have some', async () => {
  const order_table = [order('o1', '10'), order('o2', '20.5'), order('Big-3', '30'), order('r', '-5')]
  const [finding] = await ordersWithout({ order_table, order_line_item_table: [line('o1', '10', '1')] })
  expect(finding).toMatchObject({
    severity: 'warning',
    details: { orders: 2, orders_with_lines: 1, revenue: '50.50', example: "'Aaa-9'" },
  })
  expect(finding!.message).toContain('66.67 %')
  expect(await ordersWithout({ order_table })).toEqual([])
  // Lines of orders that nobody knows are no lines of these.
  expect(await ordersWithout({ order_table, order_line_item_table: [line('x', '1', '1')] })).toEqual([])
})

test('a refund needs no lines', async () => {
  const order_table = [order('o1', '10'), order('r', '-5')]
  expect(await ordersWithout({ order_table, order_line_item_table: [line('o1', '10', '1')] })).toEqual([])
})
