import { expect, test } from 'vitest'
import { Random, Weighted } from '../../../src/sample/shop/random.ts'

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next())

test('seed and stream decide the numbers, also after a restart', () => {
  const random = new Random(1, 2)
  const first = draw(random, 5)
  expect(draw(new Random(1, 2), 5)).toEqual(first)
  random.restart(1, 2)
  expect(draw(random, 5)).toEqual(first)
  for (const [seed, stream] of [
    [1, 3],
    [2, 2],
    [1, 2 + 2 ** 32],
  ] as const) {
    expect(draw(new Random(seed, stream), 5)).not.toEqual(first)
  }
})

test('the numbers are the same for ever', () => {
  expect(draw(new Random(1, 0), 3)).toEqual([1_714_381_302, 1_722_892_021, 598_640_278])
})

test('numbers stay within bounds and spread evenly', () => {
  const random = new Random(5, 0)
  const counts = new Array<number>(10).fill(0)
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]!++
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})

test('what weighs more comes up more often, and what weighs nothing never', () => {
  const random = new Random(5, 0)
  const weights = new Map([
    ['never', 0],
    ['often', 9],
    ['rare', 1],
  ])
  const choice = new Weighted([...weights.keys()], (name) => weights.get(name)!)
  const picked = Array.from({ length: 10_000 }, () => choice.pick(random))
  expect(picked.includes('never')).toBe(false)
  const rare = picked.filter((name) => name === 'rare').length
  expect(rare).toBeGreaterThan(900)
  expect(rare).toBeLessThan(1100)
})
