import type { WrittenTime } from './iso-timestamp.ts'
import { MS_PER_DAY } from './wall-clock.ts'

/** Ways of writing a time as a number, declared by name where layouts are. */
export const NUMBER_TIMES = ['unix', 'unix_ms', 'unix_us', 'spreadsheet_day'] as const

export type NumberTime = (typeof NUMBER_TIMES)[number]

/** What each counts. */
export const NUMBER_TIME_MEANINGS: Readonly<Record<NumberTime, string>> = {
  unix: 'seconds since 1970',
  unix_ms: 'milliseconds since 1970',
  unix_us: 'microseconds since 1970',
  spreadsheet_day: 'days of a spreadsheet, since 1899-12-30',
}

/** The day of a spreadsheet that is 1970-01-01. */
export const SPREADSHEET_1970 = 25_569
/** No zone has a time of 2199 from here on, in milliseconds since 1970. */
export const AFTER_ALL_TIMES = Date.UTC(2200, 0, 3)

export function isNumberTime(declared: string): declared is NumberTime {
  return (NUMBER_TIMES as readonly string[]).includes(declared)
}

/** Whether it counts from an instant, the same everywhere, and not by the clock on the wall. */
export function isInstant(declared: NumberTime): boolean {
  return declared !== 'spreadsheet_day'
}

/**
 * A reader for one way of writing times as numbers: digits alone, and for `unix` and `spreadsheet_day` optionally
 * a point and further digits. All digits count exactly. Parts finer than a millisecond are cut off; those of a
 * spreadsheet day, which is a rounded fraction itself, are rounded to the nearest millisecond. Later times than
 * any that may be are undefined.
 *
 * @example numberTime('unix')('1759823426.1239') → { wall: Date.UTC(2025, 9, 7, 7, 50, 26, 123), offset: 0 }
 * @example numberTime('spreadsheet_day')('45937.25') → { wall: Date.UTC(2025, 9, 7, 6), offset: undefined }
 */
export function numberTime(declared: NumberTime): (text: string) => WrittenTime | undefined {
  const read = READERS[declared]
  const offset = isInstant(declared) ? 0 : undefined
  return (text) => {
    const wall = read(text)
    return wall !== undefined && wall < AFTER_ALL_TIMES ? { wall, offset } : undefined
  }
}

const WHOLE = /^\d+$/
const WITH_FRACTION = /^(\d+)(?:\.(\d+))?$/

/** Milliseconds; inexact only where they are much too many. */
const READERS: Readonly<Record<NumberTime, (text: string) => number | undefined>> = {
  unix(text) {
    const [, seconds, fraction = ''] = WITH_FRACTION.exec(text) ?? []
    return seconds === undefined
      ? undefined
      : Number(seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  },
  unix_ms: (text) => (WHOLE.test(text) ? Number(text) : undefined),
  unix_us(text) {
    if (!WHOLE.test(text)) return undefined
    const microseconds = Number(text)
    return (microseconds - (microseconds % 1000)) / 1000
  },
  spreadsheet_day(text) {
    const [, days, fraction = ''] = WITH_FRACTION.exec(text) ?? []
    if (days === undefined) return undefined
    // Half a millisecond is added, so that what is cut off rounds.
    const halves = (BigInt(`0${fraction}`) * BigInt(2 * MS_PER_DAY)) / 10n ** BigInt(fraction.length)
    return (Number(days) - SPREADSHEET_1970) * MS_PER_DAY + Number((halves + 1n) / 2n)
  },
}
