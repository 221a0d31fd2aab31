import { divideRounded, multiply, type Whole } from '../lib/numbers/exact.ts'
import { ExactVector } from './exact-vector.ts'

type WholeOfRow = (row: number) => Whole

/** Dividend ÷ divisor of each row, rounded once; null where the divisor is 0 (SPEC section 2). */
function quotients(rows: number, dividend: WholeOfRow, divisor: WholeOfRow): ExactVector {
  const result = new ExactVector(rows)
  for (let row = 0; row < rows; row++) {
    const by = divisor(row)
    result.set(row, by === 0 ? null : divideRounded(dividend(row), by))
  }
  return result
}

/** part ÷ whole × 100 of each row, in hundredths; both in the same unit. @example 1 of 3 → 3333, 33.33 % */
export function percentages(rows: number, part: WholeOfRow, of: WholeOfRow): ExactVector {
  return quotients(rows, (row) => multiply(part(row), 10_000), of)
}

/** Money ÷ count of each row, in hundredths. @example 100_0000 ÷ 3 → 3333, 33.33 */
export function moneyPer(rows: number, money: WholeOfRow, count: WholeOfRow): ExactVector {
  return quotients(rows, money, (row) => multiply(count(row), 100))
}

/** Mean of ten-thousandths, in hundredths: a sum of percent cells ÷ their count. */
export const meanOfTenThousandths = moneyPer

/** Money ÷ quantity of each row, in hundredths. @example 5_0000 ÷ 2_5000 → 200, 2.00 */
export function moneyPerQuantity(rows: number, money: WholeOfRow, quantity: WholeOfRow): ExactVector {
  return quotients(rows, (row) => multiply(money(row), 100), quantity)
}

/** Count ÷ count of each row, in hundredths. @example 10 ÷ 4 → 250, 2.50 */
export function means(rows: number, sum: WholeOfRow, count: WholeOfRow): ExactVector {
  return quotients(rows, (row) => multiply(sum(row), 100), count)
}

/** Mean of milliseconds as seconds, in hundredths. @example 3000 ms ÷ 2 → 150, 1.50 s */
export function meanSeconds(rows: number, ms: WholeOfRow, count: WholeOfRow): ExactVector {
  return quotients(rows, ms, (row) => multiply(count(row), 10))
}

/** Milliseconds as minutes, in hundredths, null where NaN. @example 90_000 ms → 150, 1.50 minutes */
export function minutes(rows: number, ms: (row: number) => number): ExactVector {
  const result = new ExactVector(rows)
  for (let row = 0; row < rows; row++) {
    const value = ms(row)
    result.set(row, Number.isNaN(value) ? null : divideRounded(value, 600))
  }
  return result
}
