import { describe, expect, test } from 'vitest'
import { type NumberTime, numberTime } from '../../../src/lib/times/number-time.ts'
import { parseCell } from '../../../src/raw/kinds.ts'

const utc = (text: string) => Date.parse(`${text}Z`)

describe('by hand', () => {
  test.each<[NumberTime, string, string]>([
    ['unix', '1759823426', '2025-10-07T07:50:26'],
    ['unix', '1759823426.5', '2025-10-07T07:50:26.500'],
    ['unix', '1759823426.123', '2025-10-07T07:50:26.123'],
    ['unix', '1759823426.123456', '2025-10-07T07:50:26.123'],
    ['unix', '1759823426.9999999999999999', '2025-10-07T07:50:26.999'],
    ['unix', '1759823426.000', '2025-10-07T07:50:26'],
    ['unix', '0', '1970-01-01T00:00:00'],
    ['unix', '000000000001759823426', '2025-10-07T07:50:26'],
    ['unix_ms', '1759823426123', '2025-10-07T07:50:26.123'],
    ['unix_us', '1759823426123456', '2025-10-07T07:50:26.123'],
    ['unix_us', '1759823426123999', '2025-10-07T07:50:26.123'],
    ['unix_us', '7258118399999999', '2199-12-31T23:59:59.999'],
    ['spreadsheet_day', '25569', '1970-01-01T00:00:00'],
    ['spreadsheet_day', '45937', '2025-10-07T00:00:00'],
    ['spreadsheet_day', '45937.25', '2025-10-07T06:00:00'],
    ['spreadsheet_day', '45937.3266912384', '2025-10-07T07:50:26.123'],
    // 1.40003 ms, 1.60004 ms and 0.54 ms.
    ['spreadsheet_day', '45937.000000016204', '2025-10-07T00:00:00.001'],
    ['spreadsheet_day', '45937.000000018519', '2025-10-07T00:00:00.002'],
    ['spreadsheet_day', '45937.00000000625', '2025-10-07T00:00:00.001'],
    ['spreadsheet_day', '45937.9999999999', '2025-10-08T00:00:00'],
  ])('%s of %s', (declared, text, expected) => {
    expect(numberTime(declared)(text)?.wall).toBe(utc(expected))
  })

  test('a half of a millisecond rounds up', () => {
    // 2⁻¹¹ of a day are 42 187.5 ms.
    expect(numberTime('spreadsheet_day')('45937.00048828125')?.wall).toBe(utc('2025-10-07T00:00:42.188'))
    expect(numberTime('spreadsheet_day')('45937.000488281249999999999')?.wall).toBe(
      utc('2025-10-07T00:00:42.187'),
    )
  })
})

describe('refused', () => {
  const forms = [
    '',
    '.5',
    '5.',
    '-5',
    '+5',
    '1e9',
    '1.5e9',
    '1 759',
    ' 1',
    '1,5',
    '1_0',
    '0x10',
    'NaN',
    'Infinity',
    '1.2.3',
    '٣',
    '1759823426.12x',
  ]
  test.each<NumberTime>(['unix', 'unix_ms', 'unix_us', 'spreadsheet_day'])(
    'other forms of %s',
    (declared) => {
      expect(forms.filter((text) => numberTime(declared)(text) !== undefined)).toEqual([])
    },
  )

  test('fractions of milliseconds and microseconds', () => {
    expect(numberTime('unix_ms')('1759823426123.0')).toBeUndefined()
    expect(numberTime('unix_us')('1759823426123456.5')).toBeUndefined()
  })
})

const cell = (text: string, timeFormats: string[], timeZone = 'UTC') =>
  parseCell('timestamp', text, { timeZone, timeFormats })

describe('cells of a shop', () => {
  test('instants are converted into the time zone of the shop, days of a spreadsheet are not', () => {
    const newYork = 'America/New_York'
    expect(cell('1759823426', ['unix'], newYork)).toEqual({ value: utc('2025-10-07T03:50:26') })
    expect(cell('1759823426123', ['unix_ms'], newYork)).toEqual({ value: utc('2025-10-07T03:50:26.123') })
    expect(cell('1759823426123456', ['unix_us'], newYork)).toEqual({ value: utc('2025-10-07T03:50:26.123') })
    expect(cell('45937.25', ['spreadsheet_day'], newYork)).toEqual({ value: utc('2025-10-07T06:00:00') })
  })

  test('the range is that of the wall clock in the shop', () => {
    const refused = { reason: 'invalid_timestamp' }
    expect(cell('0', ['unix'], 'America/New_York')).toEqual(refused)
    expect(cell('18000', ['unix'], 'America/New_York')).toEqual({ value: 0 })
    expect(cell('7258118399', ['unix'])).toEqual({ value: utc('2199-12-31T23:59:59') })
    expect(cell('7258118400', ['unix'])).toEqual(refused)
    expect(cell('7258118399', ['unix'], 'Europe/Berlin')).toEqual(refused)
    expect(cell('25568.9', ['spreadsheet_day'])).toEqual(refused)
    expect(cell('109574.5', ['spreadsheet_day'])).toEqual({ value: utc('2199-12-31T12:00:00') })
    expect(cell('109574.9999999999', ['spreadsheet_day'])).toEqual(refused)
    expect(cell('9'.repeat(400), ['unix', 'unix_ms', 'unix_us', 'spreadsheet_day'])).toEqual(refused)
  })

  test('of several that are declared, the first that fits counts', () => {
    const day = { value: utc('2025-01-02T00:00:00') }
    expect(cell('20250102', ['yyyyMMdd', 'unix'])).toEqual(day)
    expect(cell('20250102', ['unix', 'yyyyMMdd'])).toEqual({ value: utc('1970-08-23T09:01:42') })
    expect(cell('2025-01-02', ['unix'])).toEqual(day)
    expect(cell('1735776000000', ['unix', 'unix_ms'])).toEqual(day)
  })
})
