import { expect, test } from 'vitest'
import { aggregateTables } from '../../src/aggregators/index.ts'
import { dateBlocks, dateColumn } from '../../src/tables/date-blocks.ts'

test('six of the seven tables stand in blocks of dates', () => {
  const without = aggregateTables.filter((table) => dateColumn(table) === undefined)
  expect(without.map(({ name }) => name)).toEqual(['user_lifetime_metrics'])
})

test('blocks are found in the order of the rows', () => {
  const columns = { date: { kind: 'date' } }
  const table = {
    definition: { columns, order: [{ column: 'date' }] },
    columns: { date: Int32Array.of(5, 3, 5, 9) },
    order: Int32Array.of(1, 2, 0, 3),
    rowCount: 4,
  }
  expect(dateBlocks(table as never)).toEqual([
    { day: 3, from: 0, to: 1 },
    { day: 5, from: 1, to: 3 },
    { day: 9, from: 3, to: 4 },
  ])
  expect(dateBlocks({ ...table, order: new Int32Array(0), rowCount: 0 } as never)).toEqual([])
})

test('a table that is not ordered by date first has none', () => {
  const columns = { id: { kind: 'id' }, date: { kind: 'date' } }
  const definition = { columns, order: [{ column: 'id' }, { column: 'date' }] }
  expect(
    dateBlocks({ definition, columns: {}, order: new Int32Array(0), rowCount: 0 } as never),
  ).toBeUndefined()
})
