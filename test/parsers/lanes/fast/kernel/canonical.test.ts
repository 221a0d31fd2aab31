import { describe, expect, test } from 'vitest'
import type { ZodType } from 'zod'
import { cellBytes } from '../../../../../src/parsers/lanes/fast/kernel/cell-bytes.ts'
import { cellSchemas, type NumberKind } from '../../../../../src/raw/kinds.ts'
import { Random, seedOf } from '../../../../support/random.ts'

const { seed, name } = seedOf(71)
const CELLS = 200_000

/** Cells that a kind takes, from which random ones are made by small changes. */
const MODELS: Readonly<Record<NumberKind, readonly string[]>> = {
  timestamp: [
    '2025-01-02',
    '2024-02-29 23:59:59',
    '2025-01-02T03:04:05',
    '2025-01-02T03:04:05Z',
    '2025-01-02 03:04:05.678',
    '2025-01-02 03:04:05.123456789',
    '2025-01-02T03:04:05.5Z',
    '2025-01-02 03:04',
    '2025-01-02 03:04:05 UTC',
    '2025-01-02 03:04:05+01:00',
    '2025-01-02T03:04Z',
    '2025-01-02T03:04-0530',
    '2025-03-30 02:30:00.25+05',
    '2024-10-27T00:59:59 UTC',
    '2025-01-02 03:04:05 +01:00',
    '2025-01-02 03:04 -0530',
    '1970-01-01T00:00+23:59',
    '1970-01-01',
    '2199-12-31 23:59:59.999',
    '2000-02-30',
  ],
  money: [
    '5',
    '-5',
    '0',
    '-0.00',
    '.5',
    '5.',
    '5.25',
    '123456789.1234',
    '999999999.9999',
    '1000000000',
    '1e2',
    '0.00005',
    '+7',
  ],
  integer: ['2', '-2', '0', '-0', '2.', '2.00', '999999', '1000000', '1000001', '+3', '007'],
  large_integer: [
    ...['2', '-2', '0', '-0', '2.', '2.00', '1000000', '999999999999', '-999999999999'],
    ...['1000000000000', '1000000000001', '9999999999999', '+3', '007'],
  ],
  quantity: [
    '2',
    '-2',
    '0',
    '-0',
    '0.5',
    '.5',
    '2.',
    '2.0001',
    '2.00005',
    '999999.9999',
    '1000000',
    '1000000.0001',
    '-1000001',
    '+3',
    '1e2',
  ],
  percent: ['0', '100', '100.00', '99.9999', '33.3333', '100.0001', '-0', '.5', '1e2', '100.'],
  flag: ['0', '1', '0.0', '1.0', 'true', 'false', 'TRUE', '2', '0.1', '1.', '01'],
}
const CHARACTERS: Readonly<Record<NumberKind, readonly string[]>> = {
  timestamp: [...'0123456789-:. TZ+', '٣', '/'],
  money: [...'0123456789.-+eE,', '٣', ' '],
  integer: [...'0123456789.-+e', '٣'],
  large_integer: [...'0123456789.-+e', '٣'],
  quantity: [...'0123456789.-+e', '٣'],
  percent: [...'0123456789.-+e'],
  flag: [...'01.truefalsTRUE2'],
}

/** A model with up to three characters changed, added or removed; seldom a text of random characters. */
function anyCell(random: Random, kind: NumberKind): string {
  if (random.chance(0.1)) return random.text(CHARACTERS[kind], 1, 12)
  const characters = [...random.pick(MODELS[kind])]
  for (let changes = random.whole(0, 3); changes > 0; changes--) {
    const at = random.whole(0, characters.length)
    const removed = random.whole(0, 1)
    characters.splice(at, removed, ...(random.chance(0.7) ? [random.pick(CHARACTERS[kind])] : []))
  }
  return characters.join('')
}

function bySchema(schema: ZodType<number, string>, text: string): number | string {
  const parsed = schema.safeParse(text)
  return parsed.success ? parsed.data : 'refused'
}

const kinds = Object.keys(MODELS) as NumberKind[]
const options = [
  { timeZone: 'UTC', timeFormats: [] },
  { timeZone: 'Europe/Berlin', timeFormats: ['dd-MM-yyyy'] },
]

describe.each(options)(`$timeZone, ${name}`, (cellOptions) => {
  test.each(kinds)(`%s: whenever the short way answers, the schema answers the same`, (kind) => {
    const random = new Random(seed)
    const canonical = cellBytes(cellOptions)[kind]
    const schema = cellSchemas(cellOptions)[kind]
    const wrong: string[] = []
    let answers = 0
    // The cell lies between other bytes, which must not be read.
    const bytes = Buffer.alloc(200)
    for (let i = 0; i < CELLS / options.length; i++) {
      const cell = anyCell(random, kind)
      const around = random.pick(['0', '9', '.', ',', 'Z', '-'])
      bytes.fill(around)
      const end = 7 + bytes.write(cell, 7)
      const short = canonical(bytes, 7, end)
      if (Number.isNaN(short)) {
        // Timestamps are read the short way in all their forms.
        if (kind === 'timestamp' && bySchema(schema, cell) !== 'refused') wrong.push(`${cell}: not read`)
        continue
      }
      answers++
      if (!Object.is(bySchema(schema, cell), short)) wrong.push(`${cell}: ${short}`)
    }
    expect(wrong).toEqual([])
    expect(answers).toBeGreaterThan(CELLS / 20)
  })

  test('the short way knows what exports usually hold', () => {
    const canonicals = cellBytes(cellOptions)
    const knows = (kind: NumberKind, cell: string) =>
      !Number.isNaN(canonicals[kind](Buffer.from(cell), 0, cell.length))
    expect(knows('timestamp', '2025-01-02 03:04:05')).toBe(true)
    expect(knows('money', '49.99')).toBe(true)
    expect(knows('integer', '3')).toBe(true)
    expect(knows('percent', '66.67')).toBe(true)
    expect(knows('flag', '1')).toBe(true)
    expect(knows('timestamp', '2025-01-02T03:04:05Z')).toBe(true)
    expect(knows('timestamp', '2025-01-02T03:04+01:00')).toBe(true)
  })
})

test('every second of a day, and every millisecond of a second', () => {
  const canonical = cellBytes(options[0]!).timestamp
  const read = (text: string) => canonical(Buffer.from(text), 0, text.length)
  for (let second = 0; second < 86_400; second++) {
    const expected = Date.UTC(2024, 1, 29) + second * 1000
    const text = new Date(expected).toISOString().slice(0, 19)
    if (read(text) !== expected) expect(text).toBe('read')
  }
  for (let ms = 0; ms < 1000; ms++) {
    const expected = Date.UTC(2024, 1, 29, 1, 2, 3, ms)
    expect(read(new Date(expected).toISOString())).toBe(expected)
  }
})
