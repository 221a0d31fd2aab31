import { expect, test } from 'vitest'
import type { ExactVector } from '../../src/collections/exact-vector.ts'
import {
  meanOfTenThousandths,
  meanSeconds,
  means,
  minutes,
  moneyPer,
  percentages,
} from '../../src/collections/ratios.ts'
import { formatHundredths } from '../../src/lib/numbers/exact.ts'

/** The only row of a vector, as it would be written. */
function only(vector: ExactVector): string | null {
  const value = vector.get(0)
  return value === null ? null : formatHundredths(value)
}

test.each([
  [1, 3, '33.33'],
  [2, 3, '66.67'],
  [1, 8, '12.50'],
  [1, 800, '0.13'],
  [-1, 800, '-0.13'],
  [7, 2, '350.00'],
  [0, 5, '0.00'],
  [0, 0, null],
  [5, 0, null],
])('%d of %d as a percentage: %s', (part, of, expected) => {
  expect(
    only(
      percentages(
        1,
        () => part,
        () => of,
      ),
    ),
  ).toBe(expected)
})

test('a percentage of money beyond 2^53 is exact', () => {
  const part = 10n ** 20n + 1n
  const vector = percentages(
    1,
    () => part,
    () => 3n * 10n ** 20n,
  )
  expect(only(vector)).toBe('33.33')
})

test.each([
  [1_000_000, 3, '33.33'],
  [50, 1, '0.01'],
  [-50, 1, '-0.01'],
  [49, 1, '0.00'],
  [1_005, 10, '0.01'],
  [10n ** 18n, 4, '25000000000000.00'],
  [5, 0, null],
])('money %d ÷ %d: %s', (money, count, expected) => {
  expect(
    only(
      moneyPer(
        1,
        () => money,
        () => count,
      ),
    ),
  ).toBe(expected)
})

test('means', () => {
  const of = (sum: number, count: number) =>
    only(
      means(
        1,
        () => sum,
        () => count,
      ),
    )
  expect([of(10, 4), of(1, 3), of(1, 200), of(-1, 200), of(0, 0)]).toEqual([
    '2.50',
    '0.33',
    '0.01',
    '-0.01',
    null,
  ])
  // 33.3333 % and 66.67 %: 100.0033 / 2 = 50.00165
  const depth = meanOfTenThousandths(
    1,
    () => 333_333 + 666_700,
    () => 2,
  )
  expect(only(depth)).toBe('50.00')
})

test('times', () => {
  const seconds = (ms: number, count: number) =>
    only(
      meanSeconds(
        1,
        () => ms,
        () => count,
      ),
    )
  expect([seconds(3000, 2), seconds(5, 1), seconds(4, 1), seconds(10_000, 3), seconds(0, 0)]).toEqual([
    '1.50',
    '0.01',
    '0.00',
    '3.33',
    null,
  ])
  const toMinutes = (ms: number) => only(minutes(1, () => ms))
  expect([90_000, 300, 299, 0, 86_400_000, Number.NaN].map(toMinutes)).toEqual([
    '1.50',
    '0.01',
    '0.00',
    '0.00',
    '1440.00',
    null,
  ])
})
