import { type ExactParts, ExactVector } from '../collections/exact-vector.ts'
import { Dictionary, type SharedTexts } from '../collections/texts/dictionary.ts'
import { sharedCopy } from '../lib/threads/shared-memory.ts'
import type { AggregateTable, WritableTable } from './aggregate-table.ts'
import type { OutputColumns, OutputVector, SortKey } from './define.ts'

type Values = Float64Array | Int32Array | Int8Array

/** A column on its way to the thread that writes it. */
type PackedVector =
  | { readonly numbers: Values }
  | { readonly codes: Int32Array; readonly texts: SharedTexts }
  | { readonly exact: ExactParts }

/** A table on its way to the thread that writes it. */
export interface PackedTable {
  readonly name: string
  readonly rowCount: number
  readonly columns: OutputColumns
  readonly sortedBy: readonly SortKey[]
  readonly vectors: Readonly<Record<string, PackedVector>>
  readonly order: Int32Array
}

/** The memory in which the rows of a column stand. */
export function memoryOf(vector: OutputVector): ArrayBufferLike {
  if (vector instanceof ExactVector) return vector.parts().values.buffer
  return 'codes' in vector ? vector.codes.buffer : vector.buffer
}

/**
 * Packs a table for another thread; it must not be used here any more. Dictionaries stay, and can be read
 * by both threads.
 *
 * Of memory that others still read there goes a copy.
 *
 * @returns the table, and the memory that changes hands
 */
export function packTable({ definition, rowCount, columns, order, shared }: AggregateTable): {
  packed: PackedTable
  memory: ArrayBuffer[]
} {
  const memory = new Set<ArrayBuffer>()
  const given = <A extends Values>(values: A): A => {
    // Own code may have given a plain array, which is copied on its way.
    if (!ArrayBuffer.isView(values)) return values
    const { buffer } = values
    if (buffer instanceof SharedArrayBuffer || shared?.has(buffer) === true) return sharedCopy(values)
    memory.add(buffer as ArrayBuffer)
    return values
  }
  const vectors: Record<string, PackedVector> = {}
  for (const name of Object.keys(definition.columns)) vectors[name] = packVector(columns[name]!, given)
  const kinds = Object.entries(definition.columns).map(
    ([name, { kind, meaning }]) => [name, { kind, meaning }] as const,
  )
  const packed = {
    name: definition.name,
    rowCount,
    columns: Object.fromEntries(kinds),
    sortedBy: definition.order,
    vectors,
    order: given(order),
  }
  return { packed, memory: [...memory] }
}

function packVector(vector: OutputVector, given: <A extends Values>(values: A) => A): PackedVector {
  if (vector instanceof ExactVector) {
    const { values, wide } = vector.parts()
    return { exact: { values: given(values), wide } }
  }
  if ('codes' in vector) return { codes: given(vector.codes), texts: vector.dictionary.share() }
  return { numbers: given(vector) }
}

/**
 * The table, ready to be written. Its rows lie anywhere in memory, and a column fits the caches while the
 * table does not: so the columns are brought into the order of the rows here, one after the other.
 */
export function unpackTable(packed: PackedTable): WritableTable {
  const { name, rowCount, columns, sortedBy, vectors, order } = inOrder(packed)
  const unpacked = Object.entries(vectors).map(([column, vector]) => [column, unpackVector(vector)] as const)
  return {
    definition: { name, columns, order: sortedBy },
    rowCount,
    columns: Object.fromEntries(unpacked),
    order,
  }
}

function unpackVector(vector: PackedVector): OutputVector {
  if ('exact' in vector) return new ExactVector(vector.exact)
  if ('codes' in vector) return { codes: vector.codes, dictionary: Dictionary.ofShared(vector.texts) }
  return vector.numbers
}

/** The table with its rows in their order. Its columns are changed in place. */
function inOrder(packed: PackedTable): PackedTable {
  const { rowCount, vectors, order } = packed
  const all = new Set(Object.values(vectors).map(valuesOf))
  // Own code may have given other arrays.
  for (const values of all) if (!ArrayBuffer.isView(values) || values.length !== rowCount) return packed
  const memory = new ArrayBuffer(rowCount * Float64Array.BYTES_PER_ELEMENT)
  for (const values of all) {
    const create = values.constructor as new (memory: ArrayBuffer, start: number, length: number) => Values
    orderValues(values, order, new create(memory, 0, rowCount))
  }
  const ordered = Object.entries(vectors).map(
    ([column, vector]) => [column, orderWide(vector, order)] as const,
  )
  return { ...packed, vectors: Object.fromEntries(ordered), order: order.map((_, place) => place) }
}

function orderWide(vector: PackedVector, order: Int32Array): PackedVector {
  if (!('exact' in vector) || vector.exact.wide === undefined) return vector
  const { values, wide } = vector.exact
  const ordered = new Map<number, bigint>()
  for (const [place, row] of order.entries()) if (wide.has(row)) ordered.set(place, wide.get(row)!)
  return { exact: { values, wide: ordered } }
}

function valuesOf(vector: PackedVector): Values {
  if ('exact' in vector) return vector.exact.values
  return 'codes' in vector ? vector.codes : vector.numbers
}

function orderValues(values: Values, order: Int32Array, ordered: Values): void {
  for (let place = 0; place < order.length; place++) ordered[place] = values[order[place]!]!
  values.set(ordered)
}
