import { expect, test } from 'vitest'
import type { RecordBatch } from '../../../src/parsers/batch/record-batch.ts'
import { RowWorth } from '../../../src/parsers/rows/row-worth.ts'
import type { RawTable } from '../../../src/raw/define.ts'
import { rawTables } from '../../../src/raw/index.ts'

const orders = RowWorth.of(rawTables.order_table)!
const lines = RowWorth.of(rawTables.order_line_item_table)!

function batchOf({ columns, worth }: RawTable, rows: readonly (readonly number[])[]): RecordBatch {
  const numbers = Object.keys(columns).map((name) => {
    const place = [worth!.amount, worth!.times].indexOf(name)
    return place < 0 ? undefined : Float64Array.from(rows, (row) => row[place]!)
  })
  return { numbers, count: rows.length } as unknown as RecordBatch
}

test('an amount without its sign; price times quantity', () => {
  expect([orders.worth(12_5000, Number.NaN), orders.worth(-12_5000, Number.NaN)]).toEqual([12_5000, 12_5000])
  expect([lines.worth(9_9900, 3_0000), lines.worth(9_9900, -3_0000)]).toEqual([29_9700, 29_9700])
})

test('nothing where a cell is null', () => {
  expect(orders.worth(Number.NaN, Number.NaN)).toBe(0)
  expect([lines.worth(Number.NaN, 3_0000), lines.worth(9_9900, Number.NaN)]).toEqual([0, 0])
})

test('a part of a piece, rounded half away from zero for each line', () => {
  // 0.0001 × 0.5 = 0.00005 → 0.0001; 0.0001 × 0.4999 → 0.0000; 2.50 × 1.5 = 3.75
  expect([lines.worth(1, 5000), lines.worth(-1, 5000), lines.worth(1, 4999)]).toEqual([1, 1, 0])
  const rows = [
    [1, 5000],
    [1, 5000],
    [1, 4999],
    [2_5000, 1_5000],
    [3_0000, 2_0000],
  ]
  expect(lines.ofAll(batchOf(rawTables.order_line_item_table, rows))).toBe(1 + 1 + 0 + 3_7500 + 6_0000)
})

test('all rows of a batch, exactly beyond what a number holds', () => {
  const { order_table, order_line_item_table } = rawTables
  expect(orders.ofAll(batchOf(order_table, [[10_0000], [-2_5000], [1]]))).toBe(12_5001)
  const greatest = 1_000_000_000_0000
  const many = Array.from({ length: 2000 }, () => [greatest])
  expect(orders.ofAll(batchOf(order_table, [...many, [1]]))).toBe(20_000_000_000_000_001n)
  expect(
    lines.ofAll(
      batchOf(order_line_item_table, [
        [greatest, 1_000_000_0000],
        [-3, 1_0000],
      ]),
    ),
  ).toBe(10_000_000_000_000_000_003n)
})
