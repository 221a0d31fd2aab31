import { NO_FLAG, NO_INTEGER, type Vector } from '../../collections/vectors.ts'
import type { SectionArray } from './sections.ts'

const INTEGER_TYPES = [Int8Array, Int16Array, Int32Array] as const

/**
 * Numbers of a column in the narrowest array that holds them all, each less `base`. The lowest number of
 * an integer array stands for null; numbers that fit none stay as they are, with NaN for null.
 */
export function packNumbers(
  values: Exclude<Vector, { codes: unknown }>,
  rows: Int32Array,
  base: number,
): SectionArray {
  const nullValue = nullOf(values)
  const packed = new Float64Array(rows.length)
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!
    packed[i] = Object.is(value, nullValue) ? Number.NaN : value - base
    if (packed[i]! < lowest) lowest = packed[i]!
    if (packed[i]! > highest) highest = packed[i]!
  }
  const create = INTEGER_TYPES.find((type) => {
    const bits = type.BYTES_PER_ELEMENT * 8
    return (lowest > -(2 ** (bits - 1)) && highest < 2 ** (bits - 1)) || lowest > highest
  })
  if (create === undefined) return packed
  const result = new create(rows.length)
  const none = -(2 ** (create.BYTES_PER_ELEMENT * 8 - 1))
  for (let i = 0; i < rows.length; i++) result[i] = Number.isNaN(packed[i]!) ? none : packed[i]!
  return result
}

/** Unpacks numbers into an array of their kind, from `at` on. */
export function unpackNumbers(
  packed: SectionArray,
  base: number,
  result: Float64Array | Int32Array | Int8Array,
  at: number,
): void {
  // Brought into one kind of array at first: a loop over several would be slow.
  result.set(packed, at)
  const none = packed instanceof Float64Array ? Number.NaN : -(2 ** (packed.BYTES_PER_ELEMENT * 8 - 1))
  if (result instanceof Float64Array) unpackFloats(result, at, packed.length, none, base)
  else if (none !== nullOf(result)) unpackNulls(result, at, packed.length, none, nullOf(result))
}

/** A NaN stays one, whatever is added. */
function unpackFloats(values: Float64Array, at: number, count: number, none: number, base: number): void {
  for (let i = at; i < at + count; i++) values[i] = values[i] === none ? Number.NaN : values[i]! + base
}

function unpackNulls(
  values: Int32Array | Int8Array,
  at: number,
  count: number,
  none: number,
  nullValue: number,
): void {
  for (let i = at; i < at + count; i++) if (values[i] === none) values[i] = nullValue
}

function nullOf(values: Float64Array | Int32Array | Int8Array): number {
  if (values instanceof Float64Array) return Number.NaN
  return values instanceof Int8Array ? NO_FLAG : NO_INTEGER
}
