import { isTimeAllowed } from '../../../../lib/times/iso-timestamp.ts'
import { AFTER_ALL_TIMES, type NumberTime, SPREADSHEET_1970 } from '../../../../lib/times/number-time.ts'
import type { ToWallClock } from '../../../../lib/times/time-zone.ts'
import { MS_PER_DAY } from '../../../../lib/times/wall-clock.ts'
import { type Canonical, endOfDigits } from './canonical.ts'

const ZERO = 48
const DOT = 46
const HALVES_PER_DAY = 2 * MS_PER_DAY

/** A reader for times that are written as numbers, with exactly the answers of `numberTime`, else NaN. */
export function numberTimeBytes(declared: NumberTime, toWallClock: ToWallClock): Canonical {
  const milliseconds = READERS[declared]
  if (declared === 'spreadsheet_day')
    return (bytes, start, end) => {
      const wall = milliseconds(bytes, start, end)
      return isTimeAllowed(wall) ? wall : Number.NaN
    }
  return (bytes, start, end) => {
    const utc = milliseconds(bytes, start, end)
    // Comparisons with NaN are false.
    if (!(utc < AFTER_ALL_TIMES)) return Number.NaN
    const wall = toWallClock(utc)
    return isTimeAllowed(wall) ? wall : Number.NaN
  }
}

const READERS: Readonly<Record<NumberTime, Canonical>> = {
  unix(bytes, start, end) {
    const point = endOfDigits(bytes, start, end)
    if (!isFraction(bytes, point, end)) return Number.NaN
    let ms = 0
    for (let i = 1; i <= 3; i++) ms = ms * 10 + (point + i < end ? bytes[point + i]! - ZERO : 0)
    return whole(bytes, start, point) * 1000 + ms
  },
  unix_ms: whole,
  unix_us(bytes, start, end) {
    const microseconds = whole(bytes, start, end)
    return (microseconds - (microseconds % 1000)) / 1000
  },
  spreadsheet_day(bytes, start, end) {
    const point = endOfDigits(bytes, start, end)
    if (!isFraction(bytes, point, end)) return Number.NaN
    // Half milliseconds of the fraction, from its last digit on: cutting off each remainder loses none of the result.
    let halves = 0
    // All numbers here are below 2³¹.
    for (let i = end - 1; i > point; i--) halves = ((halves + (bytes[i]! - ZERO) * HALVES_PER_DAY) / 10) | 0
    const days = whole(bytes, start, point)
    return (days - SPREADSHEET_1970) * MS_PER_DAY + Math.floor((halves + 1) / 2)
  },
}

/** Numbers of more digits are later than any time, in microseconds too. */
const MOST_DIGITS = 16

/** The number that one or more digits make; NaN if there is anything else, or if it is too large for any time. */
function whole(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return Number.NaN
  let first = start
  while (first < end && bytes[first] === ZERO) first++
  if (end - first > MOST_DIGITS) return Number.NaN
  let value = 0
  for (let i = first; i < end; i++) {
    const digit = bytes[i]! - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Whether nothing stands there, or a point and one or more digits. */
function isFraction(bytes: Uint8Array, point: number, end: number): boolean {
  if (point === end) return true
  return bytes[point] === DOT && point + 1 < end && endOfDigits(bytes, point + 1, end) === end
}
