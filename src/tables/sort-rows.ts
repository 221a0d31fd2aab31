import { ExactVector } from '../collections/exact-vector.ts'
import { sortByCounting } from '../lib/numbers/counting-sort.ts'
import { compare, type Whole } from '../lib/numbers/exact.ts'
import type { AggregateRows, AnyAggregate, OutputColumns, OutputVector } from './define.ts'

/** A sort key as one number a row, smaller first. */
interface NumberKey {
  readonly values: Float64Array
  readonly lowest: number
  readonly highest: number
}

/**
 * The rows of an aggregate table in its order: the row number at each place.
 *
 * Rows are sorted by the last key first, so that those of equal keys stay in the order of the keys after it.
 * Exact numbers that are too large or too far apart are compared as they are.
 */
export function sortRows(definition: AnyAggregate, rows: AggregateRows<OutputColumns>): Int32Array {
  const { rowCount } = rows
  if (rowCount === 0) return new Int32Array(0)
  let order: Int32Array | undefined
  for (const { column, descending } of definition.order.toReversed()) {
    const key = numberKey(rows.columns[column]!, rowCount, descending === true)
    order = key === undefined ? undefined : (countedOrder(key, order) ?? packedOrder(key, order))
    if (order === undefined) return comparedOrder(definition, rows)
  }
  return order!
}

/** Undefined for exact numbers beyond 2^53. */
function numberKey(vector: OutputVector, rowCount: number, descending: boolean): NumberKey | undefined {
  const values = new Float64Array(rowCount)
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  const numberAt = numbersOf(vector)
  for (let row = 0; row < rowCount; row++) {
    const number = numberAt(row)
    if (typeof number === 'bigint') return undefined
    const value = descending ? -number : number
    values[row] = value
    if (value < lowest) lowest = value
    if (value > highest) highest = value
  }
  return { values, lowest, highest }
}

function numbersOf(vector: OutputVector): (row: number) => Whole {
  if (vector instanceof ExactVector) return (row) => vector.get(row) ?? 0
  if ('codes' in vector) {
    const { codes } = vector
    const ranks = vector.dictionary.ranks()
    return (row) => (codes[row]! < 0 ? -1 : ranks[codes[row]!]!)
  }
  return (row) => orNull(vector[row]!)
}

/** A null, which is NaN, comes before all numbers. */
export function orNull(value: number): number {
  return Number.isNaN(value) ? Number.MIN_SAFE_INTEGER : value
}

/** Where a key has about as many different values as there are rows, as days and ranks do. */
function countedOrder(
  { values, lowest, highest }: NumberKey,
  order: Int32Array | undefined,
): Int32Array | undefined {
  if (!(highest - lowest < 4 * values.length + 1024)) return undefined
  return sortByCounting(values, lowest, highest, order)
}

/** Where a key and a place fit one safe integer, the platform's numeric sort does the work. */
function packedOrder(
  { values, lowest, highest }: NumberKey,
  order: Int32Array | undefined,
): Int32Array | undefined {
  const rowCount = values.length
  if (!((highest - lowest + 1) * rowCount <= Number.MAX_SAFE_INTEGER)) return undefined
  const packed = new Float64Array(rowCount)
  for (let place = 0; place < rowCount; place++) {
    const row = order === undefined ? place : order[place]!
    packed[place] = (values[row]! - lowest) * rowCount + place
  }
  packed.sort()
  const sorted = new Int32Array(rowCount)
  for (let i = 0; i < rowCount; i++) {
    const place = packed[i]! % rowCount
    sorted[i] = order === undefined ? place : order[place]!
  }
  return sorted
}

function comparedOrder(
  definition: AnyAggregate,
  { rowCount, columns }: AggregateRows<OutputColumns>,
): Int32Array {
  const keys = definition.order.map(({ column, descending }) => ({
    numberAt: numbersOf(columns[column]!),
    sign: descending === true ? -1 : 1,
  }))
  const order = Int32Array.from({ length: rowCount }, (_, row) => row)
  return order.sort((a, b) => {
    for (const { numberAt, sign } of keys) {
      const difference = compare(numberAt(a), numberAt(b)) * sign
      if (difference !== 0) return difference
    }
    return 0
  })
}
