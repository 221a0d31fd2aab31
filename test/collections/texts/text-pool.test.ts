import { expect, test } from 'vitest'
import { NO_CODE } from '../../../src/collections/texts/dictionary.ts'
import { TextPool } from '../../../src/collections/texts/text-pool.ts'
import { textCellsOf } from '../../support/cells.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(5)

function poolOf(lists: readonly (readonly string[])[]) {
  const pool = new TextPool()
  for (const texts of lists) {
    const bytes = texts.map((text) => Buffer.from(text, 'utf8'))
    pool.add(
      bytes.map(({ length }) => length),
      Buffer.concat(bytes),
    )
  }
  return pool.finish()
}

test(`lists of texts become one dictionary, each text once (${name})`, () => {
  const random = new Random(seed)
  const lists = Array.from({ length: 40 }, () =>
    Array.from({ length: random.whole(0, 300) }, () =>
      random.text(['a', 'b', 'é', '\u{1F600}', 'long piece '], 0, 6),
    ),
  )
  const { dictionary, codes } = poolOf(lists)
  expect(dictionary.size).toBe(new Set(lists.flat()).size)
  lists.forEach((texts, i) => {
    const [before, ...ofTexts] = codes[i]!
    expect(before).toBe(NO_CODE)
    expect(ofTexts.map((code) => dictionary.text(code))).toEqual(texts)
  })
  const inOrder = Array.from({ length: dictionary.size }, (_, code) => dictionary.text(code))
  expect(inOrder).toEqual([...new Set(lists.flat())])
})

test('its texts are found, and others added, as in any dictionary', () => {
  const { dictionary } = poolOf([
    ['x', 'y'],
    ['y', 'z', ''],
  ])
  expect(['z', 'x', '', 'other'].map((text) => dictionary.findText(text))).toEqual([2, 0, 3, NO_CODE])
  expect(dictionary.encodeText('other')).toBe(4)
  const codes = new Int32Array(3)
  dictionary.encodeCells(textCellsOf(['y', null, 'new']), codes, 0)
  expect([...codes]).toEqual([1, NO_CODE, 5])
  const ranks = dictionary.ranks()
  expect(['', 'new', 'other', 'x', 'y', 'z'].map((text) => ranks[dictionary.findText(text)])).toEqual([
    0, 1, 2, 3, 4, 5,
  ])
})

test('no texts at all are an empty dictionary', () => {
  const { dictionary, codes } = poolOf([[], []])
  expect([dictionary.size, codes.map((list) => [...list])]).toEqual([0, [[NO_CODE], [NO_CODE]]])
  expect(dictionary.findText('x')).toBe(NO_CODE)
})
