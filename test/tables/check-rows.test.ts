import { describe, expect, test } from 'vitest'
import { product_performance_daily } from '../../src/aggregators/product_performance_daily/index.ts'
import type { AggregateTable } from '../../src/tables/aggregate-table.ts'
import { countKeys, countOrderBreaks } from '../../src/tables/check-rows.ts'
import { aggregated } from '../support/collections.ts'

/** Five rows of two days: revenues 3, 2, 2 on the first and 5, 1 on the second. */
function someTable(): AggregateTable {
  const line = (event_id: string, product_name: string, time: string, product_price: number) => ({
    event_id,
    order_id: 'o',
    time,
    product_name,
    product_price,
    product_qty: 1,
  })
  return aggregated(product_performance_daily, {
    order_line_item_table: [
      line('1', 'c', '2025-01-01', 3),
      line('2', 'a', '2025-01-01', 2),
      line('3', 'b', '2025-01-01', 2),
      line('4', 'a', '2025-01-02', 5),
      line('5', 'b', '2025-01-02', 1),
    ],
  }).table
}

describe('the order', () => {
  test('holds as the rows come out', () => {
    expect(countOrderBreaks(someTable())).toBe(0)
  })

  test.each([
    ['first and last day', [3, 4, 0, 1, 2], 1],
    ['revenues', [1, 0, 2, 3, 4], 1],
    ['names of equal revenue', [0, 2, 1, 3, 4], 1],
    ['all', [4, 3, 2, 1, 0], 4],
    ['a row that stands twice', [0, 0, 1, 2, 3], 1],
  ])('is broken: %s', (_name, places, breaks) => {
    const table = someTable()
    const order = Int32Array.from(places, (place) => table.order[place]!)
    expect(countOrderBreaks({ ...table, order })).toBe(breaks)
  })
})

describe('keys', () => {
  test('are as many as rows', () => {
    expect(countKeys(someTable())).toBe(5)
  })

  test('are fewer once two rows share one', () => {
    const table = someTable()
    const { date, product_name } = table.columns
    if (date === undefined || 'codes' in date || product_name === undefined || !('codes' in product_name)) {
      throw new Error('columns of other kinds')
    }
    const codes = product_name.codes.slice()
    codes[table.order[2]!] = codes[table.order[1]!]!
    const sameName = { ...table, columns: { ...table.columns, product_name: { ...product_name, codes } } }
    expect(countKeys(sameName)).toBe(4)
    const oneDay = Int32Array.from({ length: 5 }, () => 20_089)
    expect(countKeys({ ...table, columns: { ...table.columns, date: oneDay } })).toBe(3)
  })

  test('of no rows are none', () => {
    expect(countKeys(aggregated(product_performance_daily, {}).table)).toBe(0)
  })
})
