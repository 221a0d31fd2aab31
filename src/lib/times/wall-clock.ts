/**
 * Wall-clock time: milliseconds of a calendar and clock without a zone, counted as if they were UTC.
 * A day is a whole number of days since 1970-01-01; both may be negative.
 */
export const MS_PER_DAY = 86_400_000

/** The day of a wall-clock time. @example dayOf(Date.UTC(2025, 0, 2, 23)) → 20090 */
export function dayOf(time: number): number {
  return Math.floor(time / MS_PER_DAY)
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** Whether the month (1–12) of the year has that day. @example isCalendarDate(2024, 2, 30) → false */
export function isCalendarDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  return day <= DAYS_IN_MONTH[month - 1]! + (month === 2 && isLeapYear(year) ? 1 : 0)
}

/** Days since 1970-01-01 of a calendar date from year 1 on. @example dayFromDate(1970, 1, 2) → 1 */
export function dayFromDate(year: number, month: number, day: number): number {
  const past = year - 1
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  const thisYear = DAYS_BEFORE_MONTH[month - 1]! + (month > 2 && isLeapYear(year) ? 1 : 0)
  return past * 365 + leapDays + thisYear + day - 1 - 719_162
}

/** @example formatDay(0) → '1970-01-01'; formatDay(20090) → '2025-01-02' */
export function formatDay(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10)
}

/** @example formatMonth(20090) → '2025-01' */
export function formatMonth(day: number): string {
  return formatDay(day).slice(0, 7)
}

/** The day that a `YYYY-MM-DD` text names, or undefined. @example parseDay('2024-02-30') → undefined */
export function parseDay(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return year >= 1 && isCalendarDate(year, month, day) ? dayFromDate(year, month, day) : undefined
}
