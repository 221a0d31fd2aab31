import { MONEY_SCALE } from '../../../../lib/numbers/exact.ts'
import { isYearAllowed } from '../../../../lib/times/iso-timestamp.ts'
import type { ToWallClock } from '../../../../lib/times/time-zone.ts'
import { dayFromDate, isCalendarDate, MS_PER_DAY } from '../../../../lib/times/wall-clock.ts'
import { QUANTITY_LIMIT } from '../../../../raw/kinds.ts'

/**
 * Reads the bytes from start to end if they are in a kind's canonical form, and answers NaN otherwise,
 * also where the form is fine but a bound is near: then the kind's schema is asked. An answer other than
 * NaN is always the schema's.
 */
export type Canonical = (bytes: Uint8Array, start: number, end: number) => number

const ZERO = 48
const PLUS = 43
const MINUS = 45
const DOT = 46
const COLON = 58
const SPACE = 32
const LETTER_C = 67
const LETTER_T = 84
const LETTER_U = 85
const LETTER_Z = 90

/** The number that two digits make, or NaN. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - ZERO
  const ones = bytes[at + 1]! - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** ISO timestamps as SPEC section 1 has them; those with an offset are converted by `toWallClock`. */
export function timestampBytes(toWallClock: ToWallClock): Canonical {
  // The date read last, as eight digits: neighbouring rows mostly have the same.
  let lastDate = -1
  let lastMidnight = 0
  return (bytes, start, end) => {
    const length = end - start
    if (length < 10 || bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return Number.NaN
    const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
    const month = twoDigits(bytes, start + 5)
    const day = twoDigits(bytes, start + 8)
    const date = (year * 100 + month) * 100 + day
    if (date !== lastDate) {
      // Comparisons with NaN are false, so a byte that is no digit fails here.
      if (!(isYearAllowed(year) && month <= 12 && day <= 31 && isCalendarDate(year, month, day)))
        return Number.NaN
      lastDate = date
      lastMidnight = dayFromDate(year, month, day) * MS_PER_DAY
    }
    const midnight = lastMidnight
    if (length === 10) return midnight
    const separator = bytes[start + 10]
    if (length < 16 || (separator !== SPACE && separator !== LETTER_T)) return Number.NaN
    const hour = twoDigits(bytes, start + 11)
    const minute = twoDigits(bytes, start + 14)
    if (bytes[start + 13] !== COLON || !(hour <= 23 && minute <= 59)) return Number.NaN
    const time = midnight + (hour * 60 + minute) * 60_000
    if (length === 16) return time
    if (bytes[start + 16] !== COLON) return withOffset(bytes, start + 16, end, time, toWallClock)
    const second = length < 19 ? Number.NaN : twoDigits(bytes, start + 17)
    if (!(second <= 59)) return Number.NaN
    if (length === 19) return time + second * 1000
    const fractionEnd = bytes[start + 19] === DOT ? endOfDigits(bytes, start + 20, end) : start + 19
    const ms = fraction(bytes, start + 19, fractionEnd)
    return withOffset(bytes, fractionEnd, end, time + second * 1000 + ms, toWallClock)
  }
}

/** Where the digits that start here end. */
export function endOfDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9) at++
  return at
}

/** The milliseconds of nothing, or of `.` and digits, of which there must be one; finer ones are cut off. */
function fraction(bytes: Uint8Array, at: number, end: number): number {
  if (end === at) return 0
  if (end - at < 2) return Number.NaN
  let ms = 0
  let unit = 100
  for (let i = at + 1; i < end && unit >= 1; i++) {
    ms += (bytes[i]! - ZERO) * unit
    unit /= 10
  }
  return ms
}

/**
 * The wall-clock time where nothing follows, `Z`, ` UTC`, `±HH`, `±HHMM` or `±HH:MM`, these after at most one
 * space; else NaN.
 */
