import { expect, test } from 'vitest'
import { grossByOrder } from '../../src/facts/order-lines.ts'
import { collectionsOf } from '../support/collections.ts'

const needs = {
  order_table: ['order_id', 'total_price'],
  order_line_item_table: ['order_id', 'product_price', 'product_qty'],
} as const

test('the lines of each order, added up exactly; undefined without a line', () => {
  const line = (order_id: string, product_price: number, product_qty: number) => ({
    order_id,
    product_price,
    product_qty,
  })
  const tables = collectionsOf(needs, {
    order_table: [{ order_id: 'none' }, { order_id: 'two' }, { order_id: 'zero' }, { order_id: 'wide' }],
    order_line_item_table: [
      line('two', 0.1, 3),
      line('zero', 5, 1),
      line('wide', 999_999_999.9999, 1_000_000),
      line('two', -0.2, 1),
      line('zero', 5, -1),
      line('wide', 0.0001, 1),
      line('elsewhere', 7, 1),
    ],
  })
  const { codes, dictionary } = tables.order_table.order_id
  const gross = grossByOrder(tables.order_line_item_table, new Uint8Array(7).fill(1))
  expect(Object.fromEntries([...codes].map((order) => [dictionary.text(order), gross(order)]))).toEqual({
    none: undefined,
    two: 1000,
    zero: 0,
    wide: 9_999_999_999_999_000_001n,
  })
})
