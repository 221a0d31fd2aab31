import { describe, expect, test } from 'vitest'
import { RowView, type ViewColumn } from '../../src/collections/row-view.ts'
import { Dictionary, dictionaryOf, NO_CODE } from '../../src/collections/texts/dictionary.ts'
import { NO_FLAG, NO_INTEGER } from '../../src/collections/vectors.ts'

const dictionary = dictionaryOf(['a', 'é', '__proto__', 'not in the table'])
const text = (...codes: number[]) => ({ codes: Int32Array.from(codes), dictionary })

const COLUMNS: Readonly<Record<string, ViewColumn>> = {
  id: { kind: 'id', vector: text(1, 0, 2) },
  name: { kind: 'text', vector: text(NO_CODE, 0, 0) },
  time: { kind: 'timestamp', vector: Float64Array.of(0, Number.NaN, 1.5e12) },
  price: { kind: 'money', vector: Float64Array.of(Number.NaN, -52_500, 0) },
  pieces: { kind: 'integer', vector: Int32Array.of(0, -1, NO_INTEGER) },
  percent: { kind: 'percent', vector: Int32Array.of(NO_INTEGER, 0, 1_000_000) },
  flag: { kind: 'flag', vector: Int8Array.of(0, NO_FLAG, 1) },
}

const ROWS = [
  { id: 'é', name: null, time: 0, price: null, pieces: 0, percent: null, flag: 0 },
  { id: 'a', name: 'a', time: null, price: -52_500, pieces: -1, percent: 0, flag: null },
  { id: '__proto__', name: 'a', time: 1.5e12, price: 0, pieces: null, percent: 1_000_000, flag: 1 },
]

/** The cells of a row, each read by its name. */
function cells(row: Readonly<Record<string, unknown>> | undefined) {
  return row && Object.fromEntries(Object.keys(COLUMNS).map((column) => [column, row[column]]))
}

test('rows one by one, with the nulls of each kind', () => {
  const read = []
  for (const row of new RowView(3, COLUMNS, 'id').rows()) read.push(cells(row))
  expect(read).toEqual(ROWS)
})

test('rows that were collected into an array stay what they were', () => {
  const rows = [...new RowView(3, COLUMNS, 'id').rows()]
  expect(rows.map(cells)).toEqual(ROWS)
  expect(rows.reverse().map(cells)).toEqual([...ROWS].reverse())
  expect(rows.filter(({ price }) => price !== null).map(({ id }) => id)).toEqual(['__proto__', 'a'])
})

test('two walks at a time do not disturb each other', () => {
  const view = new RowView(3, COLUMNS, 'id')
  const pairs = []
  for (const outer of view.rows()) for (const inner of view.rows()) pairs.push([outer.id, inner.id])
  expect(pairs).toHaveLength(9)
  expect(pairs[5]).toEqual(['a', '__proto__'])
})

test('writing to a row changes neither the column nor other rows', () => {
  const view = new RowView(3, COLUMNS, 'id')
  const [row, other] = [...view.rows()]
  const before = { ...other }
  ;(row as { price: number }).price = 1
  expect({ ...other }).toEqual(before)
  expect([...view.rows()][0]!.price).not.toBe(1)
})

test('a table without rows', () => {
  const view = new RowView(0, { id: { kind: 'id', vector: text() } }, 'id')
  expect([...view.rows()]).toEqual([])
  expect(view.find('a')).toBeUndefined()
})

describe('find', () => {
  const view = new RowView(3, COLUMNS, 'id')

  test.each(ROWS)('the row with the key $id', (row) => {
    expect(cells(view.find(row.id))).toEqual(row)
  })

  test.each([[null], [''], ['b'], ['A'], ['not in the table'], ['constructor']])('none for %j', (key) => {
    expect(view.find(key)).toBeUndefined()
  })

  test('what was found stays when another is found', () => {
    const first = view.find('a')
    view.find('é')
    expect(cells(first)).toEqual(ROWS[1])
  })

  test('texts that the dictionary gets later belong to no row', () => {
    const growing = new Dictionary()
    growing.encodeText('a')
    const vector = { codes: Int32Array.of(0), dictionary: growing }
    const grown = new RowView(1, { id: { kind: 'id', vector } }, 'id')
    expect(grown.find('a')?.id).toBe('a')
    growing.encodeText('b')
    expect(grown.find('b')).toBeUndefined()
  })

  test('the first of the rows that repeat a key, as where repeated keys are left out', () => {
    const columns: Readonly<Record<string, ViewColumn>> = {
      id: { kind: 'id', vector: text(0, 1, 0) },
      pieces: { kind: 'integer', vector: Int32Array.of(7, 8, 9) },
    }
    expect(new RowView(3, columns, 'id').find('a')?.pieces).toBe(7)
  })

  test('not without the key among the columns', () => {
    const { id: _, ...others } = COLUMNS
    const keyless = new RowView(3, others, 'id')
    expect(keyless.hasKey).toBe(false)
    expect(keyless.find('a')).toBeUndefined()
    expect(view.hasKey).toBe(true)
  })

  test('rows are plain objects: they can be spread and written as JSON', () => {
    const [first] = [...view.rows()]
    expect({ ...first }).toEqual(ROWS[0])
    expect(JSON.parse(JSON.stringify(first))).toEqual(ROWS[0])
  })
})
