/**
 * Exact arithmetic on integers of any size.
 *
 * Money and percent are whole ten-thousandths, ratios whole hundredths. A whole number is a JavaScript
 * number while it is safe (|n| ≤ 2^53 − 1) and a bigint beyond; nothing here is ever a rounded fraction.
 */
export type Whole = number | bigint

/** Ten-thousandths in one unit of money or percent. */
export const MONEY_SCALE = 10_000

const MAX_SAFE = Number.MAX_SAFE_INTEGER

/** The smaller form of a whole number: a number if it is safe, else a bigint. */
export function whole(value: bigint): Whole {
  return value <= BigInt(MAX_SAFE) && value >= BigInt(-MAX_SAFE) ? Number(value) : value
}

export function add(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Math.abs(sum) <= MAX_SAFE) return sum
  }
  return whole(BigInt(a) + BigInt(b))
}

export function negate(a: Whole): Whole {
  return a === 0 ? 0 : -a
}

export function absolute(a: Whole): Whole {
  return a < 0 ? negate(a) : a
}

/** @example subtract(5, 7) → -2 */
export function subtract(a: Whole, b: Whole): Whole {
  return add(a, negate(b))
}

/** @example multiply(49_9900, 3) → 149_9700 */
export function multiply(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Math.abs(product) <= MAX_SAFE) return product === 0 ? 0 : product
  }
  return whole(BigInt(a) * BigInt(b))
}

/** Negative, zero or positive as a is below, equal to or above b. */
export function compare(a: Whole, b: Whole): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Price × quantity of one line, both and the result in ten-thousandths, rounded half away from zero
 * (SPEC section 2).
 *
 * @example lineAmount(19_9900, 5_000) → 9_9950, half a kilo at 19.99
 */
export function lineAmount(price: number, quantity: number): Whole {
  const product = price * quantity
  if (product > MAX_SAFE || product < -MAX_SAFE) return divideRounded(multiply(price, quantity), MONEY_SCALE)
  const rest = product % MONEY_SCALE
  const amount = (product - rest) / MONEY_SCALE
  if (rest >= MONEY_SCALE / 2) return amount + 1
  if (rest <= -MONEY_SCALE / 2) return amount - 1
  return amount === 0 ? 0 : amount
}

/**
 * The quotient rounded once to a whole number, half away from zero; the divisor must not be 0.
 *
 * @example divideRounded(1250, 100) → 13; divideRounded(-1250, 100) → -13; divideRounded(1249, 100) → 12
 */
export function divideRounded(dividend: Whole, divisor: Whole): Whole {
  if (typeof dividend === 'number' && typeof divisor === 'number') {
    const n = Math.abs(dividend)
    const d = Math.abs(divisor)
    if (2 * n + d <= MAX_SAFE) {
      const x = 2 * n + d
      const quotient = (x - (x % (2 * d))) / (2 * d)
      return quotient !== 0 && dividend < 0 !== divisor < 0 ? -quotient : quotient
    }
  }
  const negative = dividend < 0 !== divisor < 0
  const n = BigInt(dividend) < 0n ? -BigInt(dividend) : BigInt(dividend)
  const d = BigInt(divisor) < 0n ? -BigInt(divisor) : BigInt(divisor)
  const quotient = (2n * n + d) / (2n * d)
  return whole(negative ? -quotient : quotient)
}

const QUOTIENT_PARTS = 10n ** 15n

/**
 * The quotient of two whole numbers that are not negative as a fraction; to 15 decimals where one of them is
 * not safe.
 *
 * @example quotient(1, 4) → 0.25
 */
export function quotient(dividend: Whole, divisor: Whole): number {
  if (typeof dividend === 'number' && typeof divisor === 'number') return dividend / divisor
  return Number((BigInt(dividend) * QUOTIENT_PARTS) / BigInt(divisor)) / Number(QUOTIENT_PARTS)
}

/**
 * Hundredths as text with two decimals; never `-0.00`.
 *
 * @example formatHundredths(123) → '1.23'; formatHundredths(-5) → '-0.05'
 */
export function formatHundredths(hundredths: Whole): string {
  const negative = hundredths < 0
  const digits = String(negative ? -hundredths : hundredths).padStart(3, '0')
  return `${negative ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/**
 * Ten-thousandths as a whole number, or with as many decimals as it takes (SPEC section 2: quantities).
 *
 * @example formatQuantity(2_0000) → '2'; formatQuantity(5_000) → '0.5'; formatQuantity(-1_2500) → '-1.25'
 */
export function formatQuantity(tenThousandths: Whole): string {
  const negative = tenThousandths < 0
  const digits = String(negative ? -tenThousandths : tenThousandths).padStart(5, '0')
  const fraction = digits.slice(-4).replace(/0+$/, '')
  return `${negative ? '-' : ''}${digits.slice(0, -4)}${fraction === '' ? '' : `.${fraction}`}`
}

/**
 * Ten-thousandths as text with two decimals, half away from zero (SPEC section 2).
 *
 * @example formatMoney(10_050) → '1.01'; formatMoney(1_250) → '0.13'; formatMoney(-1_250) → '-0.13'
 */
export function formatMoney(tenThousandths: Whole): string {
  return formatHundredths(divideRounded(tenThousandths, 100))
}
