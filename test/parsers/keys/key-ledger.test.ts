import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Dictionary, type Encoder, TEXT_SEED } from '../../../src/collections/texts/dictionary.ts'
import { HashedIds } from '../../../src/collections/texts/hashed-ids.ts'
import { wallClockIn } from '../../../src/lib/times/time-zone.ts'
import { batchLayout } from '../../../src/parsers/batch/batch-layout.ts'
import { RecordBatch } from '../../../src/parsers/batch/record-batch.ts'
import type { Header } from '../../../src/parsers/headers/header.ts'
import { CONFLICTING, IDENTICAL, KeyLedger, NEW_KEY } from '../../../src/parsers/keys/key-ledger.ts'
import { BatchWriter } from '../../../src/parsers/lanes/batch-writer.ts'
import { fastLane } from '../../../src/parsers/lanes/fast/fast-lane.ts'
import { PLAIN_FORM } from '../../../src/parsers/records/record-form.ts'
import { READER_BYTES, RecordReader } from '../../../src/parsers/records/record-reader.ts'
import { rawTables } from '../../../src/raw/index.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(67)
const table = rawTables.order_table
const COLUMNS = Object.keys(table.columns)
/** A file with just these columns, in this order. */
const GIVEN = ['order_id', 'user_id', 'session_id', 'time', 'total_price', 'discount', 'discount_coupon_code']
const header: Header = {
  names: GIVEN,
  fieldCount: GIVEN.length,
  positions: Int32Array.from(COLUMNS, (column) => GIVEN.indexOf(column)),
  missing: [],
  unknown: [],
  end: 0,
}

const VERDICTS = { [NEW_KEY]: 'new', [IDENTICAL]: 'identical', [CONFLICTING]: 'conflicting' }
type Verdict = 'new' | 'identical' | 'conflicting'

/** What the ledger says of rows, each given as its cells. */
function verdicts(
  rows: readonly (readonly string[])[],
  compares = true,
  encoder: Encoder = new Dictionary(),
): Verdict[] {
  const given = { ...table, comparesDuplicates: compares }
  const layout = batchLayout(given, header, new Set())
  const batch = new RecordBatch(layout, READER_BYTES)
  const ledger = new KeyLedger(compares)
  const found: Verdict[] = []
  const judge = () => {
    batch.prepare(TEXT_SEED)
    const codes = new Int32Array(batch.count)
    encoder.encodeCells(batch.texts(COLUMNS.indexOf('order_id')), codes, 0)
    const judged = new Uint8Array(batch.count)
    const repeated = ledger.judge(batch.count, codes, batch.highs, batch.lows, judged)
    const some = [...judged].map((verdict) => VERDICTS[verdict as keyof typeof VERDICTS] as Verdict)
    expect(some.filter((verdict) => verdict !== 'new').length).toBe(repeated)
    found.push(...some)
    batch.clear()
    return true
  }
  const rules = rulesSchema.parse({ nullValues: ['-'] })
  const options = {
    table: given,
    header,
    rules,
    form: PLAIN_FORM,
    batch,
    seed: TEXT_SEED,
    scans: undefined,
    lane: fastLane,
    toWallClock: wallClockIn('UTC'),
  }
  const writer = new BatchWriter({ ...options, startsWithHeader: false, onFull: judge })
  const handler = {
    record: writer.record.bind(writer),
    oversized: writer.oversized.bind(writer),
    settle: judge,
  }
  const reader = new RecordReader(GIVEN.length, handler, undefined, batch.bytes)
  reader.push(Buffer.from(rows.map((row) => `${row.join(',')}\n`).join('')))
  reader.finish()
  expect(found.length).toBe(rows.length)
  return found
}

const row = (changed: Readonly<Record<string, string>> = {}) =>
  GIVEN.map(
    (column) =>
      ({ order_id: 'o', user_id: 'u', session_id: 's', time: '2024-01-01', total_price: '5', ...changed })[
        column
      ] ?? '',
  )

