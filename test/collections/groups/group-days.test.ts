import { expect, test } from 'vitest'
import { dayRange, groupDays } from '../../../src/collections/groups/group-days.ts'
import { PairIndex } from '../../../src/collections/groups/pair-index.ts'

const at = (text: string) => Date.parse(`${text}Z`)

test('rows of one day and code share a group, across several calls', () => {
  const groups = new PairIndex(3)
  const times = ['2025-01-01T00:00', '2025-01-01T23:59:59.999', '2025-01-02T00:00', '1969-12-31T23:00'].map(
    at,
  )
  expect([...groupDays(groups, Float64Array.from(times), Int32Array.of(2, 2, 2, 0))]).toEqual([0, 0, 1, 2])
  expect([...groupDays(groups, Float64Array.of(times[1]!, times[0]!), Int32Array.of(1, 2))]).toEqual([3, 0])
  expect([0, 1, 2, 3].map((group) => [groups.first(group), groups.second(group)])).toEqual([
    [20089, 2],
    [20090, 2],
    [-1, 0],
    [20089, 1],
  ])
})

test('the same groups, whether there are fewer pairs than rows or more', () => {
  const rows = 400
  const time = Float64Array.from(
    { length: rows },
    (_, row) => at('2025-01-03T12:00') - ((row * 7) % 4) * 86_400_000,
  )
  const codes = Int32Array.from({ length: rows }, (_, row) => (row * 5) % 3)
  const [few, many] = [new PairIndex(3), new PairIndex(1000)]
  for (const groups of [few, many]) groups.add(0, 1)
  expect(groupDays(few, time, codes)).toEqual(groupDays(many, time, codes))
  expect([few.size, few.first(0), few.second(0)]).toEqual([13, 0, 1])
})

test('the days of some times', () => {
  expect(dayRange(Float64Array.of(at('2025-01-02T01:00'), at('1969-12-31T23:59'), 0))).toEqual({
    first: -1,
    last: 20_090,
  })
  const { first, last } = dayRange(new Float64Array(0))
  expect(last - first).toBe(-1)
})
