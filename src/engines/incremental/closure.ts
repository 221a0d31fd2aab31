import { IntSet } from '../../collections/int-set.ts'
import type { IndexedId } from '../../history/day-writer.ts'
import { cascadeKey } from '../../parsers/cascade.ts'
import { FILTERED } from '../../parsers/row-ledger.ts'
import type { RawTable } from '../../raw/define.ts'
import type { DatesWithReasons } from './dates.ts'
import { HashCollector, markRows, placesOf, type WantedIds } from './find-rows.ts'
import type { KeptDays } from './kept-days.ts'
import { maskOf, type Output } from './outputs.ts'
import { codesOf, keptPart, type Part, selectPart } from './part.ts'

export interface ClosureOptions {
  /** All raw tables, in the order in which they are read. */
  readonly tables: readonly RawTable[]
  readonly outputs: readonly Output[]
  /** By aggregate table. */
  readonly dates: ReadonlyMap<string, DatesWithReasons>
  /** Hashes of the users whose carried rows are computed anew. */
  readonly renewedUsers: IntSet
  /** Rows that are needed beside, by raw table. */
  readonly alsoWanted: ReadonlyMap<string, WantedIds>
  readonly sliceDays: ReadonlySet<number>
  /** The rows of the slice, and with them the kept rows of its dates where days are merged. */
  readonly partsOfSlice: ReadonlyMap<string, readonly Part[]>
  readonly stored: ReadonlyMap<string, readonly string[]>
  readonly kept: KeptDays
  readonly seed: number
  readonly hasFilters: boolean
  /** Whether all that is kept is needed. */
  readonly everything: boolean
}

/**
 * The kept rows outside of the slice's dates that the rows to be computed hang on: whole dates, and of other
 * dates the rows that share a session, order or user with them.
 *
 * @returns parts by raw table, each of one day
 */
export function loadClosure(options: ClosureOptions): Map<string, Part[]> {
  const { tables, kept, sliceDays, stored, everything } = options
  const dated = tables.filter(({ time }) => time !== undefined)
  const otherDays = kept.days.filter((day) => !sliceDays.has(day))
  const parts = new Map<string, Part[]>(tables.map(({ name }) => [name, []]))
  const taken = new Map<string, Uint8Array>()
  const take = (day: number, table: RawTable, marks: Uint8Array | undefined) => {
    const reader = kept.open(day)!
    const count = reader.rowCount(table.name)
    if (count === 0) return
    const key = `${table.name} ${day}`
    const before = taken.get(key) ?? new Uint8Array(count)
    const fresh = before.map((was, row) => (was === 0 && (marks === undefined || marks[row] === 1) ? 1 : 0))
    if (!fresh.includes(1)) return
    taken.set(
      key,
      before.map((was, row) => was | fresh[row]!),
    )
    const places = marks === undefined && !before.includes(1) ? undefined : placesOf(fresh)
    parts.get(table.name)!.push(keptPart(reader.read(table, stored.get(table.name)!, places), day))
  }

  for (const day of otherDays)
    for (const table of dated)
      if (everything || isWhole(options, day, table.name)) take(day, table, undefined)

  if (!everything) {
    const wanted = wantedIds(options, parts)
    for (const day of otherDays) {
      for (const table of dated) {
        const ids = wanted.get(table.name)
        if (ids === undefined) continue
        const reader = kept.open(day)!
        const marks = new Uint8Array(reader.rowCount(table.name))
        const mask = maskOf(dated, [table.name])
        const found = ids.map((one) => markRows(reader, table, one, mask, marks))
        if (found.includes(true)) take(day, table, marks)
      }
    }
    takeByOrder(options, dated, otherDays, parts, take)
  }
  if (options.hasFilters) takeFiltered(options, dated, otherDays, take)
  for (const table of tables)
    if (table.time === undefined) parts.set(table.name, undatedRows(options, table, parts))
  return parts
}

/** Whether a date is computed of a table that reads this raw table. */
function isWhole({ outputs, dates }: ClosureOptions, day: number, table: string): boolean {
  return outputs.some(
    ({ definition, needs }) => needs.includes(table) && dates.get(definition.name)?.has(day) === true,
  )
}

/** The ids of which rows of a raw table are needed from other dates. */
function wantedIds(
  options: ClosureOptions,
  parts: ReadonlyMap<string, readonly Part[]>,
): Map<string, WantedIds[]> {
  const { outputs, dates, seed } = options
  const wanted = new Map<string, WantedIds[]>()
  const want = (tables: readonly string[], ids: WantedIds) => {
    for (const table of tables) wanted.set(table, [...(wanted.get(table) ?? []), ids])
  }
  for (const [table, ids] of options.alsoWanted) want([table], ids)
  for (const { definition, reach, carried, needs } of outputs) {
    const days = dates.get(definition.name)
    for (const id of ['session_id', 'order_id', 'user_id'] as const) {
      const tables = reach[id] ?? []
      if (days === undefined || days.size === 0 || tables.length === 0) continue
      want(tables, { id, hashes: idsOn(id, tables, days, options, parts, seed) })
    }
    if (carried !== undefined) want(needs, { id: 'user_id', hashes: options.renewedUsers })
  }
  return wanted
}

