import type { OutputVector } from '../aggregators/define.ts'
import type { Dictionary } from '../collections/dictionary.ts'
import { ExactVector } from '../collections/exact-vector.ts'
import { PairIndex } from '../collections/pair-index.ts'
import { compare } from '../lib/exact.ts'
import type { AggregateTable } from './aggregate-table.ts'
import { orNull } from './sort-rows.ts'

/** How many places of a table break its order: 0, unless the sort is at fault. Compares texts by bytes. */
export function countOrderBreaks(table: AggregateTable): number {
  let breaks = 0
  const keys = table.definition.order.map(({ column, descending }) => ({
    compareRows: comparer(table.columns[column]!),
    sign: descending === true ? -1 : 1,
  }))
  for (let place = 1; place < table.rowCount; place++) {
    const [before, after] = [table.order[place - 1]!, table.order[place]!]
    let difference = 0
    for (const { compareRows, sign } of keys) {
      difference = compareRows(before, after) * sign
      if (difference !== 0) break
    }
    if (difference >= 0) breaks++
  }
  return breaks
}

function comparer(vector: OutputVector): (a: number, b: number) => number {
  if (vector instanceof ExactVector) return (a, b) => compare(vector.get(a) ?? 0, vector.get(b) ?? 0)
  if ('codes' in vector) {
    const { codes, dictionary } = vector
    return (a, b) => (codes[a] === codes[b] ? 0 : compareBytes(dictionary, codes[a]!, codes[b]!))
  }
  return (a, b) => orNull(vector[a]!) - orNull(vector[b]!)
}

function compareBytes(dictionary: Dictionary, a: number, b: number): number {
  const bytes = dictionary.arena
  const lengthA = a < 0 ? 0 : dictionary.byteLength(a)
  const lengthB = b < 0 ? 0 : dictionary.byteLength(b)
  const startA = a < 0 ? 0 : dictionary.start(a)
  const startB = b < 0 ? 0 : dictionary.start(b)
  for (let i = 0; i < lengthA && i < lengthB; i++) {
    const difference = bytes[startA + i]! - bytes[startB + i]!
    if (difference !== 0) return difference
  }
  return lengthA - lengthB
}

/** How many different keys the rows of a table have: as many as rows, unless the aggregator is at fault. */
export function countKeys(table: AggregateTable): number {
  const { rowCount } = table
  let groups = new Float64Array(rowCount)
  let distinct = Math.min(1, rowCount)
  for (const column of table.definition.key) {
    const vector = table.columns[column]!
    if (vector instanceof ExactVector) throw new Error(`${column}: money and ratios are no keys`)
    const values = 'codes' in vector ? vector.codes : vector
    const index = new PairIndex(distinct)
    const next = new Float64Array(rowCount)
    for (let row = 0; row < rowCount; row++) next[row] = index.add(values[row]!, groups[row]!)
    groups = next
    distinct = index.size
  }
  return distinct
}
