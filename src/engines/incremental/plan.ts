import type { Dictionary } from '../../collections/dictionary.ts'
import { IntSet } from '../../collections/int-set.ts'
import { type IndexedId, idHash } from '../../history/day-writer.ts'
import type { HistoryState } from '../../history/state.ts'
import type { HistoryStore } from '../../history/store.ts'
import { DROPPED } from '../../parsers/row-ledger.ts'
import type { RawTable } from '../../raw/define.ts'
import { dedupes } from '../../rules/rules.ts'
import type { EngineOptions } from '../engine.ts'
import { recountSlice } from './accounting.ts'
import { loadClosure } from './closure.ts'
import { type Comparison, compareSlice } from './compare-slice.ts'
import { type DatesWithReasons, datesOf, type Reason, type Search } from './dates.ts'
import { HashCollector } from './find-rows.ts'
import { followFilters } from './follow-filters.ts'
import { KeptDays } from './kept-days.ts'
import { type Output, outputsOf } from './outputs.ts'
import type { Part } from './part.ts'
import { joinPools, type Pool } from './pools.ts'
import { fullRows, resolveRepeatedKeys } from './repeated-keys.ts'
import type { Slice } from './slice.ts'
import { filtersRows } from './stored-columns.ts'

export interface PlanOptions {
  readonly engine: EngineOptions
  readonly slice: Slice
  readonly store: HistoryStore
  /** What is kept; undefined if nothing is. */
  readonly state: HistoryState | undefined
  readonly seed: number
  /** Add the rows of the slice to those kept of their dates, instead of putting them in their place. */
  readonly mergeDays: boolean
}

/** What a slice changes, and the rows that are needed to bring every table up to date. */
export interface Plan {
  readonly options: PlanOptions
  /** Raw tables with dates, in the order of the contract. */
  readonly dated: readonly RawTable[]
  readonly outputs: readonly Output[]
  readonly kept: KeptDays
  readonly comparison: Comparison
  /** The dates to compute, by aggregate table. */
  readonly dates: ReadonlyMap<string, DatesWithReasons>
  /** Users whose carried rows are computed anew, as codes of this run. */
  readonly renewedUsers: IntSet
  /** The rows to be kept of the slice's dates, by raw table: merged ones first. */
  readonly partsOfSlice: ReadonlyMap<string, readonly Part[]>
  readonly pools: readonly Pool[]
  /** Whether all tables are computed from all rows. */
  readonly everything: boolean
}

/**
 * Compares a slice with the history, and reads of it what the changes reach.
 *
 * @throws HistoryDamage if the history is not what was written
 */
export function planIncremental(options: PlanOptions): Plan {
  const { engine, slice, store, state, seed, mergeDays } = options
  const tables = engine.contract.rawTables
  const dated = tables.filter(({ time }) => time !== undefined)
  const { all: outputs, needEverything } = outputsOf(engine.contract, engine.rules)
  const kept = new KeptDays(store, state, slice.dictionaryOf)
  const everything = needEverything || state === undefined
  const comparison = compareSlice({
    tables,
    parts: slice.parts,
    stored: slice.stored,
    kept: state === undefined ? undefined : kept,
    mergeDays,
  })
  const dropped = new Map<string, Set<number>>()
  for (const { table, row } of comparison.repeated) {
    slice.parts.get(table.name)!.fates[row] = DROPPED
    dropped.set(table.name, (dropped.get(table.name) ?? new Set()).add(row))
  }
  const otherDays = new Map<number, Reason>()
  const shadowed = new Map<string, Set<number>>(tables.map(({ name }) => [name, new Set()]))
  if (state !== undefined) {
    const unique = dated.filter(({ name }) => dedupes(engine.rules, name))
    const repeated = resolveRepeatedKeys(unique, slice.parts, comparison, mergeDays, kept, seed)
    for (const { table, row } of repeated.shadowedInSlice) shadowed.get(table.name)!.add(row)
    for (const flipped of repeated.flipped) {
      const part = fullRows(flipped.table, slice.stored.get(flipped.table.name)!, flipped, kept)
      comparison.touched.taker(flipped.table, part)(0)
      const day = part.days![0]!
      if (!comparison.days.has(day)) otherDays.set(day, 'repeated_key')
    }
    if (filtersRows(engine.rules)) followFilters(slice, seed, dated, comparison, kept, otherDays)
  }
  const partsOfSlice = new Map(
    tables.map(({ name, time }) => {
      const merged = mergeDays && time !== undefined ? comparison.kept.get(name)! : []
      return [name, [...merged, slice.parts.get(name)!]] as const
    }),
  )
  const search: Search = {
    dated,
    kept,
    touched: comparison.touched,
    partsOfSlice: new Map(
      dated.map(({ name }) => [name, [...comparison.kept.get(name)!, slice.parts.get(name)!]]),
    ),
    otherDays,
    sliceDays: comparison.days,
    dictionaries: idDictionaries(slice, tables),
    seed,
  }
  const { dates, renewedUsers } = planDates(outputs, search, everything, tables)
  const closure = loadClosure({
    tables,
    outputs,
    dates,
    renewedUsers: hashed(renewedUsers, search),
    alsoWanted: sessionsOfSlice(slice, tables, seed),
    sliceDays: comparison.days,
    partsOfSlice,
    stored: slice.stored,
    kept,
    seed,
    hasFilters: filtersRows(engine.rules),
    everything,
  })
  kept.closeAll()
  const pools = joinPools(
    tables.map((table) => ({
      table,
      merged: partsOfSlice.get(table.name)!.slice(0, -1),
      slice: slice.parts.get(table.name)!,
      others: closure.get(table.name)!,
      shadowedInSlice: shadowed.get(table.name)!,
    })),
    kept,
    filtersRows(engine.rules),
  )
  recountSlice(engine, slice, comparison, shadowed, pools)
  return {
    options,
    dated,
    outputs,
    kept,
    comparison,
    dates,
    renewedUsers,
    partsOfSlice,
    pools,
    everything,
  }
}

