import type { OutputColumns, OutputVector } from '../aggregators/define.ts'
import { Dictionary, type SharedTexts } from '../collections/dictionary.ts'
import { type ExactParts, ExactVector } from '../collections/exact-vector.ts'
import { sharedCopy } from '../lib/shared-memory.ts'
import type { AggregateTable, WritableTable } from './aggregate-table.ts'

/** A column on its way to the thread that writes it. */
type PackedVector =
  | { readonly numbers: Float64Array | Int32Array | Int8Array }
  | { readonly codes: Int32Array; readonly texts: SharedTexts }
  | { readonly exact: ExactParts }

/** A table on its way to the thread that writes it. */
export interface PackedTable {
  readonly name: string
  readonly rowCount: number
  readonly columns: OutputColumns
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
 * @param keeps which memory must not be given away: of that there goes a copy
 * @returns the table, and the memory that changes hands
 */
export function packTable(
  { definition, rowCount, columns, order }: AggregateTable,
  keeps: (memory: ArrayBufferLike) => boolean,
): { packed: PackedTable; memory: ArrayBuffer[] } {
  const memory = new Set<ArrayBuffer>()
  const given = <A extends Float64Array | Int32Array | Int8Array>(values: A): A => {
    // Own code may have given a plain array, which is copied on its way.
    if (!ArrayBuffer.isView(values)) return values
    const { buffer } = values
    if (buffer instanceof SharedArrayBuffer || keeps(buffer)) return sharedCopy(values)
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
    vectors,
    order: given(order),
  }
  return { packed, memory: [...memory] }
}

function packVector(
  vector: OutputVector,
  given: <A extends Float64Array | Int32Array | Int8Array>(values: A) => A,
): PackedVector {
  if (vector instanceof ExactVector) {
    const { values, wide } = vector.parts()
    return { exact: { values: given(values), wide } }
  }
  if ('codes' in vector) return { codes: given(vector.codes), texts: vector.dictionary.share() }
  return { numbers: given(vector) }
}

/** The table, ready to be written. */
export function unpackTable({ name, rowCount, columns, vectors, order }: PackedTable): WritableTable {
  const unpacked = Object.entries(vectors).map(([column, vector]) => [column, unpackVector(vector)] as const)
  return { definition: { name, columns }, rowCount, columns: Object.fromEntries(unpacked), order }
}

function unpackVector(vector: PackedVector): OutputVector {
  if ('exact' in vector) return new ExactVector(vector.exact)
  if ('codes' in vector) return { codes: vector.codes, dictionary: Dictionary.ofShared(vector.texts) }
  return vector.numbers
}
