import { describe, expect, test } from 'vitest'
import {
  add,
  compare,
  divideRounded,
  formatHundredths,
  formatMoney,
  multiply,
  negate,
  type Whole,
  whole,
} from '../../../src/lib/numbers/exact.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(20)
const MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** A whole number of any size: small, around 2^53, or far beyond. */
function anyWhole(random: Random): bigint {
  const near = [0n, 1n, 50n, 100n, 10_000n, MAX - 1n, MAX, MAX + 1n, 2n ** 63n, 10n ** 25n]
  const digits = random.text([...'0123456789'], 1, random.pick([2, 6, 15, 17, 30]))
  const value = random.chance(0.5) ? random.pick(near) + BigInt(random.whole(-3, 3)) : BigInt(digits)
  return random.chance(0.5) ? -value : value
}

/** The only form in which a whole number may appear: a number while it is safe, and never -0. */
function inForm(value: Whole): boolean {
  if (typeof value === 'bigint') return value > MAX || value < -MAX
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

describe(`laws against bigint, ${name}`, () => {
  const random = new Random(seed)
  const pairs = Array.from({ length: 20_000 }, () => [anyWhole(random), anyWhole(random)] as const)

  test.each([
    ['add', add, (a: bigint, b: bigint) => a + b],
    ['multiply', multiply, (a: bigint, b: bigint) => a * b],
  ])('%s', (_name, ours, theirs) => {
    for (const [a, b] of pairs) {
      const result = ours(whole(a), whole(b))
      expect(BigInt(result), `${a}, ${b}`).toBe(theirs(a, b))
      expect(inForm(result), `${a}, ${b}`).toBe(true)
    }
  })

  test('negate and compare', () => {
    for (const [a, b] of pairs) {
      expect(BigInt(negate(whole(a)))).toBe(-a)
      expect(inForm(negate(whole(a)))).toBe(true)
      expect(Math.sign(compare(whole(a), whole(b)))).toBe(a < b ? -1 : a > b ? 1 : 0)
    }
  })

  test('divideRounded is the nearest whole number, the one further from zero of two', () => {
    for (const [a, b] of pairs) {
      if (b === 0n) continue
      const quotient = divideRounded(whole(a), whole(b))
      expect(inForm(quotient), `${a} / ${b}`).toBe(true)
      // |q·b − a| is at most half of |b|; exactly half only if q is the greater of the two in size.
      const error = BigInt(quotient) * b - a
      const twice = 2n * (error < 0n ? -error : error)
      const size = b < 0n ? -b : b
      expect(twice <= size, `${a} / ${b}`).toBe(true)
      if (twice === size) {
        const product = BigInt(quotient) * b
        expect((product < 0n ? -product : product) > (a < 0n ? -a : a), `${a} / ${b}`).toBe(true)
      }
    }
  })

  test('divideRounded at halves around 2^53', () => {
    for (let k = -50n; k <= 50n; k++) {
      for (const divisor of [2n, 100n, 10_000n]) {
        const quotient = MAX / divisor + k
        const half = quotient * divisor + divisor / 2n
        expect(BigInt(divideRounded(whole(half), whole(divisor)))).toBe(quotient + 1n)
        expect(BigInt(divideRounded(whole(-half), whole(divisor)))).toBe(-quotient - 1n)
        expect(BigInt(divideRounded(whole(half - 1n), whole(divisor)))).toBe(quotient)
      }
    }
  })

  test('formatMoney against rounding by digits', () => {
    for (const [a] of pairs) expect(formatMoney(whole(a)), String(a)).toBe(moneyByDigits(a))
  })
})

/** Ten-thousandths with two decimals, by looking at the third decimal digit. */
function moneyByDigits(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(5, '0')
  let cents = BigInt(digits.slice(0, -2))
  if (digits.at(-2)! >= '5') cents++
  const text = String(cents).padStart(3, '0')
  return `${value < 0n && cents > 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`
}

test('money by hand', () => {
  expect(formatMoney(1_250)).toBe('0.13')
  expect(formatMoney(-1_250)).toBe('-0.13')
  expect(formatMoney(10_050)).toBe('1.01')
  expect(formatMoney(1_249)).toBe('0.12')
  expect(formatMoney(-49)).toBe('0.00')
  expect(formatMoney(-50)).toBe('-0.01')
  expect(formatMoney(0)).toBe('0.00')
  expect(formatMoney(7_500_000)).toBe('750.00')
  expect(formatMoney(10n ** 20n)).toBe('10000000000000000.00')
})

test('1,000 times 0.10 are 100.00', () => {
  let sum: Whole = 0
  for (let i = 0; i < 1000; i++) sum = add(sum, 1_000)
  expect(sum).toBe(1_000_000)
  expect(formatMoney(sum)).toBe('100.00')
  expect(formatMoney(multiply(1_000, 1000))).toBe('100.00')
})

test('a sum that leaves 2^53 and comes back is exact and small again', () => {
  const far = add(Number.MAX_SAFE_INTEGER, 12_345)
  expect(far).toBe(MAX + 12_345n)
  expect(add(far, -12_346)).toBe(Number.MAX_SAFE_INTEGER - 1)
})

test('hundredths by hand', () => {
  expect([123, -5, 5, 0, -0, 100, -1234].map(formatHundredths)).toEqual([
    '1.23',
    '-0.05',
    '0.05',
    '0.00',
    '0.00',
    '1.00',
    '-12.34',
  ])
})