/** The dates to compute of each table, and the users whose carried rows are computed anew. */
function planDates(
  outputs: readonly Output[],
  search: Search,
  everything: boolean,
  tables: readonly RawTable[],
) {
  const dates = new Map<string, DatesWithReasons>()
  const renewedUsers = new IntSet()
  for (const output of outputs) {
    const { definition, carried, needs } = output
    if (everything) {
      const days = new Set([...search.kept.days, ...search.sliceDays])
      const reason = (day: number): Reason => (search.sliceDays.has(day) ? 'slice' : 'everything')
      dates.set(definition.name, new Map([...days].map((day) => [day, reason(day)])))
      continue
    }
    const { dates: found, usersOfOrders } = datesOf(output, search)
    if (output.dates !== undefined) dates.set(definition.name, found)
    if (carried === undefined) continue
    renewedUsers.addAll(usersOfOrders.values)
    for (const { name } of tables.filter((table) => needs.includes(table.name)))
      renewedUsers.addAll(search.touched.of(name).user_id.values)
  }
  return { dates, renewedUsers }
}

function hashed(users: IntSet, { dictionaries, seed }: Search): IntSet {
  const hashes = new IntSet()
  for (const code of users.values) hashes.add(idHash(dictionaries.user_id, code, seed))
  return hashes
}

function idDictionaries(
  { dictionaryOf, stored }: Slice,
  tables: readonly RawTable[],
): Record<IndexedId, Dictionary> {
  const of = (id: IndexedId): Dictionary => {
    for (const { name, columns } of tables) {
      const column = stored.get(name)!.find((one) => columns[one]?.dictionary === id)
      if (column !== undefined) return dictionaryOf(name, column)
    }
    throw new Error(`no table keeps ${id}`)
  }
  return { user_id: of('user_id'), session_id: of('session_id'), order_id: of('order_id') }
}

/** Sessions that rows of the slice name: whether they are known is a finding. */
function sessionsOfSlice({ loaded }: Slice, tables: readonly RawTable[], seed: number) {
  const collector = new HashCollector('session_id', seed, new IntSet())
  for (const { table, collection } of loaded) {
    const vector = Object.entries(table.columns).find(([, column]) => column.dictionary === 'session_id')
    const codes = vector === undefined ? undefined : collection.columns[vector[0]]
    if (codes === undefined || !('codes' in codes)) continue
    for (const code of codes.codes) collector.addCode(codes, code)
  }
  const sessions = tables.filter(({ key, columns }) => columns[key]?.dictionary === 'session_id')
  return new Map(sessions.map(({ name }) => [name, { id: 'session_id', hashes: collector.hashes } as const]))
}
