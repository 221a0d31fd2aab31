import { describe, expect, test } from 'vitest'
import { Dictionary, dictionaryOf, NO_CODE } from '../../../src/collections/texts/dictionary.ts'
import { NO_FLAG, NO_INTEGER, type Vector } from '../../../src/collections/vectors.ts'
import { HistoryDamage } from '../../../src/history/format/damage.ts'
import { DayReader } from '../../../src/history/format/day-reader.ts'
import { DayWriter } from '../../../src/history/format/day-writer.ts'
import type { KeptRows } from '../../../src/history/format/kept-rows.ts'
import { keptRows } from '../../../src/history/kept-days.ts'
import { MS_PER_DAY } from '../../../src/lib/times/wall-clock.ts'
import { rawTables } from '../../../src/raw/index.ts'

const DAY = 20_000
const users = dictionaryOf(['u9', 'u1', 'ü', 'u2'])
const sessions = dictionaryOf(['s1', 's2', 's3'])
const coupons = dictionaryOf(['X'.repeat(300), ''])

const orders: KeptRows = {
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
  keys: undefined,
  prints: Int32Array.of(1, 2, 3, 4, 5, 6),
  own: Uint8Array.of(0, 4, 0),
}
const views: KeptRows = {
  table: rawTables.pageview_table,
  collection: {
    rowCount: 2,
    columns: {
      session_id: { codes: Int32Array.of(0, 1), dictionary: sessions },
      time: Float64Array.of(0, DAY * MS_PER_DAY + 1),
    },
  },
  keys: Int32Array.of(9, 9, 9, -1, 2, 3),
  prints: undefined,
  own: Uint8Array.of(1, 0),
}
const packed = () =>
  new DayWriter().pack(DAY, [
    { of: orders, rows: Int32Array.of(0, 1) },
    { of: views, rows: Int32Array.of(1) },
  ])

function reading(bytes: Buffer, piece: { lead: number; check: number }, day: number | undefined = DAY) {
  return new DayReader(day, (offset, length) => bytes.subarray(offset, offset + length), piece)
}

const textsOf = (vector: Vector | undefined) => {
  if (vector === undefined || !('codes' in vector)) throw new Error('no texts')
  return [...vector.codes].map((code) => (code === NO_CODE ? null : vector.dictionary.text(code)))
}

