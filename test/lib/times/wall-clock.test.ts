import { describe, expect, test } from 'vitest'
import {
  dayFromDate,
  dayOf,
  formatDay,
  formatMonth,
  isCalendarDate,
  isLeapYear,
  MS_PER_DAY,
  parseDay,
} from '../../../src/lib/times/wall-clock.ts'

const LAST = Date.UTC(2199, 11, 31) / MS_PER_DAY

test('every day of 1970 to 2199, against Date', () => {
  const wrong: string[] = []
  for (let day = 0; day <= LAST; day++) {
    const date = new Date(day * MS_PER_DAY)
    const iso = date.toISOString().slice(0, 10)
    const right =
      dayFromDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()) === day &&
      formatDay(day) === iso &&
      formatMonth(day) === iso.slice(0, 7) &&
      parseDay(iso) === day &&
      dayOf(day * MS_PER_DAY) === day &&
      dayOf((day + 1) * MS_PER_DAY - 1) === day
    if (!right) wrong.push(iso)
  }
  expect(wrong).toEqual([])
})

test('every year, month and day number, against Date', () => {
  const wrong: string[] = []
  for (let year = 1970; year <= 2199; year++) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const date = new Date(Date.UTC(year, month - 1, day))
        const isReal =
          month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
        if (isCalendarDate(year, month, day) !== isReal) wrong.push(`${year}-${month}-${day}`)
      }
    }
    if (isLeapYear(year) !== (new Date(Date.UTC(year, 1, 29)).getUTCDate() === 29)) wrong.push(String(year))
  }
  expect(wrong).toEqual([])
})

test('days before 1970', () => {
  expect(dayOf(-1)).toBe(-1)
  expect(dayOf(-MS_PER_DAY)).toBe(-1)
  expect(formatDay(-1)).toBe('1969-12-31')
  expect(parseDay('1969-12-31')).toBe(-1)
})

describe('texts that are no day', () => {
  test.each([
    '2024-02-30',
    '2025-02-29',
    '2024-13-01',
    '2024-1-1',
    '24-01-01',
    '0000-01-01',
    '2024-01-01T00:00',
    ' 2024-01-01',
    'today',
    '',
  ])('%j', (text) => {
    expect(parseDay(text)).toBeUndefined()
  })
})
