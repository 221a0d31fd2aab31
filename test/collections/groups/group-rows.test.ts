import { describe, expect, test } from 'vitest'
import { groupRows, sortGroup } from '../../../src/collections/groups/group-rows.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(51)

describe(`against a naive grouping, ${name}`, () => {
  test.each([
    ['groups of a few', 2000, 400],
    ['one large group', 5000, 1],
    ['groups of about a hundred', 3000, 30],
    ['groups that are mostly empty', 50, 1000],
  ])('%s', (_name, rows, groups) => {
    const random = new Random(seed)
    const codes = Int32Array.from({ length: rows }, () => random.whole(-1, groups - 1))
    const times = codes.map(() => random.whole(0, 20))
    const grouped = groupRows(codes, groups)
    const of = (group: number) => [
      ...grouped.rows.subarray(grouped.offsets[group]!, grouped.offsets[group + 1]!),
    ]
    for (let group = 0; group < groups; group++) {
      const expected = [...codes.keys()].filter((row) => codes[row] === group)
      expect(of(group)).toEqual(expected)
      sortGroup(grouped, group, (a, b) => times[a]! - times[b]! || b - a)
      expect(of(group)).toEqual(expected.sort((a, b) => times[a]! - times[b]! || b - a))
    }
    expect(grouped.rows).toHaveLength(codes.filter((code) => code >= 0).length)
  })
})

test('no rows, no groups', () => {
  expect(groupRows(new Int32Array(0), 0)).toEqual({ offsets: Int32Array.of(0), rows: new Int32Array(0) })
  expect(groupRows(Int32Array.of(-1, -1), 2).rows).toHaveLength(0)
})
