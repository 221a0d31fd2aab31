import { MONEY_SCALE } from './exact.ts'

/** Why a text is not an acceptable decimal: not a number at all, or outside the range. */
export type DecimalFault = 'malformed' | 'out_of_range'

// No two neighbouring repetitions accept the same character: a hostile megabyte must not backtrack.
const DECIMAL = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/

/**
 * Reads a decimal as written into whole ten-thousandths, half away from zero beyond four decimals.
 * The bounds are compared with the number as written, before rounding, so 100.00001 is above 100.
 * Works on digits alone, so a text of a million digits or an exponent of a billion costs nothing much.
 *
 * @param lowest and @param highest whole units (not ten-thousandths), both inclusive
 * @example parseDecimal('5.25', -1e9, 1e9) → 52_500; parseDecimal('.5', 0, 100) → 5_000;
 *   parseDecimal('1e2', 0, 100) → 1_000_000; parseDecimal('1,5', 0, 100) → 'malformed'
 */
export function parseDecimal(text: string, lowest: number, highest: number): number | DecimalFault {
  const match = DECIMAL.exec(text)
  if (match === null) return 'malformed'
  const negative = match[1] === '-'
  const fraction = match[3] ?? match[4] ?? ''
  const digits = (match[2] ?? '') + fraction
  const firstDigit = digits.search(/[1-9]/)
  if (firstDigit < 0) return 0
  const significant = digits.slice(firstDigit, endWithoutZeros(digits))
  // The number is 0.<significant> × 10^magnitude.
  const magnitude = digits.length - fraction.length - firstDigit + Number(match[5] ?? 0)
  if (magnitude > 15) return 'out_of_range'
  const units = magnitude > 0 ? Number(significant.slice(0, magnitude).padEnd(magnitude, '0')) : 0
  const beyond = magnitude > 0 ? significant.slice(magnitude) : significant
  const bound = negative ? -lowest : highest
  if (bound < 0 || units > bound || (units === bound && beyond !== '')) return 'out_of_range'
  // A number of 0.00001 or less has only zeros in the five places that count.
  if (magnitude < -4) return 0
  const places = ('0'.repeat(magnitude < 0 ? -magnitude : 0) + beyond).padEnd(5, '0')
  const rounded = Number(places.slice(0, 4)) + (places.charCodeAt(4) >= 53 ? 1 : 0)
  const value = units * MONEY_SCALE + rounded
  return negative && value !== 0 ? -value : value
}

function endWithoutZeros(digits: string): number {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end--
  return end
}
