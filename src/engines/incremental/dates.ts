import { type Dictionary, NO_CODE } from '../../collections/dictionary.ts'
import { IntSet } from '../../collections/int-set.ts'
import { type IndexedId, idHash } from '../../history/day-writer.ts'
import type { RawTable } from '../../raw/define.ts'
import { markRows, placesOf, type WantedIds, wantedHits } from './find-rows.ts'
import type { KeptDays } from './kept-days.ts'
import { maskOf, type Output } from './outputs.ts'
import { keptPart, type Part } from './part.ts'
import { idColumn, idVectors, type Touched } from './touched.ts'

/** Why the rows of a date are computed anew. */
export type Reason =
  | 'slice'
  | 'session'
  | 'order'
  | 'user'
  | 'undated'
  | 'repeated_key'
  | 'filter'
  | 'calendar'
  | 'everything'

export type DatesWithReasons = Map<number, Reason>

export interface Search {
  /** Raw tables with dates, in the order of the contract. */
  readonly dated: readonly RawTable[]
  readonly kept: KeptDays
  readonly touched: Touched
  /** The rows of the slice's dates, new and kept, by raw table. */
  readonly partsOfSlice: ReadonlyMap<string, readonly Part[]>
  /** Why dates outside of the slice have changed rows. */
  readonly otherDays: ReadonlyMap<number, Reason>
  readonly sliceDays: ReadonlySet<number>
  readonly dictionaries: Readonly<Record<IndexedId, Dictionary>>
  readonly seed: number
}

/** The dates of which an aggregate table may have other rows than before; never too few. */
export function datesOf(output: Output, search: Search): { dates: DatesWithReasons; usersOfOrders: IntSet } {
  const { kept, touched, otherDays, dated } = search
  const { reach } = output
  const dates: DatesWithReasons = new Map()
  const usersOfOrders = new IntSet()
  for (const [day, tables] of touched.days)
    if (output.needs.some((table) => tables.has(table))) dates.set(day, otherDays.get(day) ?? 'slice')

  const sessions = new IntSet()
  for (const table of reach.session_id ?? []) sessions.addAll(touched.of(table).session_id.values)
  const orders = new IntSet()
  for (const table of reach.order_id ?? []) orders.addAll(touched.of(table).order_id.values)
  const days = kept.days.filter((day) => !search.sliceDays.has(day))
  if (orders.size > 0) followOrders(output, search, orders, days, dates, sessions, usersOfOrders)
  const wantedSessions = hashesOf('session_id', sessions, search)
  const hasLaterRows = laterRows(output, search)
  const undated = undatedUsers(output, search)
  for (const day of [...days, ...search.sliceDays]) {
    if (dates.has(day)) continue
    const reader = kept.open(day)
    if (reader === undefined) continue
    if (wantedHits(reader, wantedSessions, maskOf(dated, reach.session_id ?? [])) !== undefined)
      dates.set(day, 'session')
    else if (hasLaterRows(day)) dates.set(day, 'user')
    else if (undated.some(({ wanted, mask }) => wantedHits(reader, wanted, mask) !== undefined))
      dates.set(day, 'undated')
  }
  return { dates, usersOfOrders }
}

/** The dates of rows of touched orders, with the sessions that they bring in. */
function followOrders(
  { reach }: Output,
  search: Search,
  orders: IntSet,
  days: readonly number[],
  dates: DatesWithReasons,
  sessions: IntSet,
  users: IntSet,
): void {
  const tables = search.dated.filter(({ name }) => reach.order_id?.includes(name))
  const take = (table: RawTable, part: Part, counts: (row: number) => boolean) => {
    const vectors = new Map(idVectors(table, part))
    for (let row = 0; row < part.collection.rowCount; row++) {
      if (!counts(row)) continue
      const [session, user] = [vectors.get('session_id')?.codes[row], vectors.get('user_id')?.codes[row]]
      if (session !== undefined && session !== NO_CODE) sessions.add(session)
      if (user !== undefined && user !== NO_CODE) users.add(user)
    }
  }
  for (const table of tables) {
    for (const part of search.partsOfSlice.get(table.name) ?? []) {
      const codes = new Map(idVectors(table, part)).get('order_id')?.codes
      take(table, part, (row) => codes !== undefined && orders.has(codes[row]!))
    }
  }
  const wanted = hashesOf('order_id', orders, search)
  const mask = maskOf(search.dated, reach.order_id ?? [])
  for (const day of days) {
    const reader = search.kept.open(day)!
    if (wantedHits(reader, wanted, mask) === undefined) continue
    if (!dates.has(day)) dates.set(day, 'order')
    for (const table of tables) {
      const marks = new Uint8Array(reader.rowCount(table.name))
      if (!markRows(reader, table, wanted, maskOf(search.dated, [table.name]), marks)) continue
      const columns = (['session_id', 'user_id'] as const).flatMap((id) => idColumn(table, id) ?? [])
      const stored = columns.filter((column) => reader.hasColumn(table.name, column))
      take(table, keptPart(reader.read(table, stored, placesOf(marks)), day), () => true)
    }
  }
}

/** Asks whether a date has rows of users of whom an earlier row has changed. */
function laterRows(
  { reach }: Output,
  { dated, dictionaries, kept, seed, touched }: Search,
): (day: number) => boolean {
  const tables = (reach.user_id ?? []).map((table) => {
    const firstDays = new Map<number, number>()
    for (const [user, first] of touched.of(table).firstDayOfUser) {
      const hash = idHash(dictionaries.user_id, user, seed)
      firstDays.set(hash, Math.min(first, firstDays.get(hash) ?? first))
    }
    return { firstDays, mask: maskOf(dated, [table]) }
  })
  return (day) =>
    tables.some(({ firstDays, mask }) => {
      if (firstDays.size === 0) return false
      const ids = kept.open(day)!.ids('user_id')
      return ids.hashes.some((hash, i) => (ids.tables[i]! & mask) !== 0 && (firstDays.get(hash) ?? day) < day)
    })
}

function undatedUsers({ reach }: Output, search: Search): { wanted: WantedIds; mask: number }[] {
  return Object.entries(reach.undated ?? {}).map(([undated, tables]) => ({
    wanted: hashesOf('user_id', search.touched.of(undated).user_id, search),
    mask: maskOf(search.dated, tables ?? []),
  }))
}

function hashesOf(id: IndexedId, codes: IntSet, { dictionaries, seed }: Search): WantedIds {
  const hashes = new IntSet()
  for (const code of codes.values) hashes.add(idHash(dictionaries[id], code, seed))
  return { id, hashes }
}
