import { describe, expect, test } from 'vitest'
import { product_performance_daily } from '../../src/aggregators/product_performance_daily/index.ts'
import { ExactVector } from '../../src/collections/exact-vector.ts'
import { dictionaryOf, NO_CODE } from '../../src/collections/texts/dictionary.ts'
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

describe('the order of many rows', () => {
  // Rows are looked at some hundred at a time; names differ early, late, or only in length.
  const names = Array.from({ length: 1500 }, (_, i) => `${'x'.repeat(i % 9)}${String(i).padStart(4, '0')}`)
  const sorted = [...names, 'xx', 'xxxxxxxx', 'é', 'ß'].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  )
  const dictionary = dictionaryOf(sorted)
  const table = (codes: readonly number[]): AggregateTable => ({
    definition: { ...product_performance_daily, order: [{ column: 'product_name' }] },
    rowCount: codes.length,
    columns: { product_name: { codes: Int32Array.from(codes), dictionary } },
    order: Int32Array.from(codes, (_, row) => row),
  })
  const inOrder = [NO_CODE, ...sorted.keys()]

  test('holds', () => {
    expect(countOrderBreaks(table(inOrder))).toBe(0)
    expect(
      countKeys({ ...table(inOrder), definition: { ...table([]).definition, key: ['product_name'] } }),
    ).toBe(inOrder.length)
  })

  test('is broken once wherever two neighbours change places', () => {
    for (let place = 1; place < inOrder.length; place++) {
      const codes = [...inOrder]
      codes[place] = inOrder[place - 1]!
      codes[place - 1] = inOrder[place]!
      expect(countOrderBreaks(table(codes)), sorted[place - 1]).toBe(1)
    }
  })

  test('is broken where a name stands twice', () => {
    const codes = [...inOrder, inOrder.at(-1)!]
    expect(countOrderBreaks(table(codes))).toBe(1)
  })
})

describe('exact numbers beyond 2^53', () => {
  test('are compared as they are', () => {
    const amount = new ExactVector(3)
    for (const [row, value] of [2n ** 70n, 2n ** 70n + 1n, 2n ** 70n + 2n].entries()) amount.set(row, value)
    const broken = (places: readonly number[]) =>
      countOrderBreaks({
        definition: { ...product_performance_daily, order: [{ column: 'amount' as never }] },
        rowCount: 3,
        columns: { amount },
        order: Int32Array.from(places),
      })
    expect([broken([0, 1, 2]), broken([0, 2, 1]), broken([2, 1, 0])]).toEqual([0, 1, 2])
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
