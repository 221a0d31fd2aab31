import { ExactVector } from '../collections/exact-vector.ts'
import { PairIndex } from '../collections/groups/pair-index.ts'
import type { Dictionary } from '../collections/texts/dictionary.ts'
import type { TextVector } from '../collections/vectors.ts'
import { compare } from '../lib/numbers/exact.ts'
import type { AggregateTable } from './aggregate-table.ts'
import type { OutputVector } from './define.ts'
import { orNull } from './sort-rows.ts'

/** How many places of a table break its order: 0, unless the sort is at fault. Compares texts by bytes. */
export function countOrderBreaks({ definition, columns, order }: AggregateTable): number {
  let breaks = 0
  const keys = definition.order.map(({ column, descending }) => ({
    fillLeads: leadsOf(columns[column]!),
    leads: new Float64Array(BATCH),
    compareRows: comparer(columns[column]!),
    sign: descending === true ? -1 : 1,
  }))
  // Each batch starts with the last row of the one before.
  for (let from = 0; from + 1 < order.length; from += BATCH - 1) {
    const rows = order.subarray(from, from + BATCH)
    for (const { fillLeads, leads } of keys) fillLeads(rows, leads)
    for (let i = 1; i < rows.length; i++) {
      let difference = 0
      for (const { leads, compareRows, sign } of keys) {
        difference = (leads[i - 1]! - leads[i]! || compareRows(rows[i - 1]!, rows[i]!)) * sign
        if (difference !== 0) break
      }
      if (difference >= 0) breaks++
    }
  }
  return breaks
}

/** Rows lie anywhere in memory: what mostly decides between them is fetched for so many at a time. */
const BATCH = 512

/**
 * Looks up a number for each of some rows that stands for its value: of two rows with different numbers the
 * smaller comes first, those with the same must be compared.
 */
function leadsOf(vector: OutputVector): (rows: Int32Array, leads: Float64Array) => void {
  if (vector instanceof ExactVector)
    return (rows, leads) => {
      for (let i = 0; i < rows.length; i++) leads[i] = Number(vector.get(rows[i]!) ?? 0)
    }
  if ('codes' in vector) return textLeads(vector)
  return (rows, leads) => {
    for (let i = 0; i < rows.length; i++) leads[i] = orNull(vector[rows[i]!]!)
  }
}

/** The first bytes of texts as numbers; those of a null are none. */
function textLeads({ codes, dictionary }: TextVector): (rows: Int32Array, leads: Float64Array) => void {
  const bytes = dictionary.arena
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const starts = new Float64Array(BATCH)
  const ends = new Float64Array(BATCH)
  return (rows, leads) => {
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i]!]!
      starts[i] = code < 0 ? 0 : dictionary.start(code)
      ends[i] = code < 0 ? 0 : starts[i]! + dictionary.byteLength(code)
    }
    // Fetches the first bytes of all texts at once.
    let touched = 0
    for (let i = 0; i < rows.length; i++) touched += bytes[starts[i]!]!
    leads[0] = touched
    for (let i = 0; i < rows.length; i++) {
      const at = starts[i]!
      if (at + LEAD_BYTES <= ends[i]!) leads[i] = words.getUint32(at) * 0x1_0000 + words.getUint16(at + 4)
      else leads[i] = shortLead(bytes, at, ends[i]!)
    }
  }
}

/** The bytes of a short text as a number, followed by zeros. */
function shortLead(bytes: Uint8Array, start: number, end: number): number {
  let lead = 0
  for (let at = start; at < start + LEAD_BYTES; at++) lead = lead * 256 + (at < end ? bytes[at]! : 0)
  return lead
}

/** Most bytes that fit a safe integer. */
const LEAD_BYTES = 6

function comparer(vector: OutputVector): (a: number, b: number) => number {
  if (vector instanceof ExactVector) return (a, b) => compare(vector.get(a) ?? 0, vector.get(b) ?? 0)
  if ('codes' in vector) {
    const { codes, dictionary } = vector
    return (a, b) => (codes[a] === codes[b] ? 0 : compareBytes(dictionary, codes[a]!, codes[b]!))
  }
  // Of these the leads say it all.
  return () => 0
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
  const vectors = table.definition.key.map((column) => keyVector(column, table.columns[column]!))
  const [only, ...further] = vectors
  if (only !== undefined && further.length === 0 && 'codes' in only) return countTexts(only, rowCount)
  let groups = new Float64Array(rowCount)
  let distinct = Math.min(1, rowCount)
  for (const vector of vectors) {
    const values = 'codes' in vector ? vector.codes : vector
    const index = new PairIndex(distinct)
    const next = new Float64Array(rowCount)
    for (let row = 0; row < rowCount; row++) next[row] = index.add(values[row]!, groups[row]!)
    groups = next
    distinct = index.size
  }
  return distinct
}

function keyVector(column: string, vector: OutputVector): Exclude<OutputVector, ExactVector> {
  if (vector instanceof ExactVector) throw new Error(`${column}: money and ratios are no keys`)
  return vector
}

/** How many different texts there are, each of which has one code. */
function countTexts({ codes, dictionary }: TextVector, rowCount: number): number {
  // The first place is that of nulls.
  const seen = new Uint8Array(dictionary.size + 1)
  for (let row = 0; row < rowCount; row++) seen[codes[row]! + 1] = 1
  let distinct = 0
  for (let place = 0; place < seen.length; place++) distinct += seen[place]!
  return distinct
}
