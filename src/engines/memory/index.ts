import { acceptedTotals, ControlTotals, controlNeeds } from '../../checks/control-totals.ts'
import { type FindingSources, findingNeeds, findingTables } from '../../checks/finding.ts'
import { sessionCalendar } from '../../checks/findings/calendar.ts'
import { findAll } from '../../checks/findings/index.ts'
import type { Collections, Needs } from '../../collections/vectors.ts'
import type { Contract } from '../../custom/contract.ts'
import { reviewCoupons } from '../../facts/coupon-review.ts'
import { dayOf } from '../../lib/wall-clock.ts'
import { type LoadedTable, loadTables } from '../../parsers/load-tables.ts'
import type { AggregateTable } from '../../tables/aggregate-table.ts'
import { orderedTable } from '../../tables/aggregate-table.ts'
import type { Engine, EngineOptions, LoadedRun, Verdict } from '../engine.ts'

/** Typed collections in memory, aggregated by index loops. */
export const memoryEngine: Engine = {
  name: 'memory',
  async load(options) {
    const loaded = await loadTables({
      folder: options.inputFolder,
      tables: options.contract.rawTables,
      keep: columnsToKeep(options.contract),
      rules: options.rules,
      hashKey: options.hashKey,
      since: options.since,
      until: options.until,
      allowMissing: options.allowMissing,
      findPersonalData: options.findPersonalData,
      onReject: options.onReject,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    const asOf = options.asOf ?? latestDay(loaded)
    const run: LoadedRun = {
      inputs: loaded.map(({ table, file, accounting, missingColumns, unknownColumns, seconds }) => ({
        table: table.name,
        file,
        accounting,
        missingColumns,
        unknownColumns,
        seconds,
      })),
      asOf,
      aggregate: () => aggregateAll(loaded, options, asOf),
    }
    return run
  },
}

/** Only columns that some room reads are kept in memory; the others are checked and forgotten. */
function columnsToKeep({ aggregates }: Contract): Map<string, Set<string>> {
  const keep = new Map<string, Set<string>>()
  for (const needs of [...aggregates.map((table) => table.needs), controlNeeds, findingNeeds] as Needs[]) {
    for (const [table, columns] of Object.entries(needs)) {
      const kept = keep.get(table) ?? new Set()
      for (const column of columns) kept.add(column)
      keep.set(table, kept)
    }
  }
  return keep
}

/** SPEC: the as-of date is the latest date among accepted sessions and orders. */
function latestDay(loaded: readonly LoadedTable[]): number | undefined {
  const { session_table, order_table } = collectionsFor(loaded, {
    session_table: ['time'],
    order_table: ['time'],
  } as const)
  let latest = Number.NEGATIVE_INFINITY
  for (const { time } of [session_table, order_table]) {
    for (let row = 0; row < time.length; row++) if (time[row]! > latest) latest = time[row]!
  }
  return latest === Number.NEGATIVE_INFINITY ? undefined : dayOf(latest)
}

/** Just the tables and columns that a room has asked for. */
function collectionsFor<const N extends Needs>(loaded: readonly LoadedTable[], needs: N): Collections<N> {
  const tables: Record<string, unknown> = {}
  for (const [name, columns] of Object.entries(needs as Needs)) {
    const { collection } = loaded.find(({ table }) => table.name === name)!
    const picked = columns.map((column) => [column, collection.columns[column]] as const)
    tables[name] = { rowCount: collection.rowCount, ...Object.fromEntries(picked) }
  }
  return tables as Collections<N>
}

/** The tables with the discounts that the coupon rules give; what was loaded stays as it is. */
function withDiscount(loaded: readonly LoadedTable[], discount: Float64Array): readonly LoadedTable[] {
  return loaded.map((one) =>
    one.table.name === 'order_table'
      ? {
          ...one,
          collection: { ...one.collection, columns: { ...one.collection.columns, discount } },
        }
      : one,
  )
}

function* aggregateAll(
  recorded: readonly LoadedTable[],
  { contract, rules }: EngineOptions,
  asOf: number | undefined,
): Generator<AggregateTable, Verdict> {
  const asRecorded = collectionsFor(recorded, findingNeeds)
  const coupons = reviewCoupons(asRecorded.order_table, asRecorded.order_line_item_table, rules)
  const loaded = withDiscount(recorded, coupons.discount)
  const controls = new ControlTotals(acceptedTotals(collectionsFor(loaded, controlNeeds)))
  const kept: Record<string, AggregateTable> = {}
  for (const definition of contract.aggregates) {
    const tables = collectionsFor(loaded, definition.needs)
    const table = orderedTable(definition, definition.aggregate(tables as never, { rules, asOf }))
    controls.take(table)
    if ((findingTables as readonly string[]).includes(definition.name)) kept[definition.name] = table
    yield table
  }
  const accounting = new Map(loaded.map(({ table, accounting: rows }) => [table.name, rows]))
  const findings = findAll({
    tables: asRecorded,
    accounting,
    personalData: new Map(loaded.map((one) => [one.table.name, one.personalData])),
    coupons,
    calendar: sessionCalendar(asRecorded),
    aggregates: kept as FindingSources['aggregates'],
    rules,
  })
  return { controlTotals: controls.results(), findings }
}
