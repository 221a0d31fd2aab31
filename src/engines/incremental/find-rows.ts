import { NO_CODE } from '../../collections/dictionary.ts'
import type { IntSet } from '../../collections/int-set.ts'
import type { DayReader } from '../../history/day-reader.ts'
import { type IndexedId, idHash } from '../../history/day-writer.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Part } from './part.ts'
import { idColumn, idVectors } from './touched.ts'

/** Ids by their hashes: what is found by them may be another id's, so it can only be too much. */
export interface WantedIds {
  readonly id: IndexedId
  readonly hashes: IntSet
}

/** Which of a day's ids of a kind are wanted; undefined if none. @param mask only those that stand in these tables */
export function wantedHits(
  reader: DayReader,
  { id, hashes }: WantedIds,
  mask: number,
): Uint8Array | undefined {
  if (hashes.size === 0 || mask === 0) return undefined
  const ids = reader.ids(id)
  let found = false
  const hits = new Uint8Array(ids.hashes.length)
  for (let i = 0; i < hits.length; i++) {
    if ((ids.tables[i]! & mask) === 0 || !hashes.has(ids.hashes[i]!)) continue
    hits[i] = 1
    found = true
  }
  return found ? hits : undefined
}

/** Marks the rows of a kept day's table that have one of the ids. @returns whether there are any */
export function markRows(
  reader: DayReader,
  table: RawTable,
  wanted: WantedIds,
  mask: number,
  marks: Uint8Array,
): boolean {
  const column = idColumn(table, wanted.id)
  if (column === undefined || marks.length === 0) return false
  const hits = wantedHits(reader, wanted, mask)
  if (hits === undefined) return false
  const codes = reader.localCodes(table, column)
  let found = false
  for (let row = 0; row < marks.length; row++) {
    if (codes[row] === 0 || hits[codes[row]! - 1] !== 1) continue
    marks[row] = 1
    found = true
  }
  return found
}

/** Adds the hashes of a kind of id on some rows; each id is hashed once. */
export class HashCollector {
  readonly hashes: IntSet
  readonly #seed: number
  readonly #id: IndexedId
  #done = new Uint8Array(0)

  constructor(id: IndexedId, seed: number, hashes: IntSet) {
    this.#id = id
    this.#seed = seed
    this.hashes = hashes
  }

  addCode(vector: ReturnType<typeof idVectors>[number][1], code: number): void {
    if (code === NO_CODE) return
    if (code >= this.#done.length) {
      const longer = new Uint8Array(Math.max(vector.dictionary.size, code + 1))
      longer.set(this.#done)
      this.#done = longer
    }
    if (this.#done[code] === 1) return
    this.#done[code] = 1
    this.hashes.add(idHash(vector.dictionary, code, this.#seed))
  }

  hasCode(code: number): boolean {
    return this.#done[code] === 1
  }

  /** @param counts which rows; all if left out */
  addRows(table: RawTable, part: Part, counts?: (row: number) => boolean): void {
    const vector = idVectors(table, part).find(([id]) => id === this.#id)?.[1]
    if (vector === undefined) return
    for (let row = 0; row < vector.codes.length; row++)
      if (counts === undefined || counts(row)) this.addCode(vector, vector.codes[row]!)
  }
}

export function placesOf(marks: Uint8Array): Int32Array {
  const places: number[] = []
  for (let row = 0; row < marks.length; row++) if (marks[row] === 1) places.push(row)
  return Int32Array.from(places)
}
