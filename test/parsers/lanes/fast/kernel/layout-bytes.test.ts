import { utc } from '@date-fns/utc'
import { format } from 'date-fns'
import { describe, expect, test } from 'vitest'
import { timeFormat, timeFormatFault } from '../../../../../src/lib/times/time-format.ts'
import { cellBytes } from '../../../../../src/parsers/lanes/fast/kernel/cell-bytes.ts'
import { layoutBytes } from '../../../../../src/parsers/lanes/fast/kernel/layout-bytes.ts'
import { cellSchemas } from '../../../../../src/raw/kinds.ts'
import { Random, seedOf } from '../../../../support/random.ts'

const { seed, name } = seedOf(59)

/** What the fast reader says of a text that lies between other bytes. */
function read(layout: string, text: string, around = '0'): number | undefined {
  const length = Buffer.byteLength(text)
  const bytes = Buffer.alloc(length + 20, around)
  bytes.write(text, 10)
  const time = layoutBytes(layout)!(bytes, 10, 10 + length)
  return Number.isNaN(time) ? undefined : time
}

describe('read byte by byte', () => {
  test.each([
    ['dd-MM-yyyy HH:mm', '01-02-2025 10:30', Date.UTC(2025, 1, 1, 10, 30)],
    ['MM/dd/yyyy', '12/31/1970', Date.UTC(1970, 11, 31)],
    ['MM/dd/yyyy', '12/31/1969', undefined],
    ['MM/dd/yyyy', '01/01/2200', undefined],
    ['yyyyMMddHHmmss', '20240229235959', Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['yyyyMMdd', '20250229', undefined],
    ['d.M.yyyy H:mm', '1.2.2025 0:05', Date.UTC(2025, 1, 1, 0, 5)],
    ['d.M.yyyy H:mm', '01.2.2025 0:05', undefined],
    ['d.M.yyyy H', '1.2.2025 9', Date.UTC(2025, 1, 1, 9)],
    ['M/d/yyyy h:mm a', '3/5/2025 12:05 AM', Date.UTC(2025, 2, 5, 0, 5)],
    ['M/d/yyyy h:mm a', '3/5/2025 12:05 PM', Date.UTC(2025, 2, 5, 12, 5)],
    ['M/d/yyyy h:mm a', '3/5/2025 1:05 PM', Date.UTC(2025, 2, 5, 13, 5)],
    ['M/d/yyyy h:mm a', '3/5/2025 13:05 PM', undefined],
    ['M/d/yyyy h:mm a', '3/5/2025 0:05 AM', undefined],
    ['M/d/yyyy h:mm a', '3/5/2025 1:05 XM', undefined],
    ['dd MMM yyyy', '05 Mar 2025', Date.UTC(2025, 2, 5)],
    ['dd MMM yyyy', '05 mar 2025', undefined],
    ["dd.MM.yyyy 'um' HH 'Uhr'", '01.02.2025 um 07 Uhr', Date.UTC(2025, 1, 1, 7)],
    ["dd.MM.yyyy 'o''clock' HH", "01.02.2025 o'clock 07", Date.UTC(2025, 1, 1, 7)],
    ['dd年MM月yyyy', '01年02月2025', Date.UTC(2025, 1, 1)],
    ["yyyy/MM/dd'\u{1F600}'", '2025/02/01\u{1F600}', Date.UTC(2025, 1, 1)],
    ['dd/MM/yyyy HH:mm:ss.SSS', '30/03/2025 02:30:00.125', Date.UTC(2025, 2, 30, 2, 30, 0, 125)],
    ['dd/MM/yyyy HH:mm', '30/03/2025 24:00', undefined],
    ['dd/MM/yyyy HH:mm', '30/03/2025 23:60', undefined],
    ['dd/MM/yyyy HH:mm', '30/03/2025 23:59 ', undefined],
    ['dd/MM/yyyy HH:mm', '', undefined],
  ])('%s of %s', (layout, text, expected) => {
    for (const around of ['0', '9', 'M', ' ']) expect(read(layout, text, around)).toBe(expected)
  })

  test('numbers of one field do not stay for the next text', () => {
    const reader = layoutBytes('d.M.yyyy H')!
    const texts = Buffer.from('1.1.2025 91.1.2025 ')
    expect(reader(texts, 0, 10)).toBe(Date.UTC(2025, 0, 1, 9))
    expect(reader(texts, 10, 19)).toBeNaN()
  })
})

test.each([
  'dd MMMM yyyy',
  'do MMM yyyy',
  'EEEE dd.MM.yyyy',
  'dd.MM.yyyy HH:mm:ss.SS',
  'dd/MM/yyyy hh:mm aaa',
  'dMyyyy',
  'dd.MM.yyyy hh aaaa',
  "MM-yyyy-d'0'",
])('%s is left to date-fns', (layout) => {
  expect(layoutBytes(layout)).toBeUndefined()
})

const DATES = ['yyyy', 'MM', 'M', 'MMM', 'dd', 'd']
const CLOCKS = ['HH', 'H', 'hh', 'h', 'mm', 'm', 'ss', 's', 'SSS', 'a', 'aa']
const BETWEEN = ['', ' ', '.', '/', '-', ':', ', ', "'T'", "''", "'le '", '年', '7']

/** Tokens in any order, with anything between them. */
function anyLayout(random: Random): string {
  const some = random.chance(0.7) ? CLOCKS.filter(() => random.chance(0.4)) : []
  const dates = [
    'yyyy',
    random.pick(DATES.filter((token) => token.startsWith('M'))),
    random.pick(['dd', 'd']),
  ]
  const tokens = random.shuffled([...dates, ...some])
  return tokens.map((token, i) => (i === 0 ? token : `${random.pick(BETWEEN)}${token}`)).join('')
}

test(`it answers just what date-fns answers, ${name}`, () => {
  const random = new Random(seed)
  const wrong: string[] = []
  let [layouts, read_, refused] = [0, 0, 0]
  while (layouts < 400) {
    const layout = anyLayout(random)
    if (timeFormatFault(layout) !== undefined || layoutBytes(layout) === undefined) continue
    layouts++
    const reference = timeFormat(layout)
    for (let i = 0; i < 40; i++) {
      const time = random.whole(-1000, 84_000) * 86_400_000 + random.whole(0, 86_399_999)
      let text = format(time, layout, { in: utc })
      if (random.chance(0.6)) {
        const at = random.whole(0, text.length)
        const put = random.pick(['', '0', '1', '9', ' ', 'A', 'PM', 'Mar', ':', '/'])
        text = text.slice(0, at) + put + text.slice(at + random.whole(0, 2))
      }
      const expected = reference(text)
      const isAllowed =
        expected !== undefined && expected >= 0 && expected < Date.UTC(2200, 0, 1) && text.trim() === text
      const given = read(layout, text, random.pick(['0', '5', 'M', ' ']))
      if (given === undefined) refused++
      else read_++
      if (text.trim() === text && given !== (isAllowed ? expected : undefined))
        wrong.push(`${layout} of ${text}: ${given}, not ${expected}`)
    }
  }
  expect(wrong).toEqual([])
  expect(Math.min(read_, refused)).toBeGreaterThan(3000)
})

describe('of several layouts the first that fits counts', () => {
  const at = (timeFormats: string[], text: string) => {
    const canonical = cellBytes({ timeZone: 'UTC', timeFormats }).timestamp
    const schema = cellSchemas({ timeZone: 'UTC', timeFormats }).timestamp
    return [canonical(Buffer.from(text), 0, text.length), schema.safeParse(text).data]
  }

  test('day first, or month first', () => {
    const [first, second] = [Date.UTC(2025, 1, 1), Date.UTC(2025, 0, 2)]
    expect(at(['dd/MM/yyyy', 'MM/dd/yyyy'], '01/02/2025')).toEqual([first, first])
    expect(at(['MM/dd/yyyy', 'dd/MM/yyyy'], '01/02/2025')).toEqual([second, second])
    expect(at(['dd/MM/yyyy', 'MM/dd/yyyy'], '01/13/2025')).toEqual([
      Date.UTC(2025, 0, 13),
      Date.UTC(2025, 0, 13),
    ])
  })

  test('after one that is left to date-fns, all are', () => {
    const [short, whole] = at(['do.MM.yyyy', 'dd/MM/yyyy'], '01/02/2025')
    expect(short).toBeNaN()
    expect(whole).toBe(Date.UTC(2025, 1, 1))
  })
})
