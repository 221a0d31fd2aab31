/** A decimal of any size without error: `units` × 10^−`places`. */
export interface ExactDecimal {
  readonly units: bigint
  /** Digits behind the point, not below 0. */
  readonly places: number
}

const DECIMAL = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))$/

/**
 * Reads a decimal without exponent.
 *
 * @example exactDecimal('-0.25') → { units: -25n, places: 2 }; exactDecimal('1,5') → undefined
 */
export function exactDecimal(text: string): ExactDecimal | undefined {
  const match = DECIMAL.exec(text)
  if (match === null) return undefined
  const fraction = match[3] ?? match[4] ?? ''
  const units = BigInt((match[2] ?? '') + fraction)
  return { units: match[1] === '-' ? -units : units, places: fraction.length }
}

/** The exact product. @example 0.5 × 0.25 → 0.125 */
export function multiplyDecimals(a: ExactDecimal, b: ExactDecimal): ExactDecimal {
  return { units: a.units * b.units, places: a.places + b.places }
}

/** Below 0, 0 or above 0 as a is below, equal to or above b. */
export function compareDecimals(a: ExactDecimal, b: ExactDecimal): number {
  const places = Math.max(a.places, b.places)
  const [one, other] = [unitsAt(a, places), unitsAt(b, places)]
  return one < other ? -1 : one > other ? 1 : 0
}

function unitsAt({ units, places }: ExactDecimal, wanted: number): bigint {
  return wanted === places ? units : units * 10n ** BigInt(wanted - places)
}

/**
 * The decimal as text, without zeros at the end of its fraction; never `-0`.
 *
 * @example formatDecimal({ units: -1250n, places: 2 }) → '-12.5'; { units: 200n, places: 2 } → '2'
 */
export function formatDecimal({ units, places }: ExactDecimal): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0')
  const point = digits.length - places
  let end = digits.length
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end--
  const fraction = end > point ? `.${digits.slice(point, end)}` : ''
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${fraction}`
}

const ZERO = 48
