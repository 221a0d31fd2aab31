import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { describe, expect, test } from 'vitest'
import { ExactVector } from '../../../src/collections/exact-vector.ts'
import { dictionaryOf, NO_CODE } from '../../../src/collections/texts/dictionary.ts'
import { NO_FLAG } from '../../../src/collections/vectors.ts'
import { type Whole, whole } from '../../../src/lib/numbers/exact.ts'
import { csvForm } from '../../../src/outputs/csv/index.ts'
import {
  type AnyAggregate,
  count,
  date,
  flag,
  id,
  money,
  month,
  NO_DAY,
  ratio,
  text,
} from '../../../src/tables/define.ts'
import { csvOf } from '../../support/memory-run.ts'
import { Random, seedOf } from '../../support/random.ts'

const definition: AnyAggregate = {
  name: 'made_up',
  grain: 'one row per id',
  key: ['id'],
  order: [{ column: 'id' }],
  needs: {},
  written: 'always',
  totals: {},
  columns: {
    id: id(''),
    name: text(''),
    day: date(''),
    month: month(''),
    hits: count(''),
    seen: flag(''),
    sum: money(''),
    share: ratio('%', ''),
  },
  aggregate: () => {
    throw new Error('not asked for')
  },
}
const HEADER = 'id,name,day,month,hits,seen,sum,share\n'

interface Plain {
  readonly id: string
  readonly name: string | null
  readonly day: number | null
  readonly hits: number | null
  readonly seen: number | null
  readonly sum: bigint
  readonly share: bigint | null
}

function tableOf(plain: readonly Plain[]) {
  const names = [...new Set(plain.flatMap((row) => row.name ?? []))]
  const exact = (pick: (row: Plain) => bigint | null) => {
    const vector = new ExactVector(plain.length)
    plain.forEach((row, i) => {
      const value = pick(row)
      vector.set(i, value === null ? null : (whole(value) satisfies Whole))
    })
    return vector
  }
  const day = Int32Array.from(plain, (row) => row.day ?? NO_DAY)
  return {
    definition,
    rowCount: plain.length,
    order: Int32Array.from(plain.keys()),
    columns: {
      id: { codes: Int32Array.from(plain.keys()), dictionary: dictionaryOf(plain.map((row) => row.id)) },
      name: {
        codes: Int32Array.from(plain, (row) => (row.name === null ? NO_CODE : names.indexOf(row.name))),
        dictionary: dictionaryOf(names),
      },
      day,
      month: day,
      hits: Float64Array.from(plain, (row) => row.hits ?? Number.NaN),
      seen: Int8Array.from(plain, (row) => row.seen ?? NO_FLAG),
      sum: exact((row) => row.sum),
      share: exact((row) => row.share),
    },
  }
}

/** Rows by csv-stringify, with numbers rounded by their digits and formulas escaped by the words of the SPEC. */
function byStringify(plain: readonly Plain[], escapeFormulas: boolean): string {
  const safe = (cell: string | null) => {
    if (cell === null || !escapeFormulas) return cell
    const isRisk =
      '=@\r\n'.includes(cell.slice(0, 1)) ||
      ('+-'.includes(cell.slice(0, 1)) && !/^[+-][A-Za-z0-9_.:-]*$/.test(cell))
    return isRisk && cell !== '' ? `'${cell}` : cell
  }
  const dateText = (row: Plain) => (row.day === null ? '' : new Date(row.day * 86_400_000).toISOString())
  const cells = plain.map((row) => [
    safe(row.id),
    safe(row.name),
    dateText(row).slice(0, 10),
    dateText(row).slice(0, 7),
    row.hits,
    row.seen,
    decimal(roundedTo100(row.sum)),
    row.share === null ? null : decimal(row.share),
  ])
  return HEADER + stringify(cells, { record_delimiter: '\n', quoted_match: /\r/ })
}

function roundedTo100(value: bigint): bigint {
  const size = value < 0n ? -value : value
  const rounded = size / 100n + (size % 100n >= 50n ? 1n : 0n)
  return value < 0n ? -rounded : rounded
}

