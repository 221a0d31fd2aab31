import { expect, test } from 'vitest'
import { aggregateTables } from '../../src/aggregators/index.ts'
import { dictionaryOf } from '../../src/collections/dictionary.ts'
import { ExactVector } from '../../src/collections/exact-vector.ts'
import { dateBlocks, dateColumn, filterRows } from '../../src/tables/date-blocks.ts'

test('six of the seven tables stand in blocks of dates', () => {
  const without = aggregateTables.filter((table) => dateColumn(table) === undefined)
  expect(without.map(({ name }) => name)).toEqual(['user_lifetime_metrics'])
})

test('blocks are found in the order of the rows', () => {
  const table = {
    columns: { date: Int32Array.of(5, 3, 5, 9) },
    order: Int32Array.of(1, 2, 0, 3),
    rowCount: 4,
  }
  expect(dateBlocks(table as never, 'date')).toEqual([
    { day: 3, from: 0, to: 1 },
    { day: 5, from: 1, to: 3 },
    { day: 9, from: 3, to: 4 },
  ])
  expect(dateBlocks({ ...table, order: new Int32Array(0), rowCount: 0 } as never, 'date')).toEqual([])
})

test('filtered rows keep their values, money of any size and nulls too', () => {
  const revenue = new ExactVector(3)
  revenue.set(0, 10n ** 20n)
  revenue.set(2, null)
  const dictionary = dictionaryOf(['x', 'y'])
  const rows = {
    rowCount: 3,
    columns: {
      date: Int32Array.of(1, 2, 3),
      name: { codes: Int32Array.of(1, 0, -1), dictionary },
      revenue,
      flag: Int8Array.of(0, 1, -1),
      orders: Float64Array.of(1, 2, Number.NaN),
    },
  }
  const { rowCount, columns } = filterRows(rows as never, (row) => row !== 1)
  expect(rowCount).toBe(2)
  expect(columns.date).toEqual(Int32Array.of(1, 3))
  expect(columns.name).toEqual({ codes: Int32Array.of(1, -1), dictionary })
  expect(columns.flag).toEqual(Int8Array.of(0, -1))
  expect(columns.orders).toEqual(Float64Array.of(1, Number.NaN))
  const money = columns.revenue as unknown as ExactVector
  expect([money.get(0), money.get(1)]).toEqual([10n ** 20n, null])
})