/** The ids on the rows of some dates. */
function idsOn(
  id: IndexedId,
  names: readonly string[],
  days: DatesWithReasons,
  { tables, partsOfSlice }: ClosureOptions,
  parts: ReadonlyMap<string, readonly Part[]>,
  seed: number,
): IntSet {
  const collector = new HashCollector(id, seed, new IntSet())
  for (const table of tables.filter(({ name }) => names.includes(name))) {
    for (const part of [...(partsOfSlice.get(table.name) ?? []), ...(parts.get(table.name) ?? [])])
      collector.addRows(table, part, (row) => days.has(part.days![row]!))
  }
  return collector.hashes
}

/** Rows that share an order with any row taken so far. */
function takeByOrder(
  { outputs, dates, partsOfSlice, kept, seed, hasFilters }: ClosureOptions,
  dated: readonly RawTable[],
  otherDays: readonly number[],
  parts: ReadonlyMap<string, readonly Part[]>,
  take: (day: number, table: RawTable, marks: Uint8Array) => void,
): void {
  const names = new Set(outputs.flatMap(({ reach }) => reach.order_id ?? []))
  const tables = dated.filter(({ name }) => names.has(name))
  if (!hasFilters && ![...dates.values()].some((days) => days.size > 0)) return
  const collector = new HashCollector('order_id', seed, new IntSet())
  for (const table of tables)
    for (const part of [...(partsOfSlice.get(table.name) ?? []), ...parts.get(table.name)!])
      collector.addRows(table, part)
  const ids: WantedIds = { id: 'order_id', hashes: collector.hashes }
  for (const day of otherDays) {
    const reader = kept.open(day)!
    for (const table of tables) {
      const marks = new Uint8Array(reader.rowCount(table.name))
      if (markRows(reader, table, ids, maskOf(dated, [table.name]), marks)) take(day, table, marks)
    }
  }
}

/** Filtered rows on which others hang. */
function takeFiltered(
  { kept }: ClosureOptions,
  dated: readonly RawTable[],
  otherDays: readonly number[],
  take: (day: number, table: RawTable, marks: Uint8Array) => void,
): void {
  for (const day of otherDays) {
    if (kept.state(day)?.has_filtered !== true) continue
    for (const table of dated) {
      const fates = cascadeKey(table) === undefined ? undefined : kept.open(day)!.fates(table.name)
      if (fates !== undefined)
        take(
          day,
          table,
          fates.map((fate) => (fate === FILTERED ? 1 : 0)),
        )
    }
  }
}

/** Rows of a table without dates that are kept, that the slice does not replace, and whose user matters. */
function undatedRows(
  { outputs, dates, renewedUsers, partsOfSlice, stored, kept, seed, everything, tables }: ClosureOptions,
  table: RawTable,
  parts: ReadonlyMap<string, readonly Part[]>,
): Part[] {
  const reader = kept.openUndated()
  if (reader === undefined || reader.rowCount(table.name) === 0) return []
  const collector = new HashCollector('user_id', seed, new IntSet())
  for (const { definition, reach } of outputs) {
    const days = dates.get(definition.name)
    const names = (reach.undated as Record<string, readonly string[]> | undefined)?.[table.name] ?? []
    if (days === undefined || days.size === 0) continue
    for (const other of tables.filter(({ name }) => names.includes(name)))
      for (const part of [...(partsOfSlice.get(other.name) ?? []), ...(parts.get(other.name) ?? [])])
        collector.addRows(other, part, (row) => days.has(part.days![row]!))
  }
  let places: Int32Array | undefined
  if (!everything) {
    const marks = new Uint8Array(reader.rowCount(table.name))
    for (const hashes of [collector.hashes, renewedUsers])
      markRows(reader, table, { id: 'user_id', hashes }, ~0, marks)
    places = placesOf(marks)
  }
  const part = keptPart(reader.read(table, stored.get(table.name)!, places), undefined)
  return [withoutReplaced(table, part, partsOfSlice.get(table.name)!)]
}

/** The rows whose key the slice does not have. */
export function withoutReplaced(table: RawTable, part: Part, slice: readonly Part[]): Part {
  const replaced = new IntSet()
  for (const one of slice) replaced.addAll(codesOf(one, table.key)?.codes ?? [])
  const keys = codesOf(part, table.key)!.codes
  const rows: number[] = []
  for (let row = 0; row < keys.length; row++) if (!replaced.has(keys[row]!)) rows.push(row)
  return rows.length === keys.length ? part : selectPart(part, Int32Array.from(rows))
}
