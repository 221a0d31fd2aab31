import {
  compareDecimals,
  type ExactDecimal,
  exactDecimal,
  formatDecimal,
  multiplyDecimals,
} from '../../lib/numbers/exact-decimal.ts'

/** What is done to a number: times a factor, then between two bounds. Exact decimals as text. */
export interface Scaling {
  readonly factor?: string | undefined
  readonly bounds?: readonly [number | string, number | string] | undefined
}

interface Bound {
  readonly text: string
  readonly value: ExactDecimal
}

/**
 * Changes plain numbers without error; nothing is rounded, so that the kind's reader rounds once.
 *
 * @param scaling a factor or bounds that are no decimals are an error of the caller
 * @returns the function from a plain number to a plain number; undefined if nothing would change
 * @example scaledNumber({ factor: '0.01' })('1999') → '19.99'; scaledNumber({ bounds: [0, 100] })('100.1') → '100'
 */
export function scaledNumber({ factor, bounds }: Scaling): ((number: string) => string) | undefined {
  const times = factor === undefined ? ONE : decimalOf(factor)
  const isOne = compareDecimals(times, ONE) === 0
  if (isOne && bounds === undefined) return undefined
  const low = bounds === undefined ? undefined : boundOf(bounds[0])
  const high = bounds === undefined ? undefined : boundOf(bounds[1])
  return (number) => {
    const at = number.search(/e/i)
    const mantissa = multiplyDecimals(decimalOf(at < 0 ? number : number.slice(0, at)), times)
    if (low !== undefined && high !== undefined) {
      const value = at < 0 ? mantissa : withExponent(mantissa, Number(number.slice(at + 1)))
      if (compareDecimals(value, low.value) < 0) return low.text
      if (compareDecimals(value, high.value) > 0) return high.text
    }
    if (isOne) return number
    return formatDecimal(mantissa) + (at < 0 ? '' : number.slice(at))
  }
}

const ONE: ExactDecimal = { units: 1n, places: 0 }

function decimalOf(text: string): ExactDecimal {
  const decimal = exactDecimal(text)
  if (decimal === undefined) throw new Error(`'${text.slice(0, 40)}' is no decimal`)
  return decimal
}

function boundOf(bound: number | string): Bound {
  const value = decimalOf(String(bound))
  return { text: formatDecimal(value), value }
}

/** Beyond this many digits before or behind the point, bounds have none. */
const FAR = 60

/** A number with an exponent, for a comparison with bounds: one that is very large or small is not written out. */
function withExponent({ units, places }: ExactDecimal, exponent: number): ExactDecimal {
  if (units === 0n) return { units, places: 0 }
  const digits = String(units < 0n ? -units : units).length - places + exponent
  const sign = units < 0n ? -1n : 1n
  if (digits > FAR) return { units: sign * 10n ** BigInt(FAR), places: 0 }
  if (digits < -FAR) return { units: sign, places: FAR }
  const moved = places - exponent
  return moved >= 0 ? { units, places: moved } : { units: units * 10n ** BigInt(-moved), places: 0 }
}
