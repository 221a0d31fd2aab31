import { expect, test } from 'vitest'
import {
  compareDecimals,
  type ExactDecimal,
  exactDecimal,
  formatDecimal,
  multiplyDecimals,
} from '../../../src/lib/numbers/exact-decimal.ts'

function decimal(text: string): ExactDecimal {
  const read = exactDecimal(text)
  if (read === undefined) throw new Error(`${text} is no decimal`)
  return read
}

test.each([
  ['0', '0'],
  ['-0.00', '0'],
  ['007', '7'],
  ['5.', '5'],
  ['.50', '0.5'],
  ['+12.3400', '12.34'],
  ['-0.05', '-0.05'],
  ['-100', '-100'],
  [`${'9'.repeat(40)}.${'0'.repeat(39)}1`, `${'9'.repeat(40)}.${'0'.repeat(39)}1`],
])('%s is %s', (text, written) => {
  expect(formatDecimal(decimal(text))).toBe(written)
})

test.each(['', '.', '-', '1,5', '1e5', ' 1', '٣', '0x10', '1.2.3'])('%j is no decimal', (text) => {
  expect(exactDecimal(text)).toBeUndefined()
})

test('products are exact', () => {
  const product = (a: string, b: string) => formatDecimal(multiplyDecimals(decimal(a), decimal(b)))
  expect(product('0.1', '0.2')).toBe('0.02')
  expect(product('1234.50', '0.0862')).toBe('106.4139')
  expect(product('-3', '0')).toBe('0')
  expect(product('99999999999999999999', '99999999999999999999')).toBe(
    '9999999999999999999800000000000000000001',
  )
})

test('decimals compare by value, whatever their places', () => {
  const compared = (a: string, b: string) => compareDecimals(decimal(a), decimal(b))
  expect(compared('1.50', '1.5')).toBe(0)
  expect(compared('0.1', '0.09')).toBe(1)
  expect(compared('-2', '1')).toBe(-1)
})
