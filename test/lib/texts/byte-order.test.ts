import { describe, expect, test } from 'vitest'
import { compareTexts, rankBytes } from '../../../src/lib/texts/byte-order.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(5)

/** Ranks by sorting with the platform's comparison of buffers. */
function byBuffer(texts: readonly string[]): number[] {
  const order = texts
    .map((_, i) => i)
    .sort((a, b) => Buffer.compare(Buffer.from(texts[a]!), Buffer.from(texts[b]!)))
  const ranks = new Array<number>(texts.length)
  order.forEach((text, place) => {
    ranks[text] = place
  })
  return ranks
}

function ranksOf(texts: readonly string[]): number[] {
  const buffers = texts.map((text) => Buffer.from(text, 'utf8'))
  const starts = new Float64Array(texts.length + 1)
  buffers.forEach((buffer, i) => {
    starts[i + 1] = starts[i]! + buffer.length
  })
  return [...rankBytes(Buffer.concat(buffers), starts, texts.length)]
}

const PLAIN = [...'abc']
const MIXED = [
  'a',
  'b',
  'Z',
  '0',
  ' ',
  '\u0001',
  'é',
  'ß',
  '\u07FF',
  '中',
  '\uD7FF',
  '\uE000',
  '\uFF5E',
  '\uFFFD',
  '\u{1F600}',
  '\u{10FFFF}',
]

const UUID = [...'0123456789abcdef']

describe(`so many that pairs of bytes are counted, ${name}`, () => {
  test.each([
    ['that differ early', '', UUID, 6, 12],
    ['that differ late', 'a-long-common-start-', UUID, 5, 9],
    ['some of which end early', '', PLAIN, 1, 14],
  ])('%s', (_name, start, alphabet, shortest, longest) => {
    const random = new Random(seed)
    const texts = new Set<string>()
    while (texts.size < 40_000) texts.add(start + random.text(alphabet, shortest, longest))
    const all = random.shuffled([...texts])
    expect(ranksOf(all)).toEqual(byBuffer(all))
  })
})

describe(`against Buffer.compare, ${name}`, () => {
  test.each([
    ['few', MIXED, 20, 0, 6],
    ['many', MIXED, 3000, 0, 8],
    ['long common starts', PLAIN, 2000, 0, 14],
    ['one long start', ['session-2024-01-', 'a', 'b'], 2000, 3, 9],
  ] as const)('%s', (_name, alphabet, count, shortest, longest) => {
    const random = new Random(seed)
    for (let round = 0; round < 5; round++) {
      const texts = new Set<string>()
      for (let i = 0; i < count; i++) texts.add(random.text(alphabet, shortest, longest))
      const all = random.shuffled([...texts])
      expect(ranksOf(all)).toEqual(byBuffer(all))
    }
  })
})

test('none, one, and each a start of the next', () => {
  expect(ranksOf([])).toEqual([])
  expect(ranksOf(['x'])).toEqual([0])
  const nested = Array.from({ length: 60 }, (_, i) => 'a'.repeat(59 - i))
  expect(ranksOf(nested)).toEqual(byBuffer(nested))
})

test('is not the order of UTF-16', () => {
  const texts = ['\u{1F600}', '\uFF5E']
  expect([...texts].sort()).toEqual(texts)
  expect(ranksOf(texts)).toEqual([1, 0])
})

test('strings of which the first are in order are ranked like all others', () => {
  const random = new Random(3)
  for (let round = 0; round < 200; round++) {
    const ordered = Array.from(
      { length: random.whole(0, 60) },
      (_, i) => `id-${String(i * 2).padStart(3, '0')}`,
    )
    const others = random.shuffled(
      Array.from({ length: 40 }, (_, i) => `id-${String(i * 3 + 1).padStart(3, '0')}`),
    )
    const texts = [...new Set([...ordered, ...others.slice(0, random.whole(0, 40))])]
    const sorted = texts.toSorted()
    expect([...ranksOf(texts)]).toEqual(texts.map((text) => sorted.indexOf(text)))
  }
})

test('texts compare by their bytes, not by their UTF-16 units', () => {
  const texts = ['', 'B', 'a', 'aa', 'ä', '\ud7ff', '\uff5e', '\u{1F600}', '\u{1F600}a', '\u{10ffff}']
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  for (const a of texts)
    for (const b of texts) expect(Math.sign(compareTexts(a, b)), `${a} and ${b}`).toBe(byBytes(a, b))
})