describe('a day', () => {
  test('comes back with just its rows: texts, numbers, nulls, fingerprints, filters', () => {
    const { bytes, ...piece } = packed()
    const reader = reading(bytes, piece)
    reader.encode('user_id', users)
    reader.encode('session_id', sessions)
    const { collection, keys, prints, own } = keptRows(reader, orders)
    expect(collection.rowCount).toBe(2)
    expect(textsOf(collection.columns.user_id)).toEqual(['u1', 'ü'])
    expect(textsOf(collection.columns.session_id)).toEqual(['s3', 's1'])
    expect(textsOf(collection.columns.discount_coupon_code)).toEqual([null, 'X'.repeat(300)])
    expect(collection.columns.time).toEqual(Float64Array.of(DAY * MS_PER_DAY, DAY * MS_PER_DAY + 86_399_999))
    expect(collection.columns.total_price).toEqual(Float64Array.of(1_0000, 10_000_000_000_000))
    expect(collection.columns.discount).toEqual(Float64Array.of(Number.NaN, 0))
    expect(collection.columns.total_qty).toEqual(Int32Array.of(NO_INTEGER, -128))
    expect([keys, prints && [...prints], own && [...own]]).toEqual([undefined, [1, 2, 3, 4], [0, 4]])
    const seen = keptRows(reader, views)
    expect(seen.keys && [...seen.keys]).toEqual([-1, 2, 3])
    // Nothing of that day was filtered in this table.
    expect(seen.own).toBeUndefined()
  })

  test('gives its texts the codes that they have in this run', () => {
    const { bytes, ...piece } = packed()
    const reader = reading(bytes, piece)
    const now = dictionaryOf(['new', 's1'])
    reader.encode('session_id', now)
    const codes = new Int32Array(3).fill(-9)
    reader.table(rawTables.order_table, ['session_id']).codes('session_id', now, codes, 1)
    expect([...codes]).toEqual([-9, 2, 1])
    expect(now.text(2)).toBe('s3')
  })

  test('is the same bytes for the same rows, whatever codes their texts have', () => {
    const others = dictionaryOf(['x', 'u2', 'u1', 'y', 'ü'])
    const columns = {
      ...orders.collection.columns,
      user_id: { codes: Int32Array.of(2, 4, 2), dictionary: others },
    }
    const same = { ...orders, collection: { rowCount: 3, columns } }
    const again = new DayWriter().pack(DAY, [
      { of: same, rows: Int32Array.of(0, 1) },
      { of: views, rows: Int32Array.of(1) },
    ])
    expect(again.bytes.equals(packed().bytes)).toBe(true)
  })

  test('of a table without rows is empty, and without dates keeps flags', () => {
    const given: KeptRows = {
      table: rawTables.user_table,
      collection: {
        rowCount: 3,
        columns: {
          user_id: { codes: Int32Array.of(0, 1, 3), dictionary: users },
          has_purchase_last_year: Int8Array.of(NO_FLAG, 0, 1),
        },
      },
      keys: undefined,
      prints: new Int32Array(6),
      own: undefined,
    }
    const { bytes, ...piece } = new DayWriter().pack(undefined, [{ of: given, rows: Int32Array.of(0, 1, 2) }])
    const reader = reading(bytes, piece, undefined)
    reader.encode('user_id', users)
    const { columns } = keptRows(reader, given).collection
    expect(textsOf(columns.user_id)).toEqual(['u9', 'u1', 'u2'])
    expect(columns.has_purchase_last_year).toEqual(Int8Array.of(NO_FLAG, 0, 1))
    expect(reader.rowCount('order_table')).toBe(0)
    expect(keptRows(reader, orders).collection.rowCount).toBe(0)
  })

  test('holds any number of tables with dates, each by its name', () => {
    const tables = Array.from({ length: 40 }, (_, i): KeptRows => {
      const table = { ...rawTables.pageview_table, name: `table_${i}` }
      return { ...views, table, keys: Int32Array.of(i, i, i, -i, i, 3), own: Uint8Array.of(i % 7, i % 5) }
    })
    const { bytes, ...piece } = new DayWriter().pack(
      DAY,
      tables.map((of, i) => ({ of, rows: i % 3 === 0 ? new Int32Array(0) : Int32Array.of(1) })),
    )
    const reader = reading(bytes, piece)
    reader.encode('session_id', sessions)
    for (const [i, table] of tables.entries()) {
      const { collection, keys, own } = keptRows(reader, table)
      expect(collection.rowCount, table.table.name).toBe(i % 3 === 0 ? 0 : 1)
      if (i % 3 === 0) continue
      expect([[...keys!], own?.[0] ?? 0]).toEqual([[-i, i, 3], i % 5])
      expect(textsOf(collection.columns.session_id)).toEqual(['s2'])
    }
  })

  test('whose bytes have changed is damaged', () => {
    const { bytes, ...piece } = packed()
    const damaged = [...bytes.keys()].filter((at) => {
      const copy = Buffer.from(bytes)
      copy[at]! ^= 1
      try {
        const reader = reading(copy, piece)
        for (const name of ['user_id', 'session_id']) reader.encode(name, new Dictionary())
        keptRows(reader, orders)
        keptRows(reader, views)
        return false
      } catch (error) {
        if (error instanceof HistoryDamage) return true
        throw error
      }
    })
    // Only gaps between sections and a part of the prefix say nothing.
    expect(damaged.length).toBeGreaterThan(bytes.length * 0.9)
  })
})
