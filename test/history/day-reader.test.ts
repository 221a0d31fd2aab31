import { describe, expect, test } from 'vitest'
import { Dictionary, dictionaryOf, NO_CODE } from '../../src/collections/dictionary.ts'
import { NO_FLAG, NO_INTEGER, type TextVector } from '../../src/collections/vectors.ts'
import { DayReader } from '../../src/history/day-reader.ts'
import { DayWriter, idHash, type TableRows } from '../../src/history/day-writer.ts'
import { MS_PER_DAY } from '../../src/lib/wall-clock.ts'
import { rawTables } from '../../src/raw/index.ts'

const DAY = 20_000
const SEED = 99
const users = dictionaryOf(['u9', 'u1', 'ü', 'u2'])
const sessions = dictionaryOf(['s1', 's2', 's3'])
const coupons = dictionaryOf(['X'.repeat(300), ''])

const orders: TableRows = {
  table: rawTables.order_table,
  collection: {
    rowCount: 3,
    columns: {
      user_id: { codes: Int32Array.of(1, 2, 1), dictionary: users },
      session_id: { codes: Int32Array.of(2, 0, NO_CODE), dictionary: sessions },
      time: Float64Array.of(DAY * MS_PER_DAY, DAY * MS_PER_DAY + 86_399_999, (DAY + 1) * MS_PER_DAY),
      total_price: Float64Array.of(1_0000, 10_000_000_000_000, -5),
      discount: Float64Array.of(Number.NaN, 0, 1),
      discount_coupon_code: { codes: Int32Array.of(NO_CODE, 0, 0), dictionary: coupons },
      total_qty: Int32Array.of(NO_INTEGER, -128, 40_000),
    },
  },
  fates: Uint8Array.of(0, 1, 0),
  keys: undefined,
  rows: Int32Array.of(0, 1),
}
const views: TableRows = {
  table: rawTables.pageview_table,
  collection: {
    rowCount: 1,
    columns: {
      session_id: { codes: Int32Array.of(1), dictionary: sessions },
      time: Float64Array.of(DAY * MS_PER_DAY + 1),
    },
  },
  fates: Uint8Array.of(0),
  keys: [Int32Array.of(-1), Int32Array.of(2), Int32Array.of(3)],
  rows: Int32Array.of(0),
}

function reading(dictionaries: Readonly<Record<string, Dictionary>> = {}) {
  const { bytes, ...piece } = new DayWriter(SEED).pack(DAY, [orders, views])
  const known = new Map<string, Dictionary>(Object.entries(dictionaries))
  return new DayReader(
    DAY,
    (offset, length) => bytes.subarray(offset, offset + length),
    piece,
    (table, column) => {
      const shared = (rawTables as Record<string, { columns: Record<string, { dictionary?: string }> }>)[
        table
      ]!.columns[column]!
      const name = shared.dictionary ?? `${table}.${column}`
      if (!known.has(name)) known.set(name, new Dictionary())
      return known.get(name)!
    },
  )
}

const textsOf = (vector: unknown) => {
  const { codes, dictionary } = vector as TextVector
  return [...codes].map((code) => (code === NO_CODE ? null : dictionary.text(code)))
}

describe('a day', () => {
  const columns = Object.keys(orders.collection.columns)

  test('comes back with the rows of the day, texts as texts and numbers as they were', () => {
    const { collection, fates, places, keys } = reading().read(rawTables.order_table, columns)
    expect(collection.rowCount).toBe(2)
    expect(textsOf(collection.columns.user_id)).toEqual(['u1', 'ü'])
    expect(textsOf(collection.columns.session_id)).toEqual(['s3', 's1'])
    expect(textsOf(collection.columns.discount_coupon_code)).toEqual([null, 'X'.repeat(300)])
    expect(collection.columns.time).toEqual(Float64Array.of(DAY * MS_PER_DAY, DAY * MS_PER_DAY + 86_399_999))
    expect(collection.columns.total_price).toEqual(Float64Array.of(1_0000, 10_000_000_000_000))
    expect(collection.columns.discount).toEqual(Float64Array.of(Number.NaN, 0))
    expect(collection.columns.total_qty).toEqual(Int32Array.of(NO_INTEGER, -128))
    expect([[...fates], [...places], keys]).toEqual([[0, 1], [0, 1], undefined])
  })

  test('gives some rows and columns alone, with the codes that their texts have in this run', () => {
    const session_id = dictionaryOf(['new', 's1'])
    const { collection, places } = reading({ session_id }).read(
      rawTables.order_table,
      ['session_id'],
      Int32Array.of(1),
    )
    expect(Object.keys(collection.columns)).toEqual(['session_id'])
    expect(collection.columns.session_id).toEqual({ codes: Int32Array.of(1), dictionary: session_id })
    expect([...places]).toEqual([1])
  })

  test('is searched by hashes of ids, which say in which tables each stands', () => {
    const { hashes, tables } = reading().ids('session_id')
    const byHash = new Map([...hashes].map((hash, i) => [hash, tables[i]]))
    // s1 and s3 stand in orders (the first table), s2 in page views (the second).
    expect([0, 1, 2].map((code) => byHash.get(idHash(sessions, code, SEED)))).toEqual([1, 2, 1])
  })

  test('keeps the hashes of keys that are no column', () => {
    const reader = reading()
    expect(reader.firstLane('pageview_table')).toEqual(Int32Array.of(-1))
    expect(reader.read(rawTables.pageview_table, [], undefined, true).keys).toEqual(views.keys)
    expect(reader.firstLane('order_table')).toBeUndefined()
  })

  test('of a table without rows is empty', () => {
    const { collection } = reading().read(rawTables.user_table, ['user_id', 'has_purchase_last_year'])
    expect(collection.rowCount).toBe(0)
    expect(collection.columns.has_purchase_last_year).toEqual(new Int8Array(0))
  })

  test('without dates keeps flags', () => {
    const table: TableRows = {
      table: rawTables.user_table,
      collection: {
        rowCount: 3,
        columns: {
          user_id: { codes: Int32Array.of(0, 1, 3), dictionary: users },
          has_purchase_last_year: Int8Array.of(NO_FLAG, 0, 1),
        },
      },
      fates: new Uint8Array(3),
      keys: undefined,
      rows: Int32Array.of(0, 1, 2),
    }
    const { bytes, ...piece } = new DayWriter(SEED).pack(undefined, [table])
    const reader = new DayReader(
      undefined,
      (offset, length) => bytes.subarray(offset, offset + length),
      piece,
      () => users,
    )
    const { collection } = reader.read(rawTables.user_table, ['user_id', 'has_purchase_last_year'])
    expect(textsOf(collection.columns.user_id)).toEqual(['u9', 'u1', 'u2'])
    expect(collection.columns.has_purchase_last_year).toEqual(Int8Array.of(NO_FLAG, 0, 1))
  })
})
