import { describe, expect, test } from 'vitest'
import { TEXT_SEED } from '../../../src/collections/texts/dictionary.ts'
import { wallClockIn } from '../../../src/lib/times/time-zone.ts'
import { batchLayout } from '../../../src/parsers/batch/batch-layout.ts'
import { RecordBatch } from '../../../src/parsers/batch/record-batch.ts'
import { compositeKey } from '../../../src/parsers/keys/composite-key.ts'
import { Encoders } from '../../../src/parsers/keys/encoders.ts'
import { BatchWriter } from '../../../src/parsers/lanes/batch-writer.ts'
import { fastLane } from '../../../src/parsers/lanes/fast/fast-lane.ts'
import { PLAIN_FORM } from '../../../src/parsers/records/record-form.ts'
import { READER_BYTES, RecordReader } from '../../../src/parsers/records/record-reader.ts'
import type { SharedDictionary } from '../../../src/raw/define.ts'
import { rawTables } from '../../../src/raw/index.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'
import { runInMemory } from '../../support/memory-run.ts'
import { orderShop } from '../../support/order-shop.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(31)

/** The packed keys of cart adds, as texts; a column that no row has is not in the file. */
function packed(
  rows: readonly Readonly<Record<string, string>>[],
  keyColumns: readonly string[],
  hashed: readonly SharedDictionary[] = [],
): string[] {
  const table = { ...rawTables.add_to_cart_table, keyColumns }
  const columns = Object.keys(table.columns)
  const names = columns.filter((column) => rows.some((row) => row[column] !== undefined))
  const positions = Int32Array.from(columns, (column) => names.indexOf(column))
  const header = { names, fieldCount: names.length, positions, missing: [], unknown: [], end: 0 }
  const batch = new RecordBatch(batchLayout(table, header, new Set()), READER_BYTES)
  const key = compositeKey(table, new Encoders([table], hashed, Buffer.alloc(32)))!
  const found: string[] = []
  const take = () => {
    for (let row = 0; row < batch.count; row++) {
      key.take(batch, row)
      found.push(Buffer.from(key.bytes.subarray(0, key.end)).toString('latin1'))
    }
    batch.clear()
    return true
  }
  const rules = rulesSchema.parse({ nullValues: ['-'] })
  const writer = new BatchWriter({
    table,
    header,
    rules,
    form: PLAIN_FORM,
    batch,
    seed: TEXT_SEED,
    scans: undefined,
    lane: fastLane,
    toWallClock: wallClockIn('UTC'),
    startsWithHeader: false,
    onFull: take,
  })
  const handler = {
    record: writer.record.bind(writer),
    oversized: writer.oversized.bind(writer),
    settle: take,
  }
  const reader = new RecordReader(names.length, handler, undefined, batch.bytes)
  const csv = rows.map((row) => names.map((column) => `"${row[column]!.replaceAll('"', '""')}"`).join(','))
  reader.push(Buffer.from(`${csv.join('\n')}\n`))
  reader.finish()
  expect(found.length).toBe(rows.length)
  return found
}

const row = (changed: Readonly<Record<string, string>> = {}) => ({
  event_id: 'e',
  user_id: 'u',
  session_id: 's',
  time: '2025-06-01',
  product_name: 'Mug',
  product_price: '5',
  ...changed,
})

describe('two rows have the same key', () => {
  test.each([
    ['blanks around a cell', ['event_id', 'product_name'], { product_name: ' Mug\t' }],
    ['another cell beside it', ['event_id', 'product_name'], { session_id: 's2' }],
    ['an amount written otherwise', ['event_id', 'product_price'], { product_price: '+5.0000' }],
    ['a time written otherwise', ['event_id', 'time'], { time: '2025-06-01T00:00:00Z' }],
  ])('%s', (_, key, changed) => {
    const [a, b] = packed([row(), row(changed)], key)
    expect(b).toBe(a)
  })

  test('nulls are the same, however they are written, and also where the column is missing', () => {
    const [a, b] = packed([row({ user_id: '' }), row({ user_id: ' - ' })], ['event_id', 'user_id'])
    const { user_id: _, ...without } = row()
    expect([b, packed([without], ['event_id', 'user_id'])[0]]).toEqual([a, a])
  })

  test('nought has no sign', () => {
    const rows = ['0', '-0', '0.00'].map((product_price) => row({ product_price }))
    expect(new Set(packed(rows, ['product_price'])).size).toBe(1)
  })
})

