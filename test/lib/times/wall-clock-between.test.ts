import { describe, expect, test } from 'vitest'
import { wallClockIn } from '../../../src/lib/times/time-zone.ts'
import { wallClockBetween } from '../../../src/lib/times/wall-clock-between.ts'
import { Random, seedOf } from '../../support/random.ts'

const at = (text: string) => Date.parse(`${text}Z`)
const written = (wall: number) => new Date(wall).toISOString().slice(0, -1)

/** What a time becomes, and whether a clock change leaves it unclear. */
function moved(from: string, to: string, text: string): string {
  const { convert, isUnclear } = wallClockBetween(from, to)
  const became = written(convert(at(text)))
    .replace(/:00\.000$/, '')
    .replace(/\.000$/, '')
  return became + (isUnclear(at(text)) ? ' unclear' : '')
}

const BERLIN = 'Europe/Berlin'
const NEW_YORK = 'America/New_York'

describe('by hand', () => {
  test.each([
    [BERLIN, NEW_YORK, '2025-01-15T15:00', '2025-01-15T09:00'],
    [BERLIN, NEW_YORK, '2025-07-15T15:00', '2025-07-15T09:00'],
    // Between the changes of America (9 March) and Europe (30 March) there are five hours.
    [BERLIN, NEW_YORK, '2025-03-15T15:00', '2025-03-15T10:00'],
    [NEW_YORK, BERLIN, '2025-03-15T10:00', '2025-03-15T15:00'],
    [NEW_YORK, BERLIN, '2025-07-15T09:00', '2025-07-15T15:00'],
    ['UTC', BERLIN, '2025-05-31T22:30', '2025-06-01T00:30'],
    [BERLIN, 'UTC', '2025-06-01T00:30', '2025-05-31T22:30'],
    [BERLIN, BERLIN, '2025-03-30T03:00', '2025-03-30T03:00'],
  ])('%s to %s: %s is %s', (from, to, text, expected) => {
    expect(moved(from, to, text)).toBe(expected)
  })

  test.each([
    ['2025-03-30T01:59:59', '2025-03-30T00:59:59'],
    ['2025-03-30T02:00', '2025-03-30T01:00 unclear'],
    ['2025-03-30T02:30', '2025-03-30T01:30 unclear'],
    ['2025-03-30T02:59:59', '2025-03-30T01:59:59 unclear'],
    ['2025-03-30T03:00', '2025-03-30T01:00'],
    ['2025-03-31T00:00', '2025-03-30T22:00'],
    ['2025-03-29T23:59', '2025-03-29T22:59'],
  ])('the hour that spring skips in Berlin: %s is %s in UTC', (text, expected) => {
    expect(moved(BERLIN, 'UTC', text)).toBe(expected)
  })

  test.each([
    ['2025-10-26T01:59:59', '2025-10-25T23:59:59'],
    ['2025-10-26T02:00', '2025-10-26T00:00 unclear'],
    ['2025-10-26T02:59:59', '2025-10-26T00:59:59 unclear'],
    ['2025-10-26T03:00', '2025-10-26T02:00'],
  ])('the hour that autumn repeats in Berlin: %s is %s in UTC', (text, expected) => {
    expect(moved(BERLIN, 'UTC', text)).toBe(expected)
  })

  test('a change of the other zone leaves nothing unclear', () => {
    // America springs forward at 07:00 UTC on 9 March.
    expect(moved('UTC', NEW_YORK, '2025-03-09T06:59')).toBe('2025-03-09T01:59')
    expect(moved('UTC', NEW_YORK, '2025-03-09T07:00')).toBe('2025-03-09T03:00')
    // And back at 06:00 UTC on 2 November.
    expect(moved(BERLIN, NEW_YORK, '2025-11-02T06:59')).toBe('2025-11-02T01:59')
    expect(moved(BERLIN, NEW_YORK, '2025-11-02T07:00')).toBe('2025-11-02T01:00')
  })

  test('half hours, and a change by half an hour', () => {
    expect(moved('Asia/Kolkata', 'UTC', '2025-01-01T00:00')).toBe('2024-12-31T18:30')
    expect(moved('UTC', 'Asia/Kathmandu', '2025-01-01T00:00')).toBe('2025-01-01T05:45')
    // Lord Howe goes from +10:30 to +11 at 02:00 on 5 October, and back to 01:30 at 02:00 on 6 April.
    expect(moved('Australia/Lord_Howe', 'UTC', '2025-10-05T02:15')).toBe('2025-10-04T15:45 unclear')
    expect(moved('Australia/Lord_Howe', 'UTC', '2025-10-05T02:30')).toBe('2025-10-04T15:30')
    expect(moved('Australia/Lord_Howe', 'UTC', '2025-04-06T01:45')).toBe('2025-04-05T14:45 unclear')
  })

  test('a day that a zone skips', () => {
    // Apia had no 30 December 2011: from -10 to +14 at midnight.
    expect(moved('Pacific/Apia', 'UTC', '2011-12-29T23:59')).toBe('2011-12-30T09:59')
    expect(moved('Pacific/Apia', 'UTC', '2011-12-30T12:00')).toBe('2011-12-30T22:00 unclear')
    expect(moved('Pacific/Apia', 'UTC', '2011-12-31T00:00')).toBe('2011-12-30T10:00')
  })

  test('the first day and the last, and offsets with seconds', () => {
    expect(moved('UTC', 'Africa/Monrovia', '1970-01-01T00:00')).toBe('1969-12-31T23:15:30')
    expect(moved('Africa/Monrovia', 'UTC', '1970-01-01T00:00')).toBe('1970-01-01T00:44:30')
    // Monrovia put its clocks forward by 44:30 on 7 January 1972.
    expect(moved('Africa/Monrovia', 'UTC', '1972-01-07T00:30')).toBe('1972-01-07T01:14:30 unclear')
    expect(moved(BERLIN, NEW_YORK, '1970-01-01T00:00')).toBe('1969-12-31T18:00')
    expect(moved(NEW_YORK, BERLIN, '2199-12-31T23:59:59')).toBe('2200-01-01T05:59:59')
    expect(moved(BERLIN, NEW_YORK, '2199-07-01T12:00')).toBe('2199-07-01T06:00')
  })

  test('milliseconds stay', () => {
    expect(moved(BERLIN, NEW_YORK, '2025-03-30T01:59:59.999')).toBe('2025-03-29T20:59:59.999')
  })
})

