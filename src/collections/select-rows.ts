import type { Collection, Vector } from './vectors.ts'

/** Some rows of a column, in the order given; texts keep their dictionary. */
export function selectVector(vector: Vector, rows: Int32Array): Vector {
  if ('codes' in vector)
    return { codes: select(vector.codes, rows) as Int32Array, dictionary: vector.dictionary }
  return select(vector, rows)
}

/** Some rows of a collection, in the order given. */
export function selectRows({ columns }: Collection, rows: Int32Array): Collection {
  return {
    rowCount: rows.length,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, vector]) => [name, selectVector(vector, rows)]),
    ),
  }
}

/** Collections of the same columns and dictionaries, one behind the other. */
export function joinRows(parts: readonly Collection[]): Collection {
  const [first] = parts
  if (first === undefined) throw new Error('there is nothing to join')
  if (parts.length === 1) return first
  const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0)
  const columns = Object.keys(first.columns).map((name) => {
    const vectors = parts.map((part) => part.columns[name]!)
    return [name, joinVectors(vectors, rowCount, name)] as const
  })
  return { rowCount, columns: Object.fromEntries(columns) }
}

function joinVectors(vectors: readonly Vector[], rowCount: number, name: string): Vector {
  const [first] = vectors as [Vector]
  if (!('codes' in first)) return join(vectors as readonly Numbers[], rowCount)
  const texts = vectors.map((vector) => {
    if ('codes' in vector && vector.dictionary === first.dictionary) return vector.codes
    throw new Error(`${name}: only codes of one dictionary can be joined`)
  })
  return { codes: join(texts, rowCount) as Int32Array, dictionary: first.dictionary }
}

type Numbers = Float64Array | Int32Array | Int8Array

function select(values: Numbers, rows: Int32Array): Numbers {
  const result = emptyLike(values, rows.length)
  for (let i = 0; i < rows.length; i++) result[i] = values[rows[i]!]!
  return result
}

function join(parts: readonly Numbers[], rowCount: number): Numbers {
  const result = emptyLike(parts[0]!, rowCount)
  let at = 0
  for (const part of parts) {
    result.set(part, at)
    at += part.length
  }
  return result
}

/** An array of the same kind. */
export function emptyLike(values: Numbers, length: number): Numbers {
  if (values instanceof Float64Array) return new Float64Array(length)
  return values instanceof Int32Array ? new Int32Array(length) : new Int8Array(length)
}