function decimal(hundredths: bigint): string {
  const size = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, '0')
  return `${hundredths < 0n ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}`
}

const { seed, name } = seedOf(111)
const PIECES = [
  'a',
  'b',
  ',',
  '"',
  '\n',
  '\r',
  ' ',
  '=',
  '+',
  '-',
  '@',
  "'",
  'é',
  '\u{1F600}',
  '\t',
  '1',
  '.',
  '0',
  '\u2028',
]

function anyRow(random: Random, i: number): Plain {
  const amount = () =>
    BigInt(random.text([...'0123456789'], 1, random.pick([2, 5, 15, 17, 24]))) *
    (random.chance(0.4) ? -1n : 1n)
  const textOf = () => random.text(PIECES, 1, 5)
  return {
    id: `${textOf()}${i}`,
    name: random.chance(0.2) ? null : textOf(),
    day: random.chance(0.2) ? null : random.whole(-400, 84_000),
    hits: random.chance(0.2)
      ? null
      : random.pick([0, 1, 9, 10, 99, 100, 1_000_000, Number.MAX_SAFE_INTEGER, -5]),
    seen: random.pick([null, 0, 1]),
    sum: amount(),
    share: random.chance(0.2) ? null : amount(),
  }
}

describe(`against csv-stringify, ${name}`, () => {
  const random = new Random(seed)
  const plain = Array.from({ length: 20_000 }, (_, i) => anyRow(random, i))

  test.each([true, false])('escaping formulas: %s', (escapeFormulas) => {
    const csv = csvOf(tableOf(plain), { bom: false, escapeFormulas })
    expect(csv === byStringify(plain, escapeFormulas)).toBe(true)
  })

  test('what is written without escapes is read back', () => {
    const csv = csvOf(tableOf(plain), { bom: false, escapeFormulas: false })
    const rows = parse(csv, { columns: true, record_delimiter: '\n' }) as Record<string, string>[]
    expect(rows.map((row) => row.id)).toEqual(plain.map((row) => row.id))
    expect(rows.map((row) => row.name)).toEqual(plain.map((row) => row.name ?? ''))
  })
})

test('cells of every kind by hand', () => {
  const row = { id: '007', name: '=1+1', day: 19_782, hits: 3, seen: 0, sum: -1_250n, share: 3_333n }
  const empty = { id: 'x', name: null, day: null, hits: null, seen: null, sum: -49n, share: null }
  expect(csvOf(tableOf([row, empty]))).toBe(
    `${HEADER}007,'=1+1,2024-02-29,2024-02,3,0,-0.13,33.33\nx,,,,,,0.00,\n`,
  )
})

test('the header is always there, and a byte order mark if asked for', () => {
  expect(csvOf(tableOf([]))).toBe(HEADER)
  expect(csvOf(tableOf([]), { bom: true, escapeFormulas: true })).toBe(`\uFEFF${HEADER}`)
})

test('texts longer than the buffer', () => {
  const long = 'é'.repeat(1_500_000)
  const rows = [long, `${long},`, 'z'].map((one) => ({
    id: one,
    name: one,
    day: 0,
    hits: 1,
    seen: 1,
    sum: 10_000n,
    share: 1n,
  }))
  const chunks: number[] = []
  csvForm.writeRows(tableOf(rows), { bom: false, escapeFormulas: true }, (bytes) => chunks.push(bytes.length))
  const csv = csvOf(tableOf(rows))
  expect(chunks.reduce((a, b) => a + b)).toBe(Buffer.byteLength(csv))
  expect(csv === byStringify(rows, true)).toBe(true)
})

test('the escape is in the cell, not in the order', () => {
  const rows = ['-5', '+a b', '@x', 'a'].map((one) => ({
    id: one,
    name: one,
    day: 0,
    hits: 0,
    seen: 0,
    sum: 0n,
    share: 0n,
  }))
  const first = csvOf(tableOf(rows))
    .split('\n')
    .slice(1, 5)
    .map((line) => line.split(',')[0])
  expect(first).toEqual(['-5', "'+a b", "'@x", 'a'])
})
