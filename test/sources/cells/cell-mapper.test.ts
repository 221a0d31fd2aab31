import { describe, expect, test } from 'vitest'
import { MAX_RECORD_BYTES } from '../../../src/parsers/records/record-walk.ts'
import type { KindName } from '../../../src/raw/kinds.ts'
import { type CellMapping, cellMappingSchema } from '../../../src/rules/sources/cells.ts'
import {
  type CellMapper,
  cellMapper,
  isPlain,
  type TableForm,
} from '../../../src/sources/cells/cell-mapper.ts'
import { MAX_CELL_BYTES } from '../../../src/sources/cells/mapped-cell.ts'

function mapper(mapping: CellMapping | undefined, kind: KindName = 'text', form: TableForm = {}): CellMapper {
  if (mapping !== undefined) cellMappingSchema.parse(mapping)
  return cellMapper({ target: 'target', kind, mapping, form })
}

/** What one source cell becomes by some keys. */
function mapped(keys: object, cell: string, kind: KindName = 'text', form: TableForm = {}) {
  return mapper({ column: 'A', ...keys }, kind, form).map([cell], 1)
}

describe('where the text comes from', () => {
  test('a column of its own name, or of another', () => {
    expect(mapper(undefined).sources).toEqual(['target'])
    expect(mapper('A').sources).toEqual(['A'])
    expect(mapper('A').map(['x'], 1)).toBe('x')
    expect(mapper({ column: 'A' }).blame(['x'])).toBe(0)
  })

  test('the first that is not empty; it is to blame, or else the first of all', () => {
    const first = mapper({ first: ['A', 'B', 'C'] })
    expect(first.sources).toEqual(['A', 'B', 'C'])
    expect(first.map(['', 'b', 'c'], 1)).toBe('b')
    expect(first.blame(['', 'b', 'c'])).toBe(1)
    expect(first.map(['', '', ''], 1)).toBe('')
    expect(first.blame(['', '', ''])).toBe(0)
  })

  test('a constant comes from no column', () => {
    const constant = mapper({ constant: 'web' })
    expect([constant.sources, constant.map([], 1), constant.blame([])]).toEqual([[], 'web', -1])
    expect(mapper({ constant: '' }).map([], 1)).toBe('')
  })

  test('a template takes its columns once each, and is empty if a cell of it is', () => {
    const template = mapper({ template: '{A}-{B}/{A}' })
    expect(template.sources).toEqual(['A', 'B'])
    expect(template.usesPlace).toBe(false)
    expect(template.map(['1', '2'], 1)).toBe('1-2/1')
    expect(template.map(['1', ''], 1)).toBe('')
    expect(template.blame(['1', ''])).toBe(1)
    expect(template.blame(['1', '2'])).toBe(0)
  })

  test('{row} is the place among the rows of a key', () => {
    const place = mapper({ template: '{Name}#{row}' })
    expect([place.sources, place.usesPlace]).toEqual([['Name'], true])
    expect(place.map(['1001'], 12)).toBe('1001#12')
    expect(mapper({ column: 'A', otherwise: 'line {row}' }).usesPlace).toBe(true)
  })
})

describe('steps come in the order of the page, however they are written', () => {
  test.each<[string, object, string, string]>([
    ['nullIf before replace', { replace: [['-', 'x']], nullIf: ['-'] }, '-', ''],
    [
      'replace in its order',
      {
        replace: [
          ['a', 'b'],
          ['b', 'c'],
        ],
      },
      'ab',
      'cc',
    ],
    ['replace before url', { url: 'path', replace: [['^s:', 'https:']] }, 's://x.de/p?q', '/p'],
    ['url before decode', { decode: 'percent', url: 'path' }, '/a%3Fb?c', '/a?b'],
    ['param, decoded already', { param: 'q', decode: 'html' }, '/?q=A%26amp;B', 'A&B'],
    ['decode before spaces', { spaces: 'collapse', decode: 'html' }, '&nbsp;a&nbsp;&#9;b', 'a b'],
    ['spaces before trimPrefix', { trimPrefix: 'a b', spaces: 'collapse' }, 'a\u00a0bc', 'c'],
    ['trimSuffix before lower', { lower: true, trimSuffix: '.HTML' }, '/A.HTML', '/a'],
    ['upper before split', { split: 'X', take: 'last', upper: true }, 'axb', 'B'],
    ['split before values', { values: { b: 'B' }, split: '|', take: 'last' }, 'a|b', 'B'],
    ['values before otherwise', { otherwise: 'none', values: { a: '' } }, 'a', 'none'],
  ])('%s', (_, keys, cell, result) => {
    expect(mapped(keys, cell)).toBe(result)
  })

  test('what is empty stays so up to otherwise', () => {
    expect(mapped({ replace: [['^$', 'x']], upper: true }, '')).toBe('')
    expect(mapped({ nullIf: ['0'], replace: [['^$', 'x']], otherwise: 'guest' }, '0')).toBe('guest')
  })

  test('blanks around a text are left out behind each step', () => {
    expect(mapped({ replace: [['EUR', '']], values: { '5': 'five' } }, '5 EUR')).toBe('five')
    expect(mapped({ split: '/', take: 'first', trimSuffix: 'b' }, 'a b')).toBe('a')
    expect(mapper({ constant: ' a\t' }).map([], 1)).toBe('a')
  })

  test('small letters and capitals by Unicode, not by a language', () => {
    expect(mapped({ lower: true }, 'ÄIİΟΔΟΣ')).toBe('äii̇οδος')
    expect(mapped({ upper: true }, 'straße ı')).toBe('STRASSE I')
    expect(mapped({ lower: false }, 'A')).toBe('A')
  })

  test('an affix goes once, and never the whole text', () => {
    expect(mapped({ trimSuffix: '/' }, '/a//')).toBe('/a/')
    expect(mapped({ trimSuffix: '/' }, '/')).toBe('/')
    expect(mapped({ trimPrefix: '#' }, '##7')).toBe('#7')
    expect(mapped({ trimSuffix: '.0' }, '12.0')).toBe('12')
    expect(mapped({ trimPrefix: 'ab', trimSuffix: 'bc' }, 'abc')).toBe('c')
  })

  test('values are texts, not properties of objects', () => {
    const values = { constructor: 'c', paid: 'true' }
    for (const cell of ['__proto__', 'toString', 'hasOwnProperty', 'Paid'])
      expect(mapped({ values }, cell), cell).toBe(cell)
    expect(mapped({ values }, 'constructor')).toBe('c')
    expect(mapped({ nullIf: ['constructor'] }, '__proto__')).toBe('__proto__')
  })
})