function withOffset(
  bytes: Uint8Array,
  from: number,
  end: number,
  time: number,
  toWallClock: ToWallClock,
): number {
  if (from === end || Number.isNaN(time)) return time
  const isAfterSpace = bytes[from] === SPACE
  const at = isAfterSpace ? from + 1 : from
  const length = end - at
  const sign = bytes[at]
  if (isAfterSpace && sign === LETTER_U) {
    const isUtc = length === 3 && bytes[at + 1] === LETTER_T && bytes[at + 2] === LETTER_C
    return isUtc ? toWallClock(time) : Number.NaN
  }
  if (length === 1) return sign === LETTER_Z && !isAfterSpace ? toWallClock(time) : Number.NaN
  if (sign !== PLUS && sign !== MINUS) return Number.NaN
  const hasColon = length === 6 && bytes[at + 3] === COLON
  if (!hasColon && length !== 3 && length !== 5) return Number.NaN
  const hour = twoDigits(bytes, at + 1)
  const minute = length === 3 ? 0 : twoDigits(bytes, end - 2)
  if (!(hour <= 23 && minute <= 59)) return Number.NaN
  const distance = (hour * 60 + minute) * 60_000
  return toWallClock(sign === MINUS ? time + distance : time - distance)
}

/** Optional minus, one to nine digits, optionally a point and up to four digits. */
export function moneyBytes(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS
  let i = negative ? start + 1 : start
  const first = i
  let value = 0
  for (; i < end; i++) {
    const digit = bytes[i]! - ZERO
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (i === first || i - first > 9) return Number.NaN
  value *= MONEY_SCALE
  if (i < end) {
    if (bytes[i] !== DOT || end - i > 5) return Number.NaN
    let unit = MONEY_SCALE / 10
    for (i++; i < end; i++) {
      const digit = bytes[i]! - ZERO
      if (digit < 0 || digit > 9) return Number.NaN
      value += digit * unit
      unit /= 10
    }
  }
  return negative && value !== 0 ? -value : value
}

/** As money, up to 100. */
export function percentBytes(bytes: Uint8Array, start: number, end: number): number {
  const value = moneyBytes(bytes, start, end)
  return value >= 0 && value <= 100 * MONEY_SCALE ? value : Number.NaN
}

/** As money, up to 1 000 000 either way. */
export function quantityBytes(bytes: Uint8Array, start: number, end: number): number {
  const value = moneyBytes(bytes, start, end)
  return value >= -QUANTITY_LIMIT * MONEY_SCALE && value <= QUANTITY_LIMIT * MONEY_SCALE ? value : Number.NaN
}

/** Optional minus, one to six digits, optionally a point and zeros. */
export function integerBytes(bytes: Uint8Array, start: number, end: number): number {
  return wholeNumber(bytes, start, end, 6)
}

/** The same with up to twelve digits. */
export function largeIntegerBytes(bytes: Uint8Array, start: number, end: number): number {
  return wholeNumber(bytes, start, end, 12)
}

function wholeNumber(bytes: Uint8Array, start: number, end: number, mostDigits: number): number {
  const negative = bytes[start] === MINUS
  let i = negative ? start + 1 : start
  const first = i
  let value = 0
  for (; i < end; i++) {
    const digit = bytes[i]! - ZERO
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (i === first || i - first > mostDigits) return Number.NaN
  if (i < end && bytes[i] !== DOT) return Number.NaN
  for (i++; i < end; i++) if (bytes[i] !== ZERO) return Number.NaN
  return negative && value !== 0 ? -value : value
}

/** `0`, `1`, `0.0` and `1.0`. */
export function flagBytes(bytes: Uint8Array, start: number, end: number): number {
  const value = bytes[start]! - ZERO
  if (value !== 0 && value !== 1) return Number.NaN
  if (end - start === 1) return value
  return end - start === 3 && bytes[start + 1] === DOT && bytes[start + 2] === ZERO ? value : Number.NaN
}
