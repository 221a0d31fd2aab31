import { expect, test } from 'vitest'
import { IntSet } from '../../src/collections/int-set.ts'
import { Random } from '../support/random.ts'

test('holds what was added, as a set of the platform does', () => {
  const random = new Random(7)
  const set = new IntSet()
  const truth = new Set<number>()
  for (let i = 0; i < 20_000; i++) {
    // Few different low bits, so that places collide.
    const value = (random.whole(-3000, 3000) * 4096) | 0
    expect(set.add(value)).toBe(!truth.has(value))
    truth.add(value)
  }
  expect(set.size).toBe(truth.size)
  expect([...set.values]).toEqual([...truth])
  for (let value = -100_000; value < 100_000; value += 997) expect(set.has(value)).toBe(truth.has(value))
  for (const value of truth) expect(set.has(value)).toBe(true)
})

test('takes the lowest and highest integers, 0 and -1', () => {
  const set = new IntSet().addAll([0, -1, 2 ** 31 - 1, -(2 ** 31)])
  expect([0, -1, 2 ** 31 - 1, -(2 ** 31), 1].map((value) => set.has(value))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ])
})
