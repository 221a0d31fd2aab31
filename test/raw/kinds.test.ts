import { expect, test } from 'vitest'
import { KINDS, parseCell } from '../../src/raw/kinds.ts'

const utc = { timeZone: 'UTC', timeFormats: [] }

test('declared layouts are tried in order, after ISO', () => {
  const parse = (text: string, ...timeFormats: string[]) =>
    parseCell('timestamp', text, { timeZone: 'UTC', timeFormats })
  const february = { value: Date.UTC(2025, 1, 1) }
  const january = { value: Date.UTC(2025, 0, 2) }
  expect(parse('01-02-2025', 'dd-MM-yyyy', 'MM-dd-yyyy')).toEqual(february)
  expect(parse('01-02-2025', 'MM-dd-yyyy', 'dd-MM-yyyy')).toEqual(january)
  expect(parse('13-02-2025', 'MM-dd-yyyy', 'dd-MM-yyyy')).toEqual({ value: Date.UTC(2025, 1, 13) })
  expect(parse('2025-01-02', 'dd-MM-yyyy')).toEqual(january)
  expect(parse('01-02-2025')).toEqual({ reason: 'invalid_timestamp' })
  expect(parse('01-02-1969', 'dd-MM-yyyy')).toEqual({ reason: 'invalid_timestamp' })
  expect(parse('31-12-2199', 'dd-MM-yyyy')).toEqual({ value: Date.UTC(2199, 11, 31) })
  expect(parse('01-01-2200', 'dd-MM-yyyy')).toEqual({ reason: 'invalid_timestamp' })
})

test('the year is that of the text as written, also where the zone moves it', () => {
  const berlin = { timeZone: 'Europe/Berlin', timeFormats: [] }
  expect(parseCell('timestamp', '2199-12-31T23:30:00Z', berlin)).toEqual({
    value: Date.UTC(2200, 0, 1, 0, 30),
  })
  expect(parseCell('timestamp', '1970-01-01T00:30:00+05:00', utc)).toEqual({ value: -4.5 * 3_600_000 })
})

test('a layout has no zone: it is shop time as it stands', () => {
  const berlin = { timeZone: 'Europe/Berlin', timeFormats: ['dd.MM.yyyy HH:mm'] }
  expect(parseCell('timestamp', '01.07.2025 10:00', berlin)).toEqual({ value: Date.UTC(2025, 6, 1, 10) })
})

test('an empty cell is null in every kind, and so are blanks', () => {
  for (const kind of KINDS) {
    expect(parseCell(kind, '', utc)).toEqual({ value: null })
    expect(parseCell(kind, ' \t ', utc)).toEqual({ value: null })
  }
})

test('an id is never a number', () => {
  for (const text of ['007', '1e5', '__proto__', 'NaN', 'NULL', '1.0']) {
    expect(parseCell('id', text, utc)).toEqual({ value: text })
  }
})
