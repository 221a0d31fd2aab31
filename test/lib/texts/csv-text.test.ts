import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { csvCell, escapeFormula, isFormulaRisk } from '../../../src/lib/texts/csv-text.ts'
import { Random, seedOf } from '../../support/random.ts'

test.each([
  ['a', 'a'],
  ['', ''],
  [' a ', ' a '],
  ['a b', 'a b'],
  ["it's", "it's"],
  ['a;b\tc|d', 'a;b\tc|d'],
  ['a,b', '"a,b"'],
  ['a "b"', '"a ""b"""'],
  ['"', '""""'],
  ['a\nb', '"a\nb"'],
  ['a\rb', '"a\rb"'],
  ['\r', '"\r"'],
  ['a\r\nb', '"a\r\nb"'],
  ['a\u2028b', 'a\u2028b'],
])('the cell %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell)
})

describe('formula risks', () => {
  test.each([
    '=1+1',
    '=',
    '@x',
    '\rx',
    '\nx',
    '+1 2',
    '-cmd|x',
    '-1+1',
    '+é',
    '-(1)',
    '+1,5',
    '-1/2',
    '--1=',
    '+A1*2',
  ])('%j is one', (text) => {
    expect(isFormulaRisk(text)).toBe(true)
    expect(escapeFormula(text)).toBe(`'${text}`)
  })

  test.each([
    '',
    'a',
    '1+1',
    '-',
    '+',
    '-1.5',
    '+49-30',
    '-a_b:c.d',
    '--',
    '+-1',
    ' =1',
    "'=1",
    '\t=1',
    'x=1',
    '#',
    '%',
  ])('%j is none', (text) => {
    expect(isFormulaRisk(text)).toBe(false)
    expect(escapeFormula(text)).toBe(text)
  })
})

const { seed, name } = seedOf(12)

test(`random cells are read back by csv-parse, and quoted only where they must be, ${name}`, () => {
  const random = new Random(seed)
  const alphabet = ['a', ',', '"', '\n', '\r', ' ', '=', '+', '-', 'é', '\u{1F600}', ';']
  for (let i = 0; i < 20_000; i++) {
    const text = random.text(alphabet, 0, 6)
    const cell = csvCell(text)
    expect(cell.startsWith('"'), JSON.stringify(text)).toBe(/[",\r\n]/.test(text))
    const [row] = parse(`x,${cell},y\n`, { record_delimiter: '\n' }) as string[][]
    expect(row).toEqual(['x', text, 'y'])
  }
})