describe('a row of the same key', () => {
  test.each([
    ['the same cells', {}],
    ['blanks around a cell', { user_id: ' u\t', order_id: 'o ' }],
    ['an amount written otherwise', { total_price: '+5.0000' }],
    ['a time written otherwise', { time: '2024-01-01T00:00:00Z' }],
    ['a null written otherwise', { discount: ' - ' }],
  ])('is identical: %s', (_, changed) => {
    expect(verdicts([row(), row(changed)])).toEqual(['new', 'identical'])
  })

  test.each([
    ['another id', { user_id: 'u2' }],
    ['another case', { user_id: 'U' }],
    ['another time', { time: '2024-01-01 00:00:00.001' }],
    ['another amount', { total_price: '5.0001' }],
    ['another sign', { total_price: '-5' }],
    ['a zero for a null', { discount: '0' }],
    ['a text for a null', { discount_coupon_code: '0' }],
    ['texts swapped', { user_id: 's', session_id: 'u' }],
    ['a text that moved over to the next', { user_id: 'us', session_id: 's' }],
  ])('is conflicting: %s', (_, changed) => {
    expect(verdicts([row(), row(changed)])).toEqual(['new', 'conflicting'])
    expect(verdicts([row(), row(changed)], false)).toEqual(['new', 'identical'])
  })

  test('is compared with the first, not with the one before it', () => {
    const other = row({ total_price: '6' })
    expect(verdicts([row(), other, other, row()])).toEqual(['new', 'conflicting', 'conflicting', 'identical'])
  })
})

describe(`against a Map, ${name}`, () => {
  const random = new Random(seed)
  const rows = Array.from({ length: 20_000 }, () => {
    const order_id = `o${random.whole(0, 6000)}`
    return row({ order_id, user_id: random.pick(['u', 'v']), discount: random.pick(['', '0']) })
  })
  const firsts = new Map<string, string>()
  const wanted = rows.map((cells): Verdict => {
    const known = firsts.get(cells[0]!)
    if (known === undefined) firsts.set(cells[0]!, cells.join())
    return known === undefined ? 'new' : known === cells.join() ? 'identical' : 'conflicting'
  })

  test('keys as they are', () => {
    expect(verdicts(rows)).toEqual(wanted)
  })

  test('hashed keys', () => {
    const hashed = new HashedIds((id) => createHash('sha256').update(id).digest('hex'))
    expect(verdicts(rows, true, hashed)).toEqual(wanted)
  })

  test('keys whose codes other tables have used before', () => {
    const dictionary = new Dictionary()
    for (const id of random.shuffled([...firsts.keys(), 'x', 'y'])) dictionary.encodeText(id)
    expect(verdicts(rows, true, dictionary)).toEqual(wanted)
  })
})

describe('where the last row of a key stays', () => {
  const last = (keys: readonly number[]) => {
    const found = new Uint8Array(keys.length)
    const repeated = new KeyLedger(true).judgeLast(keys.length, Int32Array.from(keys), found)
    const said = [...found].map((verdict) => VERDICTS[verdict as keyof typeof VERDICTS])
    expect(said.filter((verdict) => verdict !== 'new').length).toBe(repeated)
    return said
  }

  test('those before it are identical, whatever they hold', () => {
    expect(last([])).toEqual([])
    expect(last([0, 1, 0, 2, 0])).toEqual(['identical', 'new', 'identical', 'new', 'new'])
  })

  test(`against a Map, ${name}`, () => {
    const random = new Random(seed)
    const keys = Array.from({ length: 20_000 }, () => random.whole(0, 9000))
    const lasts = new Map(keys.map((key, row) => [key, row]))
    expect(last(keys)).toEqual(keys.map((key, row) => (lasts.get(key) === row ? 'new' : 'identical')))
  })
})
