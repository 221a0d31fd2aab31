import { describe, expect, test } from 'vitest'
import { timeFormat, timeFormatFault } from '../../../src/lib/times/time-format.ts'

describe('layouts that can be declared', () => {
  test.each([
    'dd-MM-yyyy HH:mm',
    'MM/dd/yyyy',
    'yyyyMMdd',
    'd.M.yyyy',
    'dd MMM yyyy',
    'do MMMM yyyy',
    'MMMM d, yyyy hh:mm a',
    'dd/MM/yyyy hh:mm:ss aaa',
    "dd.MM.yyyy 'um' HH:mm 'Uhr'",
    'yyyy/MM/dd HH:mm:ss.SSS',
    'yyyy-MM-dd HH.mm.ss',
    'yyyy-MM-dd HH:mm:ss,SSS',
    "'yyyy' dd MM yyyy",
    'EEEE dd.MM.yyyy',
    "dd-MM-yyyy 'at' HH:mm",
    "dd-MM-yyyy HH 'h' mm",
    "d 'de' MMMM 'de' yyyy",
    "d MMMM yyyy 'est' HH:mm",
    "dd-MM-yyyy'T'HH:mm",
    'unix',
    'unix_ms',
    'unix_us',
    'spreadsheet_day',
  ])('%s', (layout) => {
    expect(timeFormatFault(layout)).toBeUndefined()
  })
})

describe('layouts that cannot', () => {
  test.each([
    ['dd-MM-yy', 'yyyy'],
    ['dd-MM-y', 'yyyy'],
    ['dd-MM-YYYY', 'yyyy'],
    ["'yyyy' dd MM", 'yyyy'],
    ['yyyy dd', 'month'],
    ["yyyy dd 'MM'", 'month'],
    ['HH:mm yyyy dd', 'month'],
    ['MM/yyyy', 'day'],
    ['yyyy-DDD MM', 'day'],
    ['dd-MM-yyyy HH:mm xxx', 'zone'],
    ['dd-MM-yyyy HH:mm z', 'zone'],
    ['dd-MM-yyyy HH:mmX', 'zone'],
    ['dd-MM-yyyy O', 'zone'],
    ["dd-MM-yyyy HH:mm'Z'", "'Z' reads as a zone or offset"],
    ["yyyy-MM-dd HH:mm:ss '+0200'", "'+0200' reads as a zone or offset"],
    ["dd-MM-yyyy HH:mm:ss '+'02:00", 'reads as a zone or offset'],
    ['dd-MM-yyyy HH:mm:ss -05', 'reads as a zone or offset'],
    ["dd-MM-yyyy HH:mm 'UTC'", 'reads as a zone or offset'],
    ["dd-MM-yyyy HH:mm 'gmt'", 'reads as a zone or offset'],
    ["dd-MM-yyyy HH:mm '(CEST)'", 'reads as a zone or offset'],
    ["dd-MM-yyyy HH:mm 'Europe/Berlin'", 'reads as a zone or offset'],
    ['dd-MM-yyyy t', 'epoch'],
    ['dd-MM-yyyy hh:mm', '12-hour'],
    ['dd-MM-yyyy K:mm', '12-hour'],
    ['dd-MM-yyyy HH:mm a', '24-hour'],
    ['yyyy-MM-dd', 'YYYY-MM-DD'],
    ['yyyy-dd-MM', 'YYYY-MM-DD'],
    ['yyyy-MM-d', 'YYYY-MM-DD'],
    ['yyyy-dd-MM HH:mm', 'YYYY-MM-DD'],
    ["yyyy-MM-dd'T'HH:mm:ss", 'YYYY-MM-DD'],
    ["yyyy-dd-MM'T'HH:mm'Z'", 'zone'],
    ['yyyy-MM-dd HH:mm-ss', 'YYYY-MM-DD'],
    ['', 'yyyy'],
    ['unix-ms', 'did you mean unix_ms?'],
    ['Spreadsheet_Day', 'did you mean spreadsheet_day?'],
    ['dd.MM', 'the four-digit year yyyy'],
  ])('%s: %s', (layout, word) => {
    expect(timeFormatFault(layout)).toContain(word)
  })
})

describe('reading', () => {
  const at = (...parts: [number, number, number, number?, number?, number?, number?]) => Date.UTC(...parts)
  test.each([
    ['dd-MM-yyyy HH:mm', '01-02-2025 10:30', at(2025, 1, 1, 10, 30)],
    ['MM-dd-yyyy HH:mm', '01-02-2025 10:30', at(2025, 0, 2, 10, 30)],
    ['dd-MM-yyyy', '29-02-2024', at(2024, 1, 29)],
    ['dd-MM-yyyy', '29-02-2025', undefined],
    ['dd-MM-yyyy', '1-02-2025', undefined],
    ['dd-MM-yyyy', '01-02-25', undefined],
    ['dd-MM-yyyy', '01-02-2025 ', undefined],
    ['dd-MM-yyyy', '01-02-2025 10:30', undefined],
    ['d.M.yyyy', '1.2.2025', at(2025, 1, 1)],
    ['d.M.yyyy', '01.02.2025', undefined],
    ['dd MMM yyyy', '05 Mar 2025', at(2025, 2, 5)],
    ['dd MMM yyyy', '05 mar 2025', undefined],
    ['MM/dd/yyyy hh:mm a', '03/05/2025 12:05 AM', at(2025, 2, 5, 0, 5)],
    ['MM/dd/yyyy hh:mm a', '03/05/2025 12:05 PM', at(2025, 2, 5, 12, 5)],
    ['MM/dd/yyyy hh:mm a', '03/05/2025 13:05 PM', undefined],
    ['dd-MM-yyyy HH:mm', '01-02-2025 24:00', undefined],
    ['dd/MM/yyyy HH:mm:ss.SSS', '30/03/2025 02:30:00.125', at(2025, 2, 30, 2, 30, 0, 125)],
  ])('%s of %s', (layout, text, expected) => {
    expect(timeFormat(layout)(text)).toBe(expected)
  })
})
