import { NO_FLAG, NO_INTEGER, type Vector } from '../collections/vectors.ts'
import type { NumberKind } from '../raw/kinds.ts'
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

/** The numbers of some rows as their kind keeps them. */
export function unpackNumbers(
  kind: NumberKind,
  packed: SectionArray,
  rows: Int32Array,
  base: number,
): Float64Array | Int32Array | Int8Array {
  const result =
    kind === 'timestamp' || kind === 'money'
      ? new Float64Array(rows.length)
      : kind === 'flag'
        ? new Int8Array(rows.length)
        : new Int32Array(rows.length)
  const nullValue = nullOf(result)
  const none = packed instanceof Float64Array ? Number.NaN : -(2 ** (packed.BYTES_PER_ELEMENT * 8 - 1))
  for (let i = 0; i < rows.length; i++) {
    const value = packed[rows[i]!]!
    result[i] = Object.is(value, none) ? nullValue : value + base
  }
  return result
}

function nullOf(values: Float64Array | Int32Array | Int8Array): number {
  if (values instanceof Float64Array) return Number.NaN
  return values instanceof Int8Array ? NO_FLAG : NO_INTEGER
}
