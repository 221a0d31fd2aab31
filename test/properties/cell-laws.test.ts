import { expect, test } from 'vitest'
import type { KindName } from '../../src/raw/kinds.ts'
import { type CellMapping, cellMappingSchema } from '../../src/rules/sources/cells.ts'
import { cellMapper, type TableForm } from '../../src/sources/cells/cell-mapper.ts'
import { Random, seedOf } from '../support/random.ts'

const ROUNDS = 120
const ALPHABET = [
  ...['a', 'B', 'ä', 'İ', 'ß', '😀', '\ud83d', '\ufeff', '\u00a0', '\u202f', ' ', '\t', '\n', '\0', '٣'],
  ...[
    '0',
    '1',
    '7',
    '12',
    '.',
    ',',
    "'",
    '-',
    '+',
    'e',
    '€',
    'EUR',
    '%',
    '%C3%A4',
    '%FF',
    '%2',
    '&amp;',
    '&',
    ';',
  ],
  ...['://', 'https://x.de', '/', '?', '#', '=', 'q=', '|', '{A}', '$&', '__proto__', 'constructor'],
]

/** One or two values of each key; a mapping takes some keys with one of theirs. */
const KEYS: Readonly<Record<string, readonly object[]>> = {
  nullIf: [{ nullIf: ['-', '0', 'constructor'] }],
  replace: [
    {
      replace: [
        ['(\\d)(.)?', '$2$1'],
        ['a|', '$&$&'],
      ],
    },
  ],
  url: ['path', 'host', 'query', 'hash'].map((url) => ({ url })),
  decode: [{ decode: 'percent' }, { decode: 'html' }],
  spaces: [{ spaces: 'collapse' }],
  affixes: [{ trimPrefix: 'a', trimSuffix: '/' }],
  letters: [{ lower: true }, { upper: true }],
  split: ['first', 'last', 'all'].map((take) => ({ split: '|', take })),
  values: [{ values: { constructor: '', '1': 'one' } }],
  otherwise: [{ otherwise: '{B}{row}' }],
  form: [{ decimal: ',', thousands: '.' }, { thousands: ' ' }],
  signs: [{ currencySigns: ['€', 'EUR'] }],
  scale: [{ scale: '0.01' }, { clamp: [0, '100'] }],
}
const FORM: TableForm = { decimal: ',', currency: { column: 'C', rates: { a: '0.0862' } }, nullValues: ['7'] }
const KINDS: readonly KindName[] = ['text', 'money', 'integer', 'percent', 'timestamp']

function mapped(keys: object, cell: string, kind: KindName = 'text') {
  return cellMapper({ target: 't', kind, mapping: { column: 'A', ...keys }, form: {} }).map([cell], 1)
}

const { seed, name } = seedOf(4415)

test(`no text throws, and each maps to the same twice, ${name}`, () => {
  const random = new Random(seed)
  for (let round = 0; round < ROUNDS; round++) {
    const chosen = Object.values(KEYS).filter(() => random.chance(0.4))
    const mapping = cellMappingSchema.parse(
      Object.assign({ first: ['A', 'B'] }, ...chosen.map((values) => random.pick(values))),
    ) as CellMapping
    const options = { target: 't', kind: random.pick(KINDS), mapping, form: random.chance(0.5) ? FORM : {} }
    const [one, other] = [cellMapper(options), cellMapper(options)]
    for (let i = 0; i < 20; i++) {
      const cells = one.sources.map(() => random.text(ALPHABET, 0, 6).trim())
      const shown = JSON.stringify({ mapping, cells })
      const result = one.map(cells, i)
      expect(other.map(cells, i), shown).toEqual(result)
      if (typeof result === 'string') expect(result, shown).not.toMatch(/^[ \t]|[ \t]$/)
      expect(one.blame(cells), shown).toBeLessThan(one.sources.length)
    }
  }
})

test(`what makes texts alike changes its own result no more, ${name}`, () => {
  const random = new Random(seed)
  const steps = [{ spaces: 'collapse' }, { lower: true }, { upper: true }, { split: '|', take: 'first' }]
  for (let round = 0; round < ROUNDS; round++) {
    const text = random.text(ALPHABET, 0, 8)
    for (const step of steps) {
      const once = mapped(step, text)
      expect(mapped(step, String(once)), `${JSON.stringify(step)} of ${JSON.stringify(text)}`).toBe(once)
    }
  }
})

test(`a decimal comma is the decimal point of the text with both signs exchanged, ${name}`, () => {
  const random = new Random(seed)
  const swapped = (text: string) => text.replaceAll(/[.,]/g, (sign) => (sign === '.' ? ',' : '.'))
  for (let round = 0; round < ROUNDS; round++) {
    const text = random.text(['1', '204', '000', '50', '.', ',', '-', 'e3'], 1, 6)
    const point = mapped({ thousands: ',' }, text, 'money')
    expect(mapped({ decimal: ',', thousands: '.' }, swapped(text), 'money'), text).toEqual(point)
    expect(mapped({ thousands: ',', scale: '1' }, text, 'money'), text).toEqual(point)
    expect(mapped({ thousands: ',', currencySigns: ['€'] }, `${text} €`, 'money'), text).toEqual(point)
  }
})
