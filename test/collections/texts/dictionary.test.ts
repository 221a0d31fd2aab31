import { describe, expect, test } from 'vitest'
import { Dictionary, dictionaryOf, NO_CODE } from '../../../src/collections/texts/dictionary.ts'
import { textCellsOf } from '../../support/cells.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(31)
const PIECES = ['a', 'b', 'user-', '0', '1', 'é', '\u{1F600}', '\uFF5E', '__proto__', ' ']

describe(`against a Map, ${name}`, () => {
  test('codes are given in order of first appearance, and texts come back', () => {
    const random = new Random(seed)
    const dictionary = new Dictionary()
    const codes = new Map<string, number>()
    for (let i = 0; i < 50_000; i++) {
      const text = random.text(PIECES, 0, 6)
      const expected = codes.get(text) ?? codes.size
      codes.set(text, expected)
      expect(dictionary.encodeText(text)).toBe(expected)
    }
    expect(dictionary.size).toBe(codes.size)
    for (const [text, code] of codes) {
      const bytes = Buffer.from(text)
      expect(dictionary.text(code)).toBe(text)
      expect(dictionary.byteLength(code)).toBe(bytes.length)
      expect(dictionary.find(bytes, 0, bytes.length)).toBe(code)
      const start = dictionary.start(code)
      expect(Buffer.from(dictionary.arena.subarray(start, start + bytes.length)).equals(bytes)).toBe(true)
    }
  })

  test('the same for cells, with nulls and repeats, be the dictionary small or large', () => {
    const random = new Random(seed)
    const dictionary = new Dictionary()
    const codes = new Map<string, number>()
    for (let batch = 0; batch < 30; batch++) {
      const texts: (string | null)[] = []
      while (texts.length < 3000) {
        const text = random.chance(0.1) ? null : random.text(PIECES, 1, 6)
        for (let repeats = random.whole(1, 3); repeats > 0; repeats--)
          texts.push(text, ...(random.chance(0.1) ? [null] : []))
      }
      const wanted = texts.map((text) => {
        if (text === null) return NO_CODE
        if (!codes.has(text)) codes.set(text, codes.size)
        return codes.get(text)
      })
      const given = new Int32Array(texts.length + 2)
      dictionary.encodeCells(textCellsOf(texts), given, 2)
      expect([...given.subarray(2)]).toEqual(wanted)
    }
    expect(dictionary.size).toBe(codes.size)
    expect(dictionary.size).toBeGreaterThan(10_000)
    for (const [text, code] of codes) if (dictionary.text(code) !== text) throw new Error(text)
  })

  test('ranks are the places in byte order, also after more texts', () => {
    const random = new Random(seed)
    const dictionary = new Dictionary()
    for (const more of [10, 500, 5000]) {
      for (let i = 0; i < more; i++) dictionary.encodeText(random.text(PIECES, 1, 6))
      const texts = Array.from({ length: dictionary.size }, (_, code) => Buffer.from(dictionary.text(code)))
      const sorted = [...texts].sort(Buffer.compare)
      const ranks = dictionary.ranks()
      expect(ranks).toHaveLength(texts.length)
      for (let code = 0; code < texts.length; code++) expect(sorted[ranks[code]!]).toBe(texts[code])
    }
  })
})

test('find adds nothing', () => {
  const dictionary = dictionaryOf(['b', 'a'])
  const bytes = Buffer.from('xax')
  expect(dictionary.find(bytes, 1, 2)).toBe(1)
  expect(dictionary.find(bytes, 0, 3)).toBe(NO_CODE)
  expect(dictionary.find(bytes, 0, 0)).toBe(NO_CODE)
  expect(dictionary.size).toBe(2)
})

test('a text longer than the whole arena', () => {
  const dictionary = dictionaryOf(['a'])
  const long = 'é'.repeat(100_000)
  expect(dictionary.encodeText(long)).toBe(1)
  expect(dictionary.text(1)).toBe(long)
  expect(dictionary.text(0)).toBe('a')
})
