import { expect, test } from 'vitest'
import { count, date, flag, id, money, NO_DAY, text } from '../../src/aggregators/define.ts'
import { dictionaryOf, NO_CODE } from '../../src/collections/dictionary.ts'
import { ExactVector } from '../../src/collections/exact-vector.ts'
import type { TextVector } from '../../src/collections/vectors.ts'
import { mergeCarried, packCarried, unpackCarried } from '../../src/history/carried-rows.ts'

const columns = {
  user_id: id(''),
  day: date(''),
  orders: count(''),
  revenue: money(''),
  bought: flag(''),
  channel: text(''),
}

function exact(...values: (number | bigint | null)[]): ExactVector {
  const vector = new ExactVector(values.length)
  values.forEach((value, row) => {
    vector.set(row, value)
  })
  return vector
}

const rows = {
  rowCount: 3,
  columns: {
    user_id: { codes: Int32Array.of(2, 0, 1), dictionary: dictionaryOf(['b', 'a', 'c']) },
    day: Int32Array.of(20_000, NO_DAY, 1),
    orders: Float64Array.of(1, Number.NaN, 0),
    revenue: exact(5n * 10n ** 20n, -7, null),
    bought: Int8Array.of(-1, 0, 1),
    channel: { codes: Int32Array.of(NO_CODE, 0, 0), dictionary: dictionaryOf(['Direct']) },
  },
}

const shown = ({ columns: vectors, rowCount }: typeof rows) =>
  Array.from({ length: rowCount }, (_, row) =>
    Object.values(vectors).map((vector) => {
      if (vector instanceof ExactVector) return vector.get(row)
      if (!('codes' in vector)) return vector[row]
      return vector.codes[row] === NO_CODE ? null : vector.dictionary.text(vector.codes[row]!)
    }),
  )

test('rows come back in the order of their keys, money of any size too', () => {
  const { bytes, ...piece } = packCarried(rows, 'user_id')
  const back = unpackCarried(columns, (offset, length) => bytes.subarray(offset, offset + length), piece)
  const [c, b, a] = shown(rows)
  expect(shown(back as typeof rows)).toEqual([a, b, c])
  expect(c).toEqual(['c', 20_000, 1, 500_000_000_000_000_000_000n, -1, null])
})

test('rows of renewed keys are replaced or gone, all others stay', () => {
  const renewed = {
    rowCount: 2,
    columns: {
      user_id: { codes: Int32Array.of(1, 0), dictionary: dictionaryOf(['new', 'b']) },
      day: Int32Array.of(7, NO_DAY),
      orders: Float64Array.of(2, 0),
      revenue: exact(3, 0),
      bought: Int8Array.of(1, -1),
      channel: { codes: Int32Array.of(0, NO_CODE), dictionary: dictionaryOf(['Email']) },
    },
  }
  const isRenewed = (keys: TextVector['dictionary'], code: number) =>
    ['b', 'a', 'new'].includes(keys.text(code))
  const merged = mergeCarried(columns, 'user_id', rows, isRenewed, renewed)
  expect(shown(merged as typeof rows)).toEqual([
    ['c', 20_000, 1, 500_000_000_000_000_000_000n, -1, null],
    ['b', 7, 2, 3, 1, 'Email'],
    ['new', NO_DAY, 0, 0, -1, null],
  ])
})
