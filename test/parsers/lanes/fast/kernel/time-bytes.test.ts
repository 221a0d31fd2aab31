import { describe, expect, test } from 'vitest'
import { wallClockBetween } from '../../../../../src/lib/times/wall-clock-between.ts'
import { cellBytes } from '../../../../../src/parsers/lanes/fast/kernel/cell-bytes.ts'
import { type CellOptions, cellSchemas } from '../../../../../src/raw/kinds.ts'
import { Random, seedOf } from '../../../../support/random.ts'

const { seed, name } = seedOf(67)
const DIGITS = [...'0123456789']
/** How many digits times of our days have. */
const LENGTHS = { unix: 10, unix_ms: 13, unix_us: 16, spreadsheet_day: 5 }

/** Digits, mostly as many as a time has, sometimes with another character among them; or a date. */
function anyText(random: Random): string {
  if (random.chance(0.2))
    return random.pick([
      '2025-03-30 02:30',
      '2025-03-30T02:30:00Z',
      '30.03.2025 02:30',
      '2025-10-26 02:30:00.5',
    ])
  const length = random.pick(Object.values(LENGTHS))
  const whole = random.text(DIGITS, random.chance(0.8) ? length : 1, random.chance(0.8) ? length : 20)
  const fraction = random.chance(0.6) ? `.${random.text(DIGITS, 1, random.pick([3, 12, 40]))}` : ''
  const text = whole + fraction
  if (random.chance(0.8)) return text
  const at = random.whole(0, text.length)
  return text.slice(0, at) + random.pick(['.', '-', 'e', '', '٣']) + text.slice(at + 1)
}

const fromBerlin = (timeZone: string) => wallClockBetween('Europe/Berlin', timeZone).convert

describe(`byte by byte, times are what the schema says, ${name}`, () => {
  test.each<CellOptions>([
    { timeZone: 'Asia/Kolkata', timeFormats: ['unix'] },
    { timeZone: 'UTC', timeFormats: ['unix_ms', 'unix'] },
    { timeZone: 'America/New_York', timeFormats: ['unix_us'] },
    { timeZone: 'Europe/Berlin', timeFormats: ['spreadsheet_day', 'dd.MM.yyyy HH:mm', 'unix_us'] },
    {
      timeZone: 'America/New_York',
      timeFormats: ['dd.MM.yyyy HH:mm', 'spreadsheet_day', 'unix'],
      fromWritten: fromBerlin('America/New_York'),
    },
  ])('$timeZone, $timeFormats', (options) => {
    const random = new Random(seed)
    const read = cellBytes(options).timestamp
    const schema = cellSchemas(options).timestamp
    let values = 0
    for (let i = 0; i < 4000; i++) {
      const text = anyText(random)
      if (text === '') continue
      // The cell lies between other digits, which must not be read.
      const bytes = Buffer.from(`7${text}7`)
      const time = read(bytes, 1, bytes.length - 1)
      const parsed = schema.safeParse(text)
      const expected = parsed.success ? parsed.data : Number.NaN
      if (!Object.is(time, expected)) expect(`${text}: ${time}`).toBe(`${text}: ${expected}`)
      if (parsed.success) values++
    }
    expect(values).toBeGreaterThan(400)
  })
})

test('only times without an offset are written by the clock of the table', () => {
  const timeFormats = ['spreadsheet_day', 'unix', 'dd.MM.yyyy HH:mm']
  const options = { timeZone: 'America/New_York', timeFormats, fromWritten: fromBerlin('America/New_York') }
  const read = (text: string) => cellBytes(options).timestamp(Buffer.from(text), 0, text.length)
  const nine = Date.UTC(2025, 0, 15, 9)
  expect(read('2025-01-15 15:00')).toBe(nine)
  expect(read('15.01.2025 15:00')).toBe(nine)
  expect(read('45672.625')).toBe(nine)
  expect(read('2025-01-15 14:00Z')).toBe(nine)
  expect(read('2025-01-15 15:00 +01:00')).toBe(nine)
  expect(read('2025-01-15 15:00')).toBe(nine)
  expect(read(`${Date.UTC(2025, 0, 15, 14) / 1000}`)).toBe(nine)
  expect(read('2025-02-30 15:00')).toBeNaN()
})
