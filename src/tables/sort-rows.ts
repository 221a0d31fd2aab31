import type { AggregateRows, AnyAggregate, OutputColumns, OutputVector } from '../aggregators/define.ts'
import { ExactVector } from '../collections/exact-vector.ts'
import { compare, type Whole } from '../lib/exact.ts'

/** A sort key as one number a row, smaller first. */
interface NumberKey {
  readonly values: Float64Array
  readonly lowest: number
  readonly highest: number
}

/**
 * The rows of an aggregate table in its order: the row number at each place.
 *
 * Where each key has about as many different values as there are rows, as days and ranks do, rows are
 * counted into their places. Else, where all keys and the row number fit one safe integer, the platform's
 * numeric sort does the work.
 */
export function sortRows(definition: AnyAggregate, rows: AggregateRows<OutputColumns>): Int32Array {
  const { rowCount } = rows
  if (rowCount === 0) return new Int32Array(0)
  const keys = definition.order.map(({ column, descending }) => ({
    vector: rows.columns[column]!,
    key: numberKey(rows.columns[column]!, rowCount, descending === true),
    descending: descending === true,
  }))
  const numbers = keys.map(({ key }) => key)
  const sorted = countingSort(numbers, rowCount) ?? packedSort(numbers, rowCount)
  if (sorted !== undefined) return sorted
  const order = Int32Array.from({ length: rowCount }, (_, row) => row)
  return order.sort((a, b) => {
    for (const { key, vector, descending } of keys) {
      const difference =
        key === undefined
          ? compare(wholeAt(vector, a), wholeAt(vector, b)) * (descending ? -1 : 1)
          : key.values[a]! - key.values[b]!
      if (difference !== 0) return difference
    }
    return 0
  })
}

/** Undefined for exact numbers beyond 2^53, which are compared as they are. */
function numberKey(vector: OutputVector, rowCount: number, descending: boolean): NumberKey | undefined {
  const values = new Float64Array(rowCount)
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  const numberAt = numbersOf(vector)
  for (let row = 0; row < rowCount; row++) {
    const value = numberAt(row)
    if (typeof value === 'bigint') return undefined
    values[row] = descending ? -value : value
    if (values[row]! < lowest) lowest = values[row]!
    if (values[row]! > highest) highest = values[row]!
  }
  return { values, lowest, highest }
}

function numbersOf(vector: OutputVector): (row: number) => Whole {
  if (vector instanceof ExactVector) return (row) => vector.get(row) ?? 0
  if ('codes' in vector) {
    const ranks = vector.dictionary.ranks()
    return (row) => (vector.codes[row]! < 0 ? -1 : ranks[vector.codes[row]!]!)
  }
  return (row) => orNull(vector[row]!)
}

/** A null, which is NaN, comes before all numbers. */
export function orNull(value: number): number {
  return Number.isNaN(value) ? Number.MIN_SAFE_INTEGER : value
}

function wholeAt(vector: OutputVector, row: number): Whole {
  return vector instanceof ExactVector ? (vector.get(row) ?? 0) : 0
}

/** Sorts by the last key first; rows of equal keys stay in the order of the keys after it. */
function countingSort(keys: readonly (NumberKey | undefined)[], rowCount: number): Int32Array | undefined {
  let order: Int32Array | undefined
  if (!keys.every((key) => key !== undefined && key.highest - key.lowest < 4 * rowCount + 1024))
    return undefined
  for (const key of keys.toReversed()) {
    const { values, lowest, highest } = key!
    const next = new Int32Array(highest - lowest + 2)
    for (let row = 0; row < rowCount; row++) next[values[row]! - lowest + 1]!++
    for (let value = 1; value < next.length; value++) next[value]! += next[value - 1]!
    const sorted = new Int32Array(rowCount)
    for (let place = 0; place < rowCount; place++) {
      const row = order === undefined ? place : order[place]!
      sorted[next[values[row]! - lowest]!++] = row
    }
    order = sorted
  }
  return order
}

function packedSort(keys: readonly (NumberKey | undefined)[], rowCount: number): Int32Array | undefined {
  let room = rowCount
  for (const key of keys) {
    if (key === undefined) return undefined
    room *= key.highest - key.lowest + 1
  }
  if (!(room <= Number.MAX_SAFE_INTEGER)) return undefined
  const packed = new Float64Array(rowCount)
  for (const key of keys) {
    const width = key!.highest - key!.lowest + 1
    for (let row = 0; row < rowCount; row++)
      packed[row] = packed[row]! * width + (key!.values[row]! - key!.lowest)
  }
  for (let row = 0; row < rowCount; row++) packed[row] = packed[row]! * rowCount + row
  packed.sort()
  return Int32Array.from(packed, (value) => value % rowCount)
}
