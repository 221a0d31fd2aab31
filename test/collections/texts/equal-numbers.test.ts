import { describe, expect, test } from 'vitest'
import { equalNumbers } from '../../../src/collections/texts/equal-numbers.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(11)

/** The first place of each value, by a Map. */
function naive(values: readonly string[]): number[] {
  const first = new Map<string, number>()
  return values.map((value, i) => {
    if (!first.has(value)) first.set(value, i)
    return first.get(value)!
  })
}

describe('equal values have the number of the first of them', () => {
  test.each([0, 1, 2, 1000, 70_000])(`among %i values (${name})`, (count) => {
    const random = new Random(seed + count)
    const hashes = Int32Array.from({ length: 3 * count }, () => random.whole(-0x8000_0000, 0x7fff_ffff))
    // A third of them repeat others; some share a part of their numbers with others that differ.
    for (let i = 0; i < count / 3; i++) {
      const [from, to] = [random.whole(0, count - 1), random.whole(0, count - 1)]
      const lanes = random.chance(0.7) ? 3 : random.whole(1, 2)
      for (let lane = 0; lane < lanes; lane++) hashes[to * 3 + lane] = hashes[from * 3 + lane]!
    }
    const texts = Array.from({ length: count }, (_, i) => hashes.subarray(3 * i, 3 * i + 3).join())
    const isSame = (a: number, b: number) => texts[a] === texts[b]
    expect([...equalNumbers({ hashes, stride: 3, part: 0, slot: 1, isSame })]).toEqual(naive(texts))
  })

  test('also if all hashes are the same', () => {
    const texts = ['a', 'b', 'a', 'c', 'b', 'a']
    const isSame = (a: number, b: number) => texts[a] === texts[b]
    const numbers = equalNumbers({ hashes: new Int32Array(6).fill(-1), stride: 1, part: 0, slot: 0, isSame })
    expect([...numbers]).toEqual([0, 1, 0, 3, 1, 0])
  })
})