describe('otherwise', () => {
  const guest = mapper({ column: 'Customer', nullIf: ['0'], lower: true, otherwise: 'guest:{Email}' })

  test('fills what is empty, and is to blame where it does', () => {
    expect(guest.sources).toEqual(['Customer', 'Email'])
    expect(guest.map(['C7', 'A@b.de'], 1)).toBe('c7')
    expect(guest.blame(['C7', 'A@b.de'])).toBe(0)
    expect(guest.map(['0', 'A@b.de'], 1)).toBe('guest:A@b.de')
    expect(guest.blame(['0', 'A@b.de'])).toBe(1)
  })

  test('leaves empty what has no source either', () => {
    expect(guest.map(['0', ''], 1)).toBe('')
    expect(guest.blame(['0', ''])).toBe(0)
  })
})

describe('numbers', () => {
  const german: TableForm = { decimal: ',', thousands: '.' }

  test('are written in the form of the table, in columns of numbers', () => {
    expect(mapper('A', 'money', german).map(['1.204,50'], 1)).toBe('1204.50')
    expect(mapper('A', 'integer', german).map(['1.204'], 1)).toBe('1204')
    expect(mapper('A', 'large_integer', german).map(['12.000.000'], 1)).toBe('12000000')
    expect(mapper('A', 'money', german).map([''], 1)).toBe('')
    expect(mapper('A', 'text', german).map(['1.204,50'], 1)).toBe('1.204,50')
    expect(mapper('A', 'timestamp', german).map(['2024-01-02 03:04:05.6'], 1)).toBe('2024-01-02 03:04:05.6')
  })

  test.each<[KindName, string]>([
    ['money', 'invalid_money'],
    ['quantity', 'invalid_quantity'],
    ['percent', 'invalid_percent'],
    ['integer', 'invalid_integer'],
    ['large_integer', 'invalid_integer'],
  ])('of kind %s in another form are refused', (kind, reason) => {
    for (const cell of ['1204.50', '12.04,50', '(5,00)', 'x'])
      expect(mapped({}, cell, kind, german), cell).toEqual({ reason })
  })

  test('a column with a form of its own has none of the table', () => {
    expect(mapped({ decimal: '.' }, '1204.50', 'money', german)).toBe('1204.50')
    expect(mapped({ decimal: '.' }, '1.204', 'money', german)).toBe('1.204')
    expect(mapped({ thousands: ',' }, '1,204.50', 'money', german)).toBe('1204.50')
  })

  test('lose their currency sign, then are scaled and bounded', () => {
    expect(mapped({ currencySigns: ['€'] }, '-€5', 'money')).toBe('-5')
    expect(mapped({ currencySigns: ['€'] }, '5 $', 'money')).toEqual({ reason: 'invalid_money' })
    expect(mapped({ scale: '0.01' }, '1999', 'money')).toBe('19.99')
    expect(mapped({ scale: '0.01' }, '1,5', 'money')).toEqual({ reason: 'invalid_money' })
    expect(mapped({ scale: '100', clamp: [0, 100] }, '1.02', 'percent')).toBe('100')
    expect(mapped({ scale: '1' }, '1e5', 'integer')).toBe('1e5')
    expect(mapped({ scale: '2' }, '1e5', 'integer')).toEqual({ reason: 'invalid_integer' })
  })

  test('what otherwise gives is a number like others', () => {
    const price = mapper({ column: 'A', otherwise: '{B}' }, 'money', german)
    expect(price.map(['', '1,5'], 1)).toBe('1.5')
    expect(price.map(['', '1.5'], 1)).toEqual({ reason: 'invalid_money' })
    expect(price.blame(['', '1.5'])).toBe(1)
  })

  test('null values are empty, before a number is asked for', () => {
    const form = { ...german, nullValues: ['n/a', '-'] }
    expect(mapped({}, 'n/a', 'money', form)).toBe('')
    expect(mapped({ trimSuffix: ' %' }, '- %', 'percent', form)).toBe('')
    const first = mapper({ first: ['A', 'B'] }, 'text', form)
    expect([first.map(['-', 'b'], 1), first.blame(['-', 'b'])]).toEqual(['b', 1])
    expect(mapper({ template: '{A}{B}' }, 'text', form).map(['a', '-'], 1)).toBe('')
  })
})