const { seed, name } = seedOf(12)

describe(`a clear time is that of just one instant, an unclear one of none or two, ${name}`, () => {
  test.each([
    [BERLIN, NEW_YORK],
    ['America/St_Johns', 'Asia/Kathmandu'],
    ['Australia/Lord_Howe', BERLIN],
    ['Africa/Casablanca', 'UTC'],
  ])('%s to %s', (from, to) => {
    const random = new Random(seed)
    const { convert, isUnclear } = wallClockBetween(from, to)
    const [inFrom, inTo] = [wallClockIn(from), wallClockIn(to)]
    // All offsets are whole quarters of an hour here.
    const offsets = Array.from({ length: 29 * 4 }, (_, i) => (i - 14 * 4) * 900_000)
    const days = Array.from({ length: 20 }, () => random.whole(0, 65 * 365))
    // Clocks change on Sundays.
    for (let day = at('2025-01-01') / 86_400_000; day < at('2026-01-01') / 86_400_000; day++) days.push(day)
    const wrong: string[] = []
    let unclear = 0
    for (const day of days)
      for (let minute = random.whole(0, 14); minute < 1440; minute += day % 7 === 3 ? 15 : 397) {
        const wall = day * 86_400_000 + minute * 60_000
        const instants = offsets.map((offset) => wall - offset).filter((utc) => inFrom(utc) === wall)
        const [first] = instants.sort((a, b) => a - b)
        const isRight = first === undefined || convert(wall) === inTo(first)
        if (!isRight || isUnclear(wall) !== (instants.length !== 1)) wrong.push(written(wall))
        unclear += isUnclear(wall) ? 1 : 0
      }
    expect(wrong).toEqual([])
    expect(unclear).toBeGreaterThan(2)
  })
})
