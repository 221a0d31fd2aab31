import { expect, test } from 'vitest'
import { Dictionary, NO_CODE, TEXT_SEED } from '../../../src/collections/texts/dictionary.ts'
import {
  NO_NUMBER,
  NUMBERED_BYTES,
  NumberedTexts,
  TextNumberer,
} from '../../../src/collections/texts/numbered-texts.ts'
import {
  hashBytes,
  IS_NUMBERED,
  IS_SAME,
  IS_TEXT,
  prepareTexts,
} from '../../../src/collections/texts/text-cells.ts'
import { wordsOf } from '../../../src/lib/texts/words.ts'
import { textCellsOf } from '../../support/cells.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(47)

/** The second of two columns in one memory, as it is written and as it is read. */
function column() {
  const memory = new SharedArrayBuffer(2 * NUMBERED_BYTES)
  return { numberer: new TextNumberer(memory, 1), numbered: new NumberedTexts(memory, 1), memory }
}

function numberOf(numberer: TextNumberer, text: string): number {
  const words = wordsOf(Buffer.from(`,${text},`))
  const end = words.byteLength - 1
  return numberer.numberOf(words, 1, end, hashBytes(words, 1, end, TEXT_SEED))
}

function textAt({ bytes, starts }: NumberedTexts, number: number): string {
  return Buffer.from(bytes.subarray(starts[number]!, starts[number + 1]!)).toString()
}

test('numbers count from 0, and their texts can be read by somebody else', () => {
  const { numberer, numbered, memory } = column()
  const texts = ['/', '/cart', 'München', '/', 'a'.repeat(1000), '/cart']
  expect(texts.map((text) => numberOf(numberer, text))).toEqual([0, 1, 2, 0, 3, 1])
  expect([0, 1, 2, 3].map((number) => textAt(numbered, number))).toEqual([
    '/',
    '/cart',
    'München',
    'a'.repeat(1000),
  ])
  expect(new Uint8Array(memory, 0, NUMBERED_BYTES).every((byte) => byte === 0)).toBe(true)
})

test('texts of one hash are told apart', () => {
  const { numberer } = column()
  const bytes = Buffer.from('abba')
  expect([0, 1, 2, 3].map((at) => numberer.numberOf(wordsOf(bytes), at, at + 1, 7))).toEqual([0, 1, 1, 0])
})

test('a column of ids is given up once there is room for no more of them', () => {
  const { numberer } = column()
  const numbers = Array.from({ length: 5000 }, (_, i) => numberOf(numberer, `id-${i}`))
  expect(numbers.filter((number) => number !== NO_NUMBER)).toEqual([...Array(4096).keys()])
  expect(numberOf(numberer, 'id-0')).toBe(NO_NUMBER)
})

test('many texts of which few are common keep their numbers when there is room for no more', () => {
  const { numberer } = column()
  for (let i = 0; i < 6000; i++) {
    expect(numberOf(numberer, 'common')).toBe(0)
    expect(numberOf(numberer, 'frequent')).toBe(1)
    expect(numberOf(numberer, `rare-${i}`)).toBe(i < 4094 ? i + 2 : NO_NUMBER)
  }
})

test('a text that is too long has none, and those after it have', () => {
  const { numberer, numbered } = column()
  expect(['a', 'b'.repeat(200_000), 'c', 'a', 'a'].map((text) => numberOf(numberer, text))).toEqual([
    0,
    NO_NUMBER,
    1,
    0,
    0,
  ])
  expect(textAt(numbered, 1)).toBe('c')
})

test(`cells that two threads have numbered have the codes of a Map, ${name}`, () => {
  const random = new Random(seed)
  const dictionary = new Dictionary()
  const codes = new Map<string, number>()
  const threads = [column(), column()]
  const seen = new Set<number>()
  for (let batch = 0; batch < 40; batch++) {
    const { numberer, numbered } = random.pick(threads)
    const texts: (string | null)[] = []
    while (texts.length < 2500) {
      const text = random.chance(0.1) ? null : `/p${Math.floor(random.whole(0, 90) ** 2)}`
      for (let repeats = random.whole(1, 3); repeats > 0; repeats--) texts.push(text)
    }
    const wanted = texts.map((text) => {
      if (text === null) return NO_CODE
      if (!codes.has(text)) codes.set(text, codes.size)
      return codes.get(text)
    })
    const cells = { ...textCellsOf(texts), numbered }
    prepareTexts(cells, TEXT_SEED, 0, random.chance(0.8) ? numberer : undefined)
    for (const kind of cells.kinds) seen.add(kind)
    const given = new Int32Array(texts.length)
    dictionary.encodeCells(cells, given, 0)
    expect([...given]).toEqual(wanted)
  }
  expect([IS_SAME, IS_TEXT, IS_NUMBERED].filter((kind) => !seen.has(kind))).toEqual([])
})
