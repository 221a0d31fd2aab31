import { NO_CODE } from '../../collections/dictionary.ts'
import { IntSet } from '../../collections/int-set.ts'
import type { IndexedId } from '../../history/day-writer.ts'
import { cascadeColumns, cascadeKey } from '../../parsers/cascade.ts'
import { FILTERED } from '../../parsers/row-ledger.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Comparison } from './compare-slice.ts'
import type { Reason } from './dates.ts'
import { HashCollector, markRows, placesOf } from './find-rows.ts'
import type { KeptDays } from './kept-days.ts'
import { maskOf } from './outputs.ts'
import { keptPart, type Part } from './part.ts'
import type { Slice } from './slice.ts'
import { idVectors } from './touched.ts'

/** Dates on which rows begin or cease to count, since the session or order that they belong to does. */
export function followFilters(
  slice: Slice,
  seed: number,
  dated: readonly RawTable[],
  comparison: Comparison,
  kept: KeptDays,
  otherDays: Map<number, Reason>,
): void {
  const owners = dated.flatMap((table) => {
    const id = cascadeKey(table)
    return id === undefined ? [] : [{ table, id: id as IndexedId }]
  })
  const followed = new Map(owners.map(({ id }) => [id, new HashCollector(id, seed, new IntSet())]))
  for (const { table, id } of owners) {
    const moved = comparison.moved.find((one) => one.table === table)!.rows
    // Whether a row that hangs on others counts, only they can tell.
    const isDecided = cascadeColumns(table).length === 0
    for (const { part, row } of moved)
      if (!isDecided || part.fates[row] === FILTERED) addId(table, part, row, id, followed)
    const collector = followed.get(id)!
    if (collector.hashes.size === 0) continue
    const ids = { id, hashes: collector.hashes }
    const follow = (other: RawTable, part: Part, counts: (row: number) => boolean) => {
      const take = comparison.touched.taker(other, part)
      const ownId = owners.find((one) => one.table === other)?.id
      for (let row = 0; row < part.fates.length; row++) {
        if (!counts(row)) continue
        take(row)
        // What hangs on an order of a filtered session follows it.
        if (ownId !== undefined && ownId !== id) addId(other, part, row, ownId, followed)
      }
    }
    for (const other of dated) {
      for (const part of [...comparison.kept.get(other.name)!, slice.parts.get(other.name)!]) {
        const vector = new Map(idVectors(other, part)).get(id)
        if (vector !== undefined)
          follow(other, part, (row) => vector.codes[row] !== NO_CODE && collector.hasCode(vector.codes[row]!))
      }
    }
    for (const day of kept.days) {
      if (comparison.days.has(day)) continue
      const reader = kept.open(day)!
      for (const other of dated) {
        const marks = new Uint8Array(reader.rowCount(other.name))
        if (!markRows(reader, other, ids, maskOf(dated, [other.name]), marks)) continue
        const part = keptPart(reader.read(other, slice.stored.get(other.name)!, placesOf(marks)), day)
        follow(other, part, () => true)
        otherDays.set(day, 'filter')
      }
    }
  }
}

function addId(
  table: RawTable,
  part: Part,
  row: number,
  id: IndexedId,
  followed: ReadonlyMap<IndexedId, HashCollector>,
): void {
  const vector = new Map(idVectors(table, part)).get(id)!
  followed.get(id)!.addCode(vector, vector.codes[row]!)
}
