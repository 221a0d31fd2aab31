import { describe, expect, test } from 'vitest'
import { parseDecimal } from '../../../src/lib/numbers/decimal-text.ts'
import { Random, seedOf } from '../../support/random.ts'

const BILLION = 1_000_000_000

test.each([
  ['5', 50_000],
  ['5.', 50_000],
  ['.5', 5_000],
  ['5.25', 52_500],
  ['+5.25', 52_500],
  ['-5.25', -52_500],
  ['007', 70_000],
  ['1e2', 1_000_000],
  ['1.5E-2', 150],
  ['0.00005', 1],
  ['-0.00005', -1],
  ['0.000049999', 0],
  ['-0.00004', 0],
  ['0.12345', 1_235],
  ['1.00005', 10_001],
  ['0.99995', 10_000],
  ['1000000000', 10_000_000_000_000],
  ['1e9', 10_000_000_000_000],
  ['1000000000.00', 10_000_000_000_000],
  ['1000000000.00001', 'out_of_range'],
  ['1000000001', 'out_of_range'],
  ['-1000000000', -10_000_000_000_000],
  ['-1000000000.0000000001', 'out_of_range'],
  ['1e999999999', 'out_of_range'],
  ['1e-999999999', 0],
  ['0e999999999', 0],
  [`0.${'0'.repeat(400)}1e401`, 10_000],
  [`1${'0'.repeat(400)}e-400`, 10_000],
  ['', 'malformed'],
  ['.', 'malformed'],
  ['-', 'malformed'],
  ['e5', 'malformed'],
  ['1e', 'malformed'],
  ['1,5', 'malformed'],
  ['1 000', 'malformed'],
  ['$5', 'malformed'],
  ['--5', 'malformed'],
  ['NaN', 'malformed'],
  ['Infinity', 'malformed'],
  ['0x10', 'malformed'],
  ['٣', 'malformed'],
] as const)('%s', (text, expected) => {
  expect(parseDecimal(text, -BILLION, BILLION)).toBe(expected)
})

test('bounds hold for the number as written', () => {
  expect(parseDecimal('100', 0, 100)).toBe(1_000_000)
  expect(parseDecimal('100.00000', 0, 100)).toBe(1_000_000)
  expect(parseDecimal('100.00001', 0, 100)).toBe('out_of_range')
  expect(parseDecimal('99.99999', 0, 100)).toBe(1_000_000)
  expect(parseDecimal('-0', 0, 100)).toBe(0)
  expect(parseDecimal('-0.00001', 0, 100)).toBe('out_of_range')
  expect(parseDecimal('-0.0', 0, 100)).toBe(0)
})

const { seed, name } = seedOf(3)

describe(`random decimals, ${name}`, () => {
  test('agree with a fraction of bigints', () => {
    const random = new Random(seed)
    for (let i = 0; i < 50_000; i++) {
      const text = decimalText(random)
      expect(parseDecimal(text, -BILLION, BILLION), text).toBe(byFraction(text))
    }
  })
})

function decimalText(random: Random): string {
  const digits = [...'0123456789', '0', '0', '9', '5']
  const units = random.text(digits, 0, random.pick([1, 4, 12]))
  const fraction = random.text(digits, units === '' ? 1 : 0, random.pick([1, 5, 12]))
  const point = fraction !== '' || random.chance(0.2) ? '.' : ''
  const exponent = random.chance(0.4)
    ? `${random.pick(['e', 'E'])}${random.pick(['', '+', '-'])}${random.whole(0, 14)}`
    : ''
  return random.pick(['', '+', '-']) + units + point + fraction + exponent
}

/** The same rule on exact fractions: numerator ÷ 10^places, rounded half away from zero to 4 places. */
function byFraction(text: string): number | string {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e')
  const [units, fraction = ''] = mantissa!.replace(/^[+-]/, '').split('.')
  const places = fraction.length - Number(exponent)
  const numerator = BigInt(`${units}${fraction}`) * 10n ** BigInt(Math.max(0, -places))
  const denominator = 10n ** BigInt(Math.max(0, places))
  if (numerator > BigInt(BILLION) * denominator) return 'out_of_range'
  const scaled = numerator * 10_000n
  const rounded = Number((2n * scaled + denominator) / (2n * denominator))
  return text.startsWith('-') && rounded !== 0 ? -rounded : rounded
}