describe('currencies', () => {
  const form: TableForm = {
    decimal: ',',
    currency: { column: 'Currency', rates: { EUR: '1', SEK: '0.0862', constructor: '2' } },
  }
  const price = mapper('Price', 'money', form)

  test('money is worth the rate of its row, exactly', () => {
    expect(price.sources).toEqual(['Price', 'Currency'])
    expect(price.map(['99,90', 'EUR'], 1)).toBe('99.90')
    expect(price.map(['1234,50', 'SEK'], 1)).toBe('106.4139')
    expect(price.map(['-1', 'constructor'], 1)).toBe('-2')
  })

  test('a currency without a rate is refused, and to blame; empty money is not', () => {
    for (const name of ['USD', '', 'eur', 'toString', '__proto__'])
      expect(price.map(['5', name], 1), name).toEqual({ reason: 'unknown_currency' })
    expect(price.blame(['5', 'USD'])).toBe(1)
    expect(price.map(['', 'USD'], 1)).toBe('')
    expect(price.blame(['', 'USD'])).toBe(0)
    expect(price.map(['5.0', 'USD'], 1)).toEqual({ reason: 'invalid_money' })
    expect(price.blame(['5.0', 'USD'])).toBe(0)
  })

  test('only money has a currency; bounds are in that of the row', () => {
    expect(mapper('A', 'quantity', form).sources).toEqual(['A'])
    const bounded = mapper({ column: 'A', clamp: [0, 10] }, 'money', form)
    expect(bounded.map(['11', 'SEK'], 1)).toBe('0.862')
  })
})

describe('a cell of more than 1 MiB', () => {
  test('is one that no record could hold', () => {
    expect(MAX_CELL_BYTES).toBe(MAX_RECORD_BYTES)
  })

  const tooLong = { reason: 'cell_too_long' }
  const half = 'ä'.repeat(MAX_CELL_BYTES / 4)

  test('is refused, whatever it grew by', () => {
    const twice = mapper({ template: '{A}{A}' })
    expect(twice.map([half], 1)).toBe(half + half)
    expect(twice.map([`${half}a`], 1)).toEqual(tooLong)
    expect(twice.blame([`${half}a`])).toBe(0)
    expect(mapper({ template: '{A}'.repeat(10_000) }).map([half], 1)).toEqual(tooLong)
    expect(mapped({ replace: [['^.*$', '$&$&$&']] }, half)).toEqual(tooLong)
    expect(mapped({ upper: true }, 'ΐ'.repeat(MAX_CELL_BYTES / 4))).toEqual(tooLong)
    expect(mapped({ otherwise: '{B}{B}{B}' }, '')).toBe('')
    expect(mapper({ column: 'A', otherwise: '{B}{B}{B}' }).map(['', half], 1)).toEqual(tooLong)
  })

  test('is refused at the step that makes it, though a later one would make it short', () => {
    const replace = [
      ['^.*$', '$&$&$&'],
      ['.+', ''],
    ]
    expect(mapped({ replace }, half)).toEqual(tooLong)
  })
})

describe('no mapper is needed', () => {
  const plain = (mapping: CellMapping | undefined, kind: KindName = 'money', form: TableForm = {}) =>
    isPlain({ target: 'target', kind, mapping, form })?.column

  test('where cells are taken as they are', () => {
    expect(plain(undefined)).toBe('target')
    expect(plain('A')).toBe('A')
    expect(plain({ column: 'A' })).toBe('A')
    expect(plain({ column: 'A', lower: undefined, scale: '1' })).toBeUndefined()
    expect(plain({ column: 'A', nullIf: ['0'] })).toBeUndefined()
    expect(plain({ first: ['A'] })).toBeUndefined()
    expect(plain({ constant: 'a' })).toBeUndefined()
  })

  test('unless numbers of the table are written in a form of their own', () => {
    expect(plain('A', 'money', { decimal: ',' })).toBeUndefined()
    expect(plain('A', 'integer', { thousands: ',' })).toBeUndefined()
    expect(plain('A', 'text', { decimal: ',' })).toBe('A')
    expect(plain('A', 'money', { decimal: '.', nullValues: ['-'] })).toBe('A')
    const currency = { column: 'Currency', rates: { EUR: '1' } }
    expect(plain('A', 'money', { currency })).toBeUndefined()
    expect(plain('A', 'quantity', { currency })).toBe('A')
  })
})
