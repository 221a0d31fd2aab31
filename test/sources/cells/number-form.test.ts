import { describe, expect, test } from 'vitest'
import { plainNumber, type WrittenForm } from '../../../src/sources/cells/number-form.ts'

const usual: WrittenForm = { decimal: '.', thousands: undefined, currencySigns: [], hasExponent: true }
const german = plainNumber({ ...usual, decimal: ',', thousands: '.' })

describe('decimal comma and thousands point', () => {
  test.each([
    ['1.204,50', '1204.50'],
    ['1204,50', '1204.50'],
    ['-1.234.567,8', '-1234567.8'],
    ['+5', '+5'],
    ['0,5', '0.5'],
    [',5', '.5'],
    ['5,', '5.'],
    ['999.999', '999999'],
    ['1,5e3', '1.5e3'],
    ['1,5E-3', '1.5E-3'],
  ])('%s is %s', (text, number) => {
    expect(german(text)).toBe(number)
  })

  test.each([
    ...['1204.50', '12.04,50', '1.2045', '1204.500', '0.500', '012.345', '.500', '1..234', '1.234.', '1.23'],
    ...['1,204,50', '1,204.50', '1.204,5.0', '', '-', ',', '.', '--5', '+-5', '- 5', '5-', '(5,00)', '−5'],
    ...[
      '0x10',
      '1e',
      'e5',
      '1e+',
      '1e5,0',
      'NaN',
      'Infinity',
      '٣',
      '５',
      ' 5',
      '5 ',
      '5\u00a0',
      '\ufeff5',
      '5\u200b',
    ],
    ...['€5', '5%', '1 204', "1'204", '\ud83d', '__proto__', '1_000'],
  ])('%j is refused', (text) => {
    expect(german(text)).toBeUndefined()
  })
})

test('a blank between thousands may be a no-break one', () => {
  const french = plainNumber({ ...usual, decimal: ',', thousands: ' ' })
  expect(french('1 204,50')).toBe('1204.50')
  expect(french('1\u00a0204,50')).toBe('1204.50')
  expect(french('1\u202f234\u202f567')).toBe('1234567')
  expect(french('-12 345')).toBe('-12345')
  for (const text of ['1  204', '12 04', '1\t204', '1\u2003204', '1.204', ' 204', '204 ', '- 204'])
    expect(french(text), text).toBeUndefined()
})

test('an apostrophe between thousands may be a curly one', () => {
  const swiss = plainNumber({ ...usual, thousands: "'" })
  expect(swiss("1'204.50")).toBe('1204.50')
  expect(swiss('1’204.50')).toBe('1204.50')
  expect(swiss('1‘204.50')).toBeUndefined()
  expect(swiss('1,204.50')).toBeUndefined()
})

test('without thousands, none are accepted', () => {
  const plain = plainNumber(usual)
  expect(plain('1204.50')).toBe('1204.50')
  expect(plain('1,204.50')).toBeUndefined()
  expect(plainNumber({ ...usual, thousands: ',' })('1,204.50')).toBe('1204.50')
})

test('a kind without exponents takes none', () => {
  expect(plainNumber({ ...usual, hasExponent: false })('1e5')).toBeUndefined()
})

describe('currency signs', () => {
  const euro = plainNumber({ ...usual, decimal: ',', thousands: '.', currencySigns: ['€', 'EUR', 'E'] })

  test.each([
    ['€5', '5'],
    ['€ 1.204,50', '1204.50'],
    ['5,00 EUR', '5.00'],
    ['5,00EUR', '5.00'],
    ['5,00\u00a0€', '5.00'],
    ['5,00\u202f€', '5.00'],
    ['EUR\u00a05', '5'],
    ['-€5', '-5'],
    ['€-5', '-5'],
    ['€ -5', '-5'],
    ['- € 5', '-5'],
    ['-5 €', '-5'],
    ['+€5', '+5'],
    ['5,00', '5.00'],
  ])('%s is %s', (text, number) => {
    expect(euro(text)).toBe(number)
  })

  test.each([
    ...[
      '€',
      'EUR',
      '-€',
      '€€5',
      '€5 EUR',
      '5 € EUR',
      '-€-5',
      '+€-5',
      '€ - 5',
      '- 5 €',
      '5 €-',
      '(5 €)',
      '(€5)',
    ],
    ...['$5', '5 USD', 'eur 5', '5\t€', '€5.00', 'EURO 5', '5 € '],
  ])('%j is refused', (text) => {
    expect(euro(text)).toBeUndefined()
  })

  test('the longest sign counts, in whatever order they are declared', () => {
    const dollars = plainNumber({ ...usual, currencySigns: ['$', 'US$', 'kr.', '%'] })
    expect(['US$5.5', '5.5 US$', '5.5 kr.', 'kr. 5.5', '5.5%'].map(dollars)).toEqual(Array(5).fill('5.5'))
  })
})
