import { expect, test } from 'vitest'
import { dateOf, divide, hourOf, moneyPer, monthOf, percentOf, weekdayOf } from '../../src/custom/helpers.ts'

const at = (text: string) => Date.parse(`${text}Z`)

test.each([
  ['2025-01-31T23:59:59.999', '2025-01-31', '2025-01', 23],
  ['2024-02-29T00:00:00', '2024-02-29', '2024-02', 0],
  ['1970-01-01T00:59:59', '1970-01-01', '1970-01', 0],
  ['1969-12-31T23:00:00', '1969-12-31', '1969-12', 23],
  ['2199-12-31T12:30:00', '2199-12-31', '2199-12', 12],
])('%s is on %s, in %s, in hour %d', (time, date, month, hour) => {
  expect([dateOf(at(time)), monthOf(at(time)), hourOf(at(time))]).toEqual([date, month, hour])
})

test('weekdays agree with the platform, Monday first, also before 1970', () => {
  for (let day = -400; day < 400; day++) {
    const time = day * 86_400_000 + 3_600_000
    expect(weekdayOf(time), new Date(time).toISOString()).toBe(new Date(time).getUTCDay() || 7)
  }
})

test('ratios are whole hundredths, rounded half away from zero; null where the divisor is 0', () => {
  expect([percentOf(1, 3), percentOf(2, 3), percentOf(-1, 3), percentOf(1, 0)]).toEqual([
    3333,
    6667,
    -3333,
    null,
  ])
  expect([divide(10, 4), divide(1, 8), divide(-1, 8), divide(0, 5), divide(5, 0)]).toEqual([
    250,
    13,
    -13,
    0,
    null,
  ])
  // 100.00 by 3 is 33.33; 0.0050 by 1 is half a hundredth.
  expect([moneyPer(1_000_000, 3), moneyPer(50, 1), moneyPer(-50, 1), moneyPer(5, 0)]).toEqual([
    3333,
    1,
    -1,
    null,
  ])
})

test('ratios stay exact beyond 2^53', () => {
  expect(percentOf(10n ** 20n, 3n * 10n ** 20n)).toBe(3333)
  expect(divide(10n ** 20n + 1n, 1)).toBe(100n * (10n ** 20n + 1n))
})
