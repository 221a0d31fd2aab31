import { dayFromDate, isCalendarDate, MS_PER_DAY } from './wall-clock.ts'

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?:(Z| UTC)| ?([+-])(\d{2})(?::?(\d{2}))?)?)?$/

/** A timestamp as written, and its distance from UTC in milliseconds if it says so. */
export interface WrittenTime {
  readonly wall: number
  readonly offset: number | undefined
}

/** Whether a text has the shape of an ISO timestamp, whatever its values. */
export function looksIso(text: string): boolean {
  return ISO.test(text)
}

/** The years in which a timestamp may lie, as written (SPEC section 1). */
export function isYearAllowed(year: number): boolean {
  return year >= 1970 && year <= 2199
}

const AFTER_LAST = Date.UTC(2200, 0, 1)

/** Whether wall-clock milliseconds lie in these years. */
export function isTimeAllowed(wall: number): boolean {
  return wall >= 0 && wall < AFTER_LAST
}

/**
 * Reads `YYYY-MM-DD[(T| )HH:MM[:SS[.fraction]][Z| UTC|[ ]±HH[[:]MM]]]`; undefined if it is anything else, not
 * on the calendar, or outside 1970 to 2199. Fractions finer than a millisecond are cut off.
 *
 * @example parseIso('2025-01-02 03:04') → { wall: Date.UTC(2025, 0, 2, 3, 4), offset: undefined }
 * @example parseIso('2025-01-02T03:04:05+01:00') → { wall: …03:04:05, offset: 3_600_000 }
 * @example parseIso('2025-01-02 03:04:05 +0100') → the same: one space may stand before the offset
 */
export function parseIso(text: string): WrittenTime | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (!isYearAllowed(year) || !isCalendarDate(year, month, day)) return undefined
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)]
  const offsetHour = Number(match[10] ?? 0)
  const offsetMinute = Number(match[11] ?? 0)
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const wall = dayFromDate(year, month, day) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + ms
  if (match[8] !== undefined) return { wall, offset: 0 }
  if (match[9] === undefined) return { wall, offset: undefined }
  const distance = (offsetHour * 60 + offsetMinute) * 60_000
  return { wall, offset: match[9] === '-' ? -distance : distance }
}
