import { IntSet } from '../../collections/int-set.ts'
import { type IndexedId, idHash } from '../../history/day-writer.ts'
import { DROPPED } from '../../parsers/row-ledger.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Comparison, RowAt } from './compare-slice.ts'
import type { KeptDays } from './kept-days.ts'
import { codesOf, keptPart, keyReader, type Part } from './part.ts'

/** A kept row outside of the slice's dates that begins or ceases to count, for its key stands on an earlier date. */
export interface FlippedRow {
  readonly table: RawTable
  readonly part: Part
  readonly row: number
}

export interface RepeatedKeys {
  /** Rows of the slice that do not count, since their key stands on an earlier date. */
  readonly shadowedInSlice: readonly { readonly table: RawTable; readonly row: number }[]
  readonly flipped: readonly FlippedRow[]
}

interface Occurrence {
  readonly day: number
  readonly at: RowAt
  readonly isSlice: boolean
}

/**
 * Finds keys that stand on several dates: the row of the earliest stays, whatever the order in which the
 * dates came, as in one run over all raw files in the order of their days.
 *
 * @param tables with dates, in which a key counts once
 * @param slice the rows of the slice that are kept, by raw table
 * @param kept is told which kept rows count as repeated
 */
export function resolveRepeatedKeys(
  tables: readonly RawTable[],
  slice: ReadonlyMap<string, Part>,
  comparison: Comparison,
  mergeDays: boolean,
  kept: KeptDays,
  seed: number,
): RepeatedKeys {
  const shadowedInSlice: { table: RawTable; row: number }[] = []
  const flipped: FlippedRow[] = []
  const otherDays = kept.days.filter((day) => !comparison.days.has(day))
  if (!mergeDays) for (const day of comparison.days) kept.clearShadowed(day)
  for (const table of tables) {
    const { rows } = comparison.moved.find((one) => one.table === table)!
    if (rows.length === 0) continue
    const found = occurrencesElsewhere(table, rows, otherDays, kept, seed)
    if (mergeDays) addKeptOfSlice(table, rows, comparison.kept.get(table.name)!, found)
    if (found.size === 0) continue
    addSlice(table, slice.get(table.name)!, found)
    for (const occurrences of found.values()) {
      const earliest = Math.min(...occurrences.map(({ day }) => day))
      for (const { day, at, isSlice } of occurrences) {
        if (isSlice) {
          if (day !== earliest) shadowedInSlice.push({ table, row: at.row })
          continue
        }
        const place = at.part.places![at.row]!
        const was = kept.isShadowed(table.name, day, place)
        if (was === (day !== earliest)) continue
        kept.setShadowed(table.name, day, place, day !== earliest)
        flipped.push({ table, part: at.part, row: at.row })
      }
    }
  }
  return { shadowedInSlice, flipped }
}

type Found = Map<string | number, Occurrence[]>

function note(found: Found, key: string | number, occurrence: Occurrence): void {
  const known = found.get(key)
  if (known === undefined) found.set(key, [occurrence])
  else known.push(occurrence)
}

/** Rows on other dates that have the keys of these rows. */
function occurrencesElsewhere(
  table: RawTable,
  rows: readonly RowAt[],
  days: readonly number[],
  kept: KeptDays,
  seed: number,
): Found {
  const found: Found = new Map()
  const hashes = firstHashes(table, rows, seed)
  let keys: Set<string | number> | undefined
  for (const day of days) {
    const reader = kept.open(day)!
    const places = candidatePlaces(table, reader, hashes)
    if (places.length === 0) continue
    keys ??= new Set(rows.map(({ part, row }) => keyReader(table, part)(row)))
    const columns = table.columns[table.key]!.dictionary === undefined ? [] : [table.key]
    const part = keptPart(reader.read(table, columns, places, true), day)
    const keyOf = keyReader(table, part)
    for (let row = 0; row < places.length; row++) {
      const key = keyOf(row)
      if (keys.has(key)) note(found, key, { day, at: { part, row }, isSlice: false })
    }
  }
  return found
}

/** The numbers by which the keys of rows are searched. */
function firstHashes(table: RawTable, rows: readonly RowAt[], seed: number): IntSet {
  const hashes = new IntSet()
  for (const { part, row } of rows) {
    if (part.keys !== undefined) hashes.add(part.keys[0][row]!)
    else {
      const { dictionary, codes } = codesOf(part, table.key)!
      hashes.add(idHash(dictionary, codes[row]!, seed))
    }
  }
  return hashes
}

/** Rows of a day whose keys may be among those searched. */
function candidatePlaces(
  table: RawTable,
  reader: ReturnType<KeptDays['open']> & object,
  hashes: IntSet,
): Int32Array {
  const lane = reader.firstLane(table.name)
  const places: number[] = []
  if (lane !== undefined) {
    for (let place = 0; place < lane.length; place++) if (hashes.has(lane[place]!)) places.push(place)
    return Int32Array.from(places)
  }
  const dictionary = table.columns[table.key]!.dictionary
  if (dictionary === undefined || reader.rowCount(table.name) === 0) return Int32Array.from(places)
  const ids = reader.ids(dictionary as IndexedId).hashes
  const hits = ids.map((hash) => (hashes.has(hash) ? 1 : 0))
  if (!hits.includes(1)) return Int32Array.from(places)
  const codes = reader.localCodes(table, table.key)
  for (let place = 0; place < codes.length; place++) if (hits[codes[place]! - 1] === 1) places.push(place)
  return Int32Array.from(places)
}

/** Where days are merged, a kept row of one of the slice's dates may have the key of a new row of another. */
function addKeptOfSlice(table: RawTable, rows: readonly RowAt[], parts: readonly Part[], found: Found): void {
  const keys = new Set(rows.map(({ part, row }) => keyReader(table, part)(row)))
  for (const part of parts) {
    const keyOf = keyReader(table, part)
    for (let row = 0; row < part.collection.rowCount; row++) {
      const key = keyOf(row)
      if (keys.has(key)) note(found, key, { day: part.days![row]!, at: { part, row }, isSlice: false })
    }
  }
}

/** The rows of the slice that have keys found elsewhere. */
function addSlice(table: RawTable, part: Part, found: Found): void {
  const keyOf = keyReader(table, part)
  for (let row = 0; row < part.collection.rowCount; row++) {
    if (part.fates[row] === DROPPED) continue
    const key = keyOf(row)
    if (found.has(key)) note(found, key, { day: part.days![row]!, at: { part, row }, isSlice: true })
  }
}

/** The rows of a kept day as a part of their own, to be told to whoever looks at changes. */
export function fullRows(
  table: RawTable,
  columns: readonly string[],
  { part, row }: FlippedRow,
  kept: KeptDays,
): Part {
  const day = part.days![row]!
  return keptPart(kept.open(day)!.read(table, columns, Int32Array.of(part.places![row]!)), day)
}