describe('two rows have different keys', () => {
  test.each([
    ['a text that moved over', ['event_id', 'product_name'], { event_id: 'eM', product_name: 'ug' }],
    ['texts that are swapped', ['event_id', 'session_id'], { event_id: 's', session_id: 'e' }],
    ['another case', ['event_id', 'product_name'], { product_name: 'mug' }],
    ['a null', ['event_id', 'user_id'], { user_id: '' }],
    ['a null for an amount', ['event_id', 'product_price'], { product_price: '' }],
    ['a zero', ['event_id', 'product_price'], { product_price: '0' }],
  ])('%s', (_, key, changed) => {
    const [a, b] = packed([row(), row(changed)], key)
    expect(b).not.toBe(a)
  })

  test(`just where a cell differs, ${name}`, () => {
    const random = new Random(seed)
    const text = () => random.text(['a', 'b', '\u0000', '\u0001', ',', '"', '\u00e9'], 0, 3)
    const keys = ['user_id', 'path', 'product_name', 'product_price'] as const
    const rows = Array.from({ length: 5000 }, () =>
      row({
        user_id: text(),
        path: text(),
        product_name: `x${text()}`,
        product_price: random.pick(['', '0', '1', '10']),
      }),
    ).filter((cells) => !Object.values(cells).join('').includes('\u0000'))
    const cellsOf = (cells: Readonly<Record<string, string>>) => JSON.stringify(keys.map((one) => cells[one]))
    const byKey = new Map<string, Set<string>>()
    const found = packed(rows, keys)
    for (const [i, cells] of rows.entries())
      byKey.set(found[i]!, (byKey.get(found[i]!) ?? new Set()).add(cellsOf(cells)))
    expect(byKey.size).toBe(new Set(rows.map(cellsOf)).size)
    expect([...byKey.values()].filter(({ size }) => size > 1)).toEqual([])
  })

  test('of any length', () => {
    const long = 'x'.repeat(5000)
    const [a, b] = packed([row({ path: `${long}1` }), row({ path: `${long}2` })], ['path'])
    expect(a!.length).toBe(5005)
    expect(b).not.toBe(a)
  })
})

test('of ids that are hashed only the hashes are in it', () => {
  const [plain] = packed([row({ user_id: 'anna' })], ['user_id', 'product_name'])
  const [hashed] = packed([row({ user_id: 'anna' })], ['user_id', 'product_name'], ['user_id'])
  expect([plain!.includes('anna'), hashed!.includes('anna')]).toEqual([true, false])
  expect(hashed).toMatch(/[0-9a-f]{64}/)
})

describe('rows of a table', () => {
  const lines = (rows: readonly string[]) =>
    ['event_id,order_id,time,product_name,product_price,product_qty', ...rows, ''].join('\n')
  const run = (rows: readonly string[], rules: object, keep: 'first' | 'last' = 'first') =>
    runInMemory(
      { ...orderShop([{ id: 'o' }]), 'order_line_item_table.csv': lines(rows) },
      {
        hashKey: Buffer.alloc(32),
        rules: {
          rawTables: { order_line_item_table: { key: ['event_id', 'product_name'], keep } },
          ...rules,
        },
      },
    )
  const rows = [
    'l,o,2025-01-01,Mug,5,1',
    'l,o,2025-01-01,Hat,7,1',
    'l,o,2025-01-01,Mug,5.0,1',
    'l,o,2025-01-01,Hat,8,1',
  ]

  test('are duplicates if all columns of the key are the same, and conflict as ever', async () => {
    const { inputs, rejects, csvs } = await run(rows, {})
    expect(inputs.order_line_item_table).toMatchObject({ duplicate: 2, conflicting: 1, accepted: 2 })
    expect(rejects).toMatchObject([{ line: 5, reason: 'conflicting_duplicate', cell: 'l, Hat' }])
    expect(csvs.daily_business_metrics!.split('\n')[1]).toContain(',12.00,')
  })

  test('the last of them may count', async () => {
    const { inputs, csvs } = await run(rows, {}, 'last')
    expect(inputs.order_line_item_table).toMatchObject({ duplicate: 2, conflicting: 0, accepted: 2 })
    expect(csvs.daily_business_metrics!.split('\n')[1]).toContain(',13.00,')
  })

  test('their keys are told by their shape where ids are hashed', async () => {
    const { rejects } = await run(rows, { privacy: { hashIds: ['order_id'] } })
    expect(rejects).toMatchObject([{ reason: 'conflicting_duplicate', cell: 'a, Aaa' }])
  })
})
