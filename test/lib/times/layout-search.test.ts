import { describe, expect, test } from 'vitest'
import {
  isDayFirst,
  searchLayouts,
  swappedLayout,
  twinLayouts,
} from '../../../src/lib/times/layout-search.ts'
import { timeFormat, timeFormatFault } from '../../../src/lib/times/time-format.ts'

const search = (...texts: string[]) => searchLayouts(texts.map((text) => ({ text, count: 1 })))

describe('layouts that fit every cell', () => {
  test.each([
    [['23-01-2025 10:00'], ['dd-MM-yyyy HH:mm']],
    [['01-23-2025 10:00'], ['MM-dd-yyyy HH:mm']],
    [['01-02-2025'], ['dd-MM-yyyy', 'MM-dd-yyyy']],
    [['01-02-2025', '13-02-2025'], ['dd-MM-yyyy']],
    [['01-02-2025', '02-13-2025'], ['MM-dd-yyyy']],
    [['01/31/2025 10:00:05'], ['MM/dd/yyyy HH:mm:ss']],
    [['31.12.2025', '01.02.2025'], ['dd.MM.yyyy']],
    [['2025/12/31 10:00'], ['yyyy/MM/dd HH:mm']],
    [['20251231'], ['yyyyMMdd']],
    [['31122025'], ['ddMMyyyy']],
    [['20251231 101500', '20250101 000000'], ['yyyyMMdd HHmmss']],
    [['20251231101500'], ['yyyyMMddHHmmss']],
    [['01/02/2025 10:00 PM'], ['dd/MM/yyyy hh:mm a', 'MM/dd/yyyy hh:mm a']],
    [['31/01/2025 10:00:00 AM'], ['dd/MM/yyyy hh:mm:ss a']],
    [['31-01-2025T10:00'], ["dd-MM-yyyy'T'HH:mm"]],
    [['31-01-2025 10:00:00.123'], ['dd-MM-yyyy HH:mm:ss.SSS']],
    [['5/31/2025 0:37', '6/1/2025 12:05'], ['M/d/yyyy H:mm']],
    [['31.5.2025 9:05', '1.6.2025 13:05'], ['d.M.yyyy H:mm']],
    [['5/31/2025 9:05 PM'], ['M/d/yyyy h:mm a']],
    [['31 Jan 2025'], ['dd MMM yyyy']],
    [['3 May 2025', '31 Jan 2025'], ['d MMM yyyy']],
    [['January 3, 2025'], ['MMMM d, yyyy']],
    [['June 1st, 2025'], ['MMMM do, yyyy']],
    [['Fri, 31 Jan 2025 10:00'], ['EEE, dd MMM yyyy HH:mm']],
    [['31.12.2025, 10:00'], ['dd.MM.yyyy, HH:mm']],
  ])('%j: %j', (texts, layouts) => {
    expect(search(...texts).layouts).toEqual(layouts)
    for (const layout of layouts) {
      expect(timeFormatFault(layout), layout).toBeUndefined()
      for (const text of texts) expect(timeFormat(layout)(text), `${layout} ${text}`).toBeTypeOf('number')
    }
  })

  test.each([
    '01-02/2025',
    'tomorrow',
    '01-02-2025 noon',
    '',
    '1/2/25',
    '31.02.2025',
    '01-02-2201',
    '174337920',
    '17433792000',
    '1743379200 s',
  ])('%s fits none', (text) => {
    expect(search(text)).toEqual({ layouts: [], mixed: undefined })
  })

  test.each([
    [['1743379200', '1743379200.25'], 'unix'],
    [['1743379200123', '999999999999'], 'unix_ms'],
    [['1743459000000000'], 'unix_us'],
    [['45747', '45747.5208333333'], 'spreadsheet_day'],
  ])('%j is %s', (texts, declared) => {
    expect(search(...texts).layouts).toEqual([declared])
    expect(search(...texts, 'tomorrow').layouts).toEqual([])
    expect(search(...texts, '31.12.2025').layouts).toEqual([])
  })

  test('a cell of another kind leaves none', () => {
    expect(search('13-02-2025', '13-02-2025 10:00').layouts).toEqual([])
    expect(search('13-02-2025', 'tomorrow')).toEqual({ layouts: [], mixed: undefined })
  })
})

test('some cells can only have the day first, some only the month: how many of each', () => {
  const samples = [
    { text: '13-02-2025', count: 4 },
    { text: '02-13-2025', count: 2 },
    { text: '01-02-2025', count: 7 },
  ]
  expect(searchLayouts(samples)).toEqual({ layouts: [], mixed: { dayFirst: 4, monthFirst: 2, either: 7 } })
})

test('the layout with day and month in each other’s place', () => {
  expect(swappedLayout('dd/MM/yyyy HH:mm')).toBe('MM/dd/yyyy HH:mm')
  expect(swappedLayout("M/d/yyyy 'um' H:mm")).toBe("d/M/yyyy 'um' H:mm")
  expect(swappedLayout('dd MMM yyyy')).toBeUndefined()
  expect(swappedLayout('spreadsheet_day')).toBeUndefined()
  expect(twinLayouts(['unix', 'dd/MM/yyyy', 'spreadsheet_day', 'M/d/yyyy'])).toEqual([
    'dd/MM/yyyy',
    'M/d/yyyy',
  ])
  expect([isDayFirst('dd/MM/yyyy'), isDayFirst('MM/dd/yyyy'), isDayFirst('yyyy/MM/dd')]).toEqual([
    true,
    false,
    false,
  ])
})
