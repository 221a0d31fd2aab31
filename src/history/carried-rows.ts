import type { AggregateRows, OutputColumn, OutputColumns, OutputVector } from '../aggregators/define.ts'
import { NO_DAY } from '../aggregators/define.ts'
import { Dictionary, NO_CODE } from '../collections/dictionary.ts'
import { ExactVector } from '../collections/exact-vector.ts'
import type { TextVector } from '../collections/vectors.ts'
import { selectOutputRows } from '../tables/date-blocks.ts'
import { type Packed, type ReadAt, type SectionArray, SectionReader, SectionWriter } from './sections.ts'
import { packTexts } from './texts.ts'

/** Packs rows that are carried from run to run, in the order of their keys, which the next run need not sort. */
export function packCarried(unordered: AggregateRows<OutputColumns>, key: string): Packed {
  const rows = inOrderOf(unordered, key)
  const writer = new SectionWriter({ rows: rows.rowCount })
  writer.endLead()
  for (const [name, vector] of Object.entries(rows.columns)) {
    if (vector instanceof ExactVector) addExact(writer, name, vector)
    else if ('codes' in vector) addTexts(writer, name, vector)
    else writer.add(name, vector)
  }
  return writer.finish()
}

function inOrderOf(
  { rowCount, columns }: AggregateRows<OutputColumns>,
  key: string,
): AggregateRows<OutputColumns> {
  const { codes, dictionary } = columns[key] as TextVector
  const ranks = dictionary.ranks()
  const rowOfRank = new Int32Array(dictionary.size).fill(-1)
  for (let row = 0; row < rowCount; row++) rowOfRank[ranks[codes[row]!]!] = row
  return selectOutputRows(
    { rowCount, columns },
    rowOfRank.filter((row) => row >= 0),
  )
}

/** @throws HistoryDamage if bytes are not those that were written */
export function unpackCarried(
  columns: OutputColumns,
  readAt: ReadAt,
  piece: Pick<Packed, 'lead' | 'check'>,
): AggregateRows<OutputColumns> {
  const reader = new SectionReader(readAt, piece)
  const rowCount = reader.meta.rows ?? 0
  const vectors = Object.entries(columns).map(
    ([name, column]) => [name, readVector(reader, name, column)] as const,
  )
  return { rowCount, columns: Object.fromEntries(vectors) }
}

/**
 * Rows of a carried table for this run: those of before but for some keys, and the new ones of these.
 *
 * @param isRenewed whether the key with this text is among those computed anew
 */
export function mergeCarried(
  columns: OutputColumns,
  key: string,
  before: AggregateRows<OutputColumns>,
  isRenewed: (keys: Dictionary, code: number) => boolean,
  renewed: AggregateRows<OutputColumns>,
): AggregateRows<OutputColumns> {
  const keys = before.columns[key] as TextVector
  const kept: number[] = []
  for (let row = 0; row < before.rowCount; row++)
    if (!isRenewed(keys.dictionary, keys.codes[row]!)) kept.push(row)
  const vectors = Object.keys(columns).map(
    (name) => [name, joined(before.columns[name]!, kept, renewed.columns[name]!)] as const,
  )
  return { rowCount: kept.length + renewed.rowCount, columns: Object.fromEntries(vectors) }
}

function addExact(writer: SectionWriter, name: string, vector: ExactVector): void {
  const values = new Float64Array(vector.length)
  const wide: [number, string][] = []
  for (let row = 0; row < vector.length; row++) {
    const value = vector.get(row)
    if (typeof value === 'bigint') wide.push([row, String(value)])
    else values[row] = value ?? Number.NaN
  }
  writer.add(name, values)
  writer.add(`${name} beyond 2^53`, Buffer.from(JSON.stringify(wide), 'utf8'))
}

function addTexts(writer: SectionWriter, name: string, { codes, dictionary }: TextVector): void {
  const locals = new Map<number, number>()
  const used: number[] = []
  const local = codes.map((code) => {
    if (code === NO_CODE) return NO_CODE
    let place = locals.get(code)
    if (place === undefined) {
      place = used.length
      locals.set(code, place)
      used.push(code)
    }
    return place
  })
  const { lengths, bytes } = packTexts(dictionary, used)
  writer.add(name, local)
  writer.add(`${name} lengths`, lengths)
  writer.add(`${name} texts`, bytes)
}

function readVector(reader: SectionReader, name: string, { kind }: OutputColumn): OutputVector {
  const values = reader.read(name)
  if (kind === 'id' || kind === 'text') {
    return { codes: values as Int32Array, dictionary: readDictionary(reader, name) }
  }
  if (kind !== 'money' && kind !== 'ratio') return values as Exclude<OutputVector, TextVector | ExactVector>
  const vector = new ExactVector(values.length)
  values.forEach((value: number, row: number) => {
    if (value !== 0) vector.set(row, Number.isNaN(value) ? null : value)
  })
  const wide = JSON.parse(Buffer.from(reader.read(`${name} beyond 2^53`) as Uint8Array).toString('utf8'))
  for (const [row, text] of wide as [number, string][]) vector.set(row, BigInt(text))
  return vector
}

function readDictionary(reader: SectionReader, name: string): Dictionary {
  const lengths: SectionArray = reader.read(`${name} lengths`)
  const bytes = reader.read(`${name} texts`) as Uint8Array
  const dictionary = new Dictionary()
  let at = 0
  for (let i = 0; i < lengths.length; i++) {
    dictionary.encode(bytes, at, at + lengths[i]!)
    at += lengths[i]!
  }
  return dictionary
}

/** Some rows of a column, followed by all of another; its texts get the codes of the first. */
function joined(before: OutputVector, kept: readonly number[], after: OutputVector): OutputVector {
  if (before instanceof ExactVector) {
    const more = after as ExactVector
    const result = new ExactVector(kept.length + more.length)
    kept.forEach((row, i) => {
      result.set(i, before.get(row))
    })
    for (let row = 0; row < more.length; row++) result.set(kept.length + row, more.get(row))
    return result
  }
  if ('codes' in before) {
    const more = after as TextVector
    const codes = new Int32Array(kept.length + more.codes.length)
    kept.forEach((row, i) => {
      codes[i] = before.codes[row]!
    })
    more.codes.forEach((code, row) => {
      codes[kept.length + row] =
        code === NO_CODE ? NO_CODE : recoded(before.dictionary, more.dictionary, code)
    })
    return { codes, dictionary: before.dictionary }
  }
  const more = after as Exclude<OutputVector, TextVector | ExactVector>
  const length = kept.length + more.length
  const result =
    before instanceof Int32Array
      ? new Int32Array(length).fill(NO_DAY)
      : before instanceof Int8Array
        ? new Int8Array(length)
        : new Float64Array(length)
  kept.forEach((row, i) => {
    result[i] = before[row]!
  })
  result.set(more, kept.length)
  return result
}

function recoded(into: Dictionary, from: Dictionary, code: number): number {
  const start = from.start(code)
  return into.encode(from.arena, start, start + from.byteLength(code))
}
