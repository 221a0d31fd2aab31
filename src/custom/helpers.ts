import {
  divideRounded,
  MONEY_SCALE,
  multiply,
  lineAmount as tenThousandthsOf,
  type Whole,
} from '../lib/numbers/exact.ts'
import { dayOf, formatDay, MS_PER_DAY } from '../lib/times/wall-clock.ts'

const texts = new Map<number, string>()

/** The date of a wall-clock time. @example dateOf(Date.UTC(2025, 0, 31, 23)) → '2025-01-31' */
export function dateOf(time: number): string {
  const day = dayOf(time)
  const known = texts.get(day)
  if (known !== undefined) return known
  const text = formatDay(day)
  texts.set(day, text)
  return text
}

/** @example monthOf(Date.UTC(2025, 0, 31)) → '2025-01' */
export function monthOf(time: number): string {
  return dateOf(time).slice(0, 7)
}

/** The hour of the day, 0 to 23. @example hourOf(Date.UTC(2025, 0, 31, 23, 59)) → 23 */
export function hourOf(time: number): number {
  return Math.floor((time - dayOf(time) * MS_PER_DAY) / 3_600_000)
}

/** Monday 1 to Sunday 7. @example weekdayOf(Date.UTC(2025, 0, 31)) → 5, a Friday */
export function weekdayOf(time: number): number {
  return ((((dayOf(time) + 3) % 7) + 7) % 7) + 1
}

/** part ÷ of × 100 for a ratio column; null if `of` is 0. @example percentOf(1, 3) → 3333, written 33.33 */
export function percentOf(part: Whole, of: Whole): Whole | null {
  return quotient(multiply(part, 10_000), of)
}

/** Count ÷ count for a ratio column; null if the divisor is 0. @example divide(10, 4) → 250, written 2.50 */
export function divide(dividend: Whole, divisor: Whole): Whole | null {
  return quotient(multiply(dividend, 100), divisor)
}

/** Money ÷ count for a ratio column; null if the count is 0. @example moneyPer(100_0000, 3) → 3333, written 33.33 */
export function moneyPer(money: Whole, count: Whole): Whole | null {
  return quotient(money, multiply(count, 100))
}

function quotient(dividend: Whole, divisor: Whole): Whole | null {
  return divisor === 0 ? null : divideRounded(dividend, divisor)
}

/**
 * Price × quantity of a line item, in whole ten-thousandths, rounded half away from zero.
 *
 * @example lineAmount(19_9900, 0.5) → 9_9950, half a kilo at 19.99
 */
export function lineAmount(price: number, quantity: number): Whole {
  return tenThousandthsOf(price, Math.round(quantity * MONEY_SCALE))
}
