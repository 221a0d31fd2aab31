import { expect, test } from 'vitest'
import { groupDays } from '../../src/collections/group-days.ts'
import { PairIndex } from '../../src/collections/pair-index.ts'

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
