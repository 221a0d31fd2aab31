import { describe, expect, test } from 'vitest'
import { distinct, greatest, groupBy, rowCount, smallest, sum } from '../../src/custom/group-by.ts'
import { Random, seedOf } from '../support/random.ts'

interface Sale {
  readonly day: string
  readonly shop: string | null
  readonly amount: number | null
}

const sales: readonly Sale[] = [
  { day: '2025-01-02', shop: 'a', amount: 5 },
  { day: '2025-01-01', shop: null, amount: 7 },
  { day: '2025-01-02', shop: 'a', amount: -2 },
  { day: '2025-01-02', shop: 'b', amount: null },
  { day: '2025-01-03', shop: 'c', amount: 100 },
]

test('groups by the key, leaves out rows without one, and keeps the order of first appearance', () => {
  const days = groupBy(sales, ({ day }) => (day === '2025-01-03' ? undefined : { day }), {
    rows: rowCount(),
    amount: sum((sale) => sale.amount),
    shops: distinct((sale) => sale.shop),
    least: smallest((sale) => sale.amount),
    most: greatest((sale) => sale.amount),
  })
  expect(days).toEqual([
    { day: '2025-01-02', rows: 3, amount: 3, shops: 2, least: -2, most: 5 },
    { day: '2025-01-01', rows: 1, amount: 7, shops: 0, least: 7, most: 7 },
  ])
})

test('a key of several cells: null, the text null and numbers stay apart', () => {
  const rows = [
    { a: null, b: 1 },
    { a: 'null', b: 1 },
    { a: null, b: '1' },
    { a: null, b: 1 },
  ]
  expect(groupBy(rows, ({ a, b }) => ({ a, b }), { rows: rowCount() })).toEqual([
    { a: null, b: 1, rows: 2 },
    { a: 'null', b: 1, rows: 1 },
    { a: null, b: '1', rows: 1 },
  ])
})

test('no rows, no groups; a group of nulls has neither smallest nor greatest', () => {
  expect(groupBy([] as Sale[], ({ day }) => ({ day }), { rows: rowCount() })).toEqual([])
  expect(
    groupBy([sales[3]!], () => ({}), { least: smallest((s) => s.amount), most: greatest((s) => s.amount) }),
  ).toEqual([{ least: null, most: null }])
})

describe('sums are exact or refused', () => {
  const total = (amounts: number[]) => groupBy(amounts, () => ({}), { total: sum((amount) => amount) })
  test('a fraction', () => expect(() => total([0.1])).toThrow('not exact'))
  test('not a number', () => expect(() => total([Number.NaN])).toThrow('not exact'))
  test('beyond 2^53', () => expect(() => total([2 ** 53 - 1, 1])).toThrow('not exact'))
  test('at 2^53 − 1', () => expect(total([2 ** 53 - 2, 1])).toEqual([{ total: 2 ** 53 - 1 }]))
})

const { seed, name } = seedOf(7)
test(`the groups of random rows add up to all rows (${name})`, () => {
  const random = new Random(seed)
  const rows = Array.from({ length: 2000 }, () => ({
    key: random.whole(0, 50),
    amount: random.whole(-1000, 1000),
  }))
  const groups = groupBy(rows, ({ key }) => ({ key }), { rows: rowCount(), amount: sum((row) => row.amount) })
  expect(groups.reduce((all, group) => all + group.rows, 0)).toBe(2000)
  for (const { key, amount } of groups) {
    const expected = rows.filter((row) => row.key === key).reduce((all, row) => all + row.amount, 0)
    expect(amount).toBe(expected)
  }
})
