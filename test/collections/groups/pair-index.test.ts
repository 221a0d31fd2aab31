import { describe, expect, test } from 'vitest'
import { PairIndex } from '../../../src/collections/groups/pair-index.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(41)

describe(`against a Map, ${name}`, () => {
  test.each([
    ['few', -5, 5, 3],
    ['days and users', -1, 84_000, 1_000_000],
    ['far before and after', -2_147_483_648, 2_147_483_647, 4_000_000],
    ['width of one', -3, 5000, 1],
  ])('%s', (_name, lowest, highest, width) => {
    const random = new Random(seed)
    const index = new PairIndex(width)
    const groups = new Map<string, number>()
    for (let i = 0; i < 20_000; i++) {
      const first = random.whole(lowest, highest)
      const second = random.whole(0, width - 1)
      const key = `${first} ${second}`
      expect(index.find(first, second)).toBe(groups.get(key) ?? -1)
      if (random.chance(0.3)) continue
      const expected = groups.get(key) ?? groups.size
      groups.set(key, expected)
      expect(index.add(first, second)).toBe(expected)
      expect(index.size).toBe(groups.size)
    }
    for (const [key, group] of groups) expect(`${index.first(group)} ${index.second(group)}`).toBe(key)
  })
})

test('pairs at the edge of 2^53', () => {
  const width = 4_194_304
  const index = new PairIndex(width)
  const edges = [-2_147_483_648, -1, 0, 1, 2_147_483_647]
  for (const first of edges) for (const second of [0, 1, width - 2, width - 1]) index.add(first, second)
  expect(index.size).toBe(20)
  edges.forEach((first, i) => {
    ;[0, 1, width - 2, width - 1].forEach((second, j) => {
      expect([index.first(i * 4 + j), index.second(i * 4 + j)]).toEqual([first, second])
    })
  })
})

test('an empty dictionary on the other side', () => {
  const index = new PairIndex(0)
  expect(index.find(3, 0)).toBe(-1)
  expect(index.add(3, 0)).toBe(0)
  expect(index.first(0)).toBe(3)
})
