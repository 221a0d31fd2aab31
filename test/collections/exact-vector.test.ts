import { expect, test } from 'vitest'
import { ExactVector } from '../../src/collections/exact-vector.ts'
import { whole } from '../../src/lib/numbers/exact.ts'
import { Random, seedOf } from '../support/random.ts'

const { seed, name } = seedOf(61)

test(`sums of any size are exact, ${name}`, () => {
  const random = new Random(seed)
  const sizes = [10n, 10n ** 8n, 2n ** 52n, 2n ** 53n, 2n ** 70n]
  const vector = new ExactVector(50)
  const expected = new Array<bigint>(50).fill(0n)
  for (let i = 0; i < 20_000; i++) {
    const row = random.whole(0, 49)
    const amount = (random.pick(sizes) + BigInt(random.whole(-9, 9))) * (random.chance(0.5) ? 1n : -1n)
    vector.add(row, whole(amount))
    expected[row]! += amount
    const now = vector.get(row)!
    expect(BigInt(now)).toBe(expected[row])
    expect(typeof now).toBe(typeof whole(expected[row]!))
  }
  expect(BigInt(vector.sum())).toBe(expected.reduce((a, b) => a + b))
})

test('nulls, and their sum', () => {
  const vector = new ExactVector(3)
  expect([vector.get(0), vector.sum()]).toEqual([0, 0])
  vector.set(0, null)
  vector.set(1, 2n ** 60n)
  vector.set(2, 5n)
  expect([0, 1, 2].map((row) => vector.get(row))).toEqual([null, 2n ** 60n, 5])
  expect(vector.sum()).toBe(2n ** 60n + 5n)
  vector.set(1, 7)
  expect(vector.sum()).toBe(12)
})

test('a negative sum stays exact on its way through 2^53', () => {
  const vector = new ExactVector(1)
  vector.add(0, -Number.MAX_SAFE_INTEGER)
  vector.add(0, -2)
  expect(vector.get(0)).toBe(-(2n ** 53n) - 1n)
  vector.add(0, 2)
  expect(vector.get(0)).toBe(-Number.MAX_SAFE_INTEGER)
})
