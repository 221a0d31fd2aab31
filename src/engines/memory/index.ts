import { controlNeeds } from '../../checks/control-rules.ts'
import { acceptedTotals, ControlTotals } from '../../checks/control-totals.ts'
import { type FlagTable, flagsOf } from '../../checks/finding.ts'
import { findAll, flagTables } from '../../checks/findings/index.ts'
import { neededColumns } from '../../checks/needed-columns.ts'
import { dayRange } from '../../collections/groups/group-days.ts'
import { couponNeeds, reviewCoupons } from '../../facts/coupon-review.ts'
import { dayOf, formatDay } from '../../lib/times/wall-clock.ts'
import { loadTables } from '../../parsers/load-tables.ts'
import type { LoadedTable } from '../../parsers/loaded-table.ts'
import type { AggregateTable } from '../../tables/aggregate-table.ts'
import { orderedTable } from '../../tables/aggregate-table.ts'
import { memoryOf } from '../../tables/packed-table.ts'
import { collectionsFor, withDiscount } from '../collections-for.ts'
import type { Engine, EngineOptions, InputReport, LoadedRun, Verdict } from '../engine.ts'
import { inputReports } from '../input-reports.ts'
import { loadThreads } from '../load-threads.ts'

/** A run whose tables are in memory, and computed without waiting for anything. */
export interface MemoryRun extends LoadedRun {
  aggregate(): Generator<AggregateTable, Verdict>
}

/** Typed collections in memory, aggregated by index loops. */
export const memoryEngine = {
  name: 'memory',
  async load(options: EngineOptions): Promise<MemoryRun> {
    const loaded = await loadTables({
      folder: options.inputFolder,
      tables: options.contract.rawTables,
      keep: neededColumns(options.contract),
      rules: options.rules,
      hashKey: options.hashKey,
      since: options.since,
      until: options.until,
      allowMissing: options.allowMissing,
      findPersonalData: options.findPersonalData,
      threads: loadThreads(options.threads),
      onReject: options.onReject,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    return memoryRun(loaded, inputReports(loaded), options)
  },
  over: memoryRun,
} satisfies Engine

/** A run over typed collections, whatever filled them. */
function memoryRun(
  loaded: readonly LoadedTable[],
  inputs: readonly InputReport[],
  options: Pick<EngineOptions, 'contract' | 'rules' | 'asOf' | 'showValues'>,
): MemoryRun {
  const asOf = options.asOf ?? latestDay(loaded)
  const kept = new Set(loaded.flatMap(({ collection }) => Object.values(collection.columns).map(memoryOf)))
  return {
    inputs,
    asOf,
    rowsByDate: rowsByDate(loaded),
    aggregate: () => aggregateAll(loaded, inputs, options, asOf, kept),
  }
}

function rowsByDate(loaded: readonly LoadedTable[]): LoadedRun['rowsByDate'] {
  return Object.fromEntries(
    loaded.flatMap(({ table, collection }) => {
      const times = table.time === undefined ? undefined : collection.columns[table.time]
      return times instanceof Float64Array ? [[table.name, countByDate(times)]] : []
    }),
  )
}

function countByDate(times: Float64Array): Record<string, number> {
  const { first, last } = dayRange(times)
  const counts = new Int32Array(last - first + 1)
  for (let row = 0; row < times.length; row++) counts[dayOf(times[row]!) - first]!++
  const byDate: Record<string, number> = {}
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) byDate[formatDay(first + i)] = counts[i]!
  return byDate
}

/** SPEC section 2: the latest date among accepted rows of the tables that set it. */
function latestDay(loaded: readonly LoadedTable[]): number | undefined {
  let latest = Number.NEGATIVE_INFINITY
  for (const { table, collection } of loaded) {
    if (table.setsAsOf !== true) continue
    const time = collection.columns[table.time!] as Float64Array
    for (let row = 0; row < time.length; row++) if (time[row]! > latest) latest = time[row]!
  }
  return latest === Number.NEGATIVE_INFINITY ? undefined : dayOf(latest)
}

function* aggregateAll(
  recorded: readonly LoadedTable[],
  inputs: readonly InputReport[],
  { contract, rules, showValues }: Pick<EngineOptions, 'contract' | 'rules' | 'showValues'>,
  asOf: number | undefined,
  memoryKept: Set<ArrayBufferLike>,
): Generator<AggregateTable, Verdict> {
  const { order_table, order_line_item_table } = collectionsFor(recorded, couponNeeds)
  const coupons = reviewCoupons(order_table, order_line_item_table, rules)
  const loaded = withDiscount(recorded, coupons.discount)
  const controls = new ControlTotals(acceptedTotals(collectionsFor(loaded, controlNeeds), rules))
  const flags = new Map<string, FlagTable>()
  for (const definition of contract.aggregates) {
    const tables = collectionsFor(loaded, definition.needs)
    const rows = definition.aggregate(tables as never, { rules, asOf })
    const table = orderedTable(definition, rows, memoryKept)
    controls.take(table)
    const looked = flagTables.has(definition.name) ? flagsOf(table) : undefined
    if (looked !== undefined) flags.set(definition.name, looked)
    const kept = Object.values(looked?.flags ?? {})
    const shared = definition.sharesColumns === true ? Object.values(table.columns) : kept
    for (const vector of shared) memoryKept.add(memoryOf(vector))
    yield table
  }
  const findings = findAll((needs) => collectionsFor(recorded, needs), {
    accounting: new Map(recorded.map(({ table, accounting }) => [table.name, accounting])),
    inputs: new Map(inputs.map((input) => [input.table, input])),
    personalData: new Map(recorded.map((one) => [one.table.name, one.found.personalData])),
    flags,
    coupons,
    rules,
    showValues,
  })
  return { controlTotals: controls.results(), findings }
}
