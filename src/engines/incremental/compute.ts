import type {
  AggregateContext,
  AggregateRows,
  CalendarDays,
  OutputColumns,
} from '../../aggregators/define.ts'
import {
  ControlTotals,
  controlRules,
  sideSource,
  sidesOf,
  sideTotal,
  tableChecks,
} from '../../checks/control-totals.ts'
import { type FindingSources, findingNeeds, findingTables } from '../../checks/finding.ts'
import { findAll } from '../../checks/findings/index.ts'
import type { Dictionary } from '../../collections/dictionary.ts'
import { selectRows } from '../../collections/select-rows.ts'
import type { TextVector } from '../../collections/vectors.ts'
import { reviewCoupons } from '../../facts/coupon-review.ts'
import { mergeCarried, unpackCarried } from '../../history/carried-rows.ts'
import type { BlockState } from '../../history/state.ts'
import { add, type Whole } from '../../lib/exact.ts'
import { parseDay } from '../../lib/wall-clock.ts'
import { LIVE } from '../../parsers/row-ledger.ts'
import type { AggregateTable } from '../../tables/aggregate-table.ts'
import { orderedTable } from '../../tables/aggregate-table.ts'
import { dateBlocks, filterRows } from '../../tables/date-blocks.ts'
import { collectionsFor, type RawRows, withDiscount } from '../collections-for.ts'
import type { Verdict } from '../engine.ts'
import type { Reason } from './dates.ts'
import type { Output } from './outputs.ts'
import type { Plan } from './plan.ts'
import type { Pool } from './pools.ts'
import { acceptedOf, additiveRules, distinctRules, firstDays, rowsByDay } from './totals.ts'

/** Rows of one date in a table, with what is kept about them. */
export interface ComputedBlock {
  readonly day: number
  /** Places in the table's order. */
  readonly from: number
  readonly to: number
  readonly sides: Readonly<Record<string, string>>
}

/** A table that was brought up to date: as a whole, or the rows of some dates. */
export interface ComputedTable {
  readonly output: Output
  readonly table: AggregateTable
  /** Undefined if the table is written as a whole. */
  readonly dates:
    | {
        /** The dates whose rows are these blocks, or none, and why. */
        readonly replaced: ReadonlyMap<number, Reason>
        readonly blocks: readonly ComputedBlock[]
        /** Other dates keep their rows, but for those that this says are no more. */
        readonly remains: (day: number) => boolean
      }
    | undefined
  /** What is to be carried to the next run. */
  readonly carried: AggregateRows<OutputColumns> | undefined
}

/** What is kept of a date beside its rows. */
export interface DayFacts {
  readonly rows: Readonly<Record<string, number>>
  readonly accepted: Readonly<Record<string, string>>
}

/** A planned run, ready to be computed. */
export class IncrementalRun {
  readonly plan: Plan
  /** Of every date that has rows. */
  readonly facts: ReadonlyMap<number, DayFacts>
  /** The day on which "days since" are counted; undefined if there is neither a session nor an order. */
  readonly asOf: number | undefined
  readonly calendar: CalendarDays | undefined

  /** @param asOf the as-of day, if it is not to follow from the data */
  constructor(planned: Plan, asOf: number | undefined) {
    const plan = { ...planned, pools: withUsedDiscounts(planned) }
    this.plan = plan
    this.facts = dayFacts(plan)
    this.asOf = asOf ?? lastDay(this.facts, AS_OF_TABLES)
    this.calendar = calendarOf(this.facts, plan)
  }

  /** Computes the tables one after the other; each may be written and forgotten. */
  *aggregate(before: ReadonlyMap<string, readonly BlockState[]>): Generator<ComputedTable, Verdict> {
    const { plan, facts, asOf, calendar } = this
    const { rules } = plan.options.engine
    const rows: readonly RawRows[] = plan.pools.map(({ table, live }) => ({ table, collection: live }))
    const controls = new ControlTotals(totalsOf(facts))
    const context: AggregateContext = { rules, asOf, calendar }
    const kept: Record<string, AggregateTable> = {}
    for (const output of plan.outputs) {
      const { definition } = output
      const computed = this.#compute(output, rows, context, before.get(definition.name) ?? [])
      if ((findingTables as readonly string[]).includes(definition.name))
        kept[definition.name] = computed.table
      const sides = sidesOf(definition.name).map(({ rule, side }) => ({
        rule,
        side,
        value:
          computed.dates === undefined
            ? sideTotal(computed.table, side)
            : sumOfBlocks(computed.dates, before.get(definition.name) ?? [], sideSource(side)),
      }))
      controls.takeTable(definition.name, definition.key, sides, tableChecks(computed.table))
      yield computed
    }
    return { controlTotals: controls.results(), findings: findAll(this.#findingSources(kept)) }
  }

  #compute(
    output: Output,
    rows: readonly RawRows[],
    context: AggregateContext,
    before: readonly BlockState[],
  ): ComputedTable {
    const { definition, dates, carried } = output
    const tables = collectionsFor(rows, definition.needs) as never
    if (carried !== undefined) {
      const summary = this.#carry(output, carried.summarize(tables, context))
      const table = orderedTable(definition, carried.finish(summary as never, context))
      return { output, table, dates: undefined, carried: summary }
    }
    const all = definition.aggregate(tables, context)
    if (dates === undefined)
      return { output, table: orderedTable(definition, all), dates: undefined, carried: undefined }
    const replaced = this.#replaced(output, before)
    const days = all.columns[dates] as Int32Array
    const isWhole = this.plan.options.state === undefined
    const table = orderedTable(definition, isWhole ? all : filterRows(all, (row) => replaced.has(days[row]!)))
    const blocks = dateBlocks(table, dates).map(({ day, from, to }) => ({
      day,
      from,
      to,
      sides: sidesOfBlock(table, table.order.subarray(from, to)),
    }))
    const remains = (day: number) => !replaced.has(day) && this.#isInCalendar(output, day)
    return { output, table, dates: { replaced, blocks, remains }, carried: undefined }
  }

  /** The dates to compute, with those that came into the calendar. */
  #replaced({ definition, reach }: Output, before: readonly BlockState[]): Map<number, Reason> {
    const dates = new Map(this.plan.dates.get(definition.name))
    if (reach.everyDay !== true || this.calendar === undefined) return dates
    const known = new Set(before.map(({ date }) => parseDay(date)!))
    for (let day = this.calendar.first; day <= this.calendar.last; day++)
      if (!known.has(day) && !dates.has(day)) dates.set(day, 'calendar')
    return dates
  }

  #isInCalendar({ reach }: Output, day: number): boolean {
    if (reach.everyDay !== true) return true
    return this.calendar !== undefined && day >= this.calendar.first && day <= this.calendar.last
  }

  /** The carried rows: those of before, but for users of whom something has changed. */
  #carry(
    { definition, carried }: Output,
    summary: AggregateRows<OutputColumns>,
  ): AggregateRows<OutputColumns> {
    const { everything, renewedUsers, options } = this.plan
    const piece = options.state?.carried[definition.name]
    if (everything || piece === undefined || carried === undefined) return summary
    const key = summary.columns[carried.key] as TextVector
    const renewed = filterRows(summary, (row) => renewedUsers.has(key.codes[row]!))
    const kept = unpackCarried(carried.columns, options.store.readAt(piece), piece.lead)
    const isRenewed = (keys: Dictionary, code: number) => {
      const start = keys.start(code)
      const known = key.dictionary.find(keys.arena, start, start + keys.byteLength(code))
      return known >= 0 && renewedUsers.has(known)
    }
    return mergeCarried(carried.columns, carried.key, kept, isRenewed, renewed)
  }

  /** Findings are about the rows of the slice; only the calendar is that of all days. */
  #findingSources(aggregates: Record<string, AggregateTable>): FindingSources {
    const { plan, calendar, facts } = this
    const { slice, engine } = plan.options
    const loaded = slice.loaded.map(({ table, collection, ...one }) => {
      const pool = plan.pools.find((candidate) => candidate.table === table)!
      const fates = pool.fates.subarray(pool.sliceStart, pool.sliceStart + collection.rowCount)
      const isKeyOfEvents = table.columns[table.key]!.dictionary === 'session_id'
      return { ...one, table, collection: isKeyOfEvents ? pool.live : liveOnly(collection, fates) }
    })
    const tables = collectionsFor(loaded, findingNeeds)
    const daysWithSessions = new Set<number>()
    for (const [day, { rows }] of facts) if ((rows[SESSIONS] ?? 0) > 0) daysWithSessions.add(day)
    return {
      tables,
      accounting: new Map(slice.loaded.map(({ table, accounting }) => [table.name, accounting])),
      personalData: new Map(slice.loaded.map(({ table, personalData }) => [table.name, personalData])),
      coupons: reviewCoupons(tables.order_table, tables.order_line_item_table, engine.rules),
      calendar: calendar === undefined ? undefined : { ...calendar, daysWithSessions },
      aggregates: aggregates as FindingSources['aggregates'],
      rules: engine.rules,
    }
  }
}

const SESSIONS = 'session_table'
/** SPEC: the as-of date is the latest date among accepted sessions and orders. */
const AS_OF_TABLES = [SESSIONS, 'order_table'] as const
const COUPON_NEEDS = {
  order_table: ['order_id', 'discount', 'discount_coupon_code'],
  order_line_item_table: ['order_id', 'product_price', 'product_qty'],
} as const

/** The rows that count, with the discounts that the coupon rules give. */
function withUsedDiscounts({ pools, options }: Plan): Pool[] {
  const rows: readonly RawRows[] = pools.map(({ table, live }) => ({ table, collection: live }))
  const recorded = collectionsFor(rows, COUPON_NEEDS)
  const { discount } = reviewCoupons(
    recorded.order_table,
    recorded.order_line_item_table,
    options.engine.rules,
  )
  const used = withDiscount(rows, discount)
  return pools.map((pool, i) => ({ ...pool, live: used[i]!.collection }))
}

function liveOnly(collection: RawRows['collection'], fates: Uint8Array): RawRows['collection'] {
  if (fates.every((fate) => fate === LIVE)) return collection
  const rows: number[] = []
  for (let row = 0; row < fates.length; row++) if (fates[row] === LIVE) rows.push(row)
  return selectRows(collection, Int32Array.from(rows))
}

/** Counts and control totals of every date, those of changed dates anew. */
function dayFacts(plan: Plan): Map<number, DayFacts> {
  const { kept, comparison, dated, pools } = plan
  const facts = new Map<number, { rows: Record<string, number>; accepted: Record<string, string> }>()
  for (const day of kept.days) {
    const { rows, accepted } = kept.state(day)!
    facts.set(day, { rows: { ...rows }, accepted: { ...accepted } })
  }
  for (const day of comparison.days) if (!facts.has(day)) facts.set(day, { rows: {}, accepted: {} })
  for (const table of dated) {
    const pool = pools.find((one) => one.table === table)!
    const readers = plan.outputs.filter(({ needs }) => needs.includes(table.name))
    // All rows of these dates are there.
    const isChanged = (day: number) =>
      comparison.days.has(day) ||
      readers.some(({ definition }) => plan.dates.get(definition.name)?.has(day) === true)
    const byDay = rowsByDay(pool.liveDays!, isChanged)
    const rules = additiveRules.filter(({ source }) => source === table.name)
    for (const [day, fact] of facts) {
      if (!isChanged(day)) continue
      const rows = byDay.get(day) ?? new Int32Array(0)
      fact.rows[table.name] = rows.length
      for (const rule of rules) fact.accepted[rule.name] = String(acceptedOf(rule, pool, rows))
    }
  }
  for (const rule of distinctRules) {
    const pool = pools.find(({ table }) => table.name === rule.source)!
    const counts = firstDays(rule, pool)
    const computed = plan.dates.get(rule.sides[0]!.table)
    for (const [day, { accepted }] of facts) {
      // Of other dates not all rows of an id are there.
      if (plan.everything || computed?.has(day) === true) accepted[rule.name] = String(counts.get(day) ?? 0)
      else accepted[rule.name] ??= '0'
    }
  }
  return new Map([...facts].sort(([a], [b]) => a - b))
}

/** Exact sums over all dates of what accepted rows say. */
function totalsOf(facts: ReadonlyMap<number, DayFacts>): Map<string, Whole> {
  const totals = new Map<string, Whole>(controlRules.map(({ name }) => [name, 0]))
  for (const { accepted } of facts.values())
    for (const [name, value] of Object.entries(accepted))
      totals.set(name, add(totals.get(name)!, BigInt(value)))
  return totals
}

function lastDay(facts: ReadonlyMap<number, DayFacts>, tables: readonly string[]): number | undefined {
  let last: number | undefined
  for (const [day, { rows }] of facts) if (tables.some((table) => (rows[table] ?? 0) > 0)) last = day
  return last
}

/** The days from the first to the last date of the tables that make the calendar (SPEC: daily_business_metrics). */
function calendarOf(
  facts: ReadonlyMap<number, DayFacts>,
  { outputs, dated }: Plan,
): CalendarDays | undefined {
  const everyDay = outputs.filter(({ reach }) => reach.everyDay === true)
  const names = new Set(everyDay.flatMap(({ definition }) => Object.keys(definition.needs)))
  const tables = dated.map(({ name }) => name).filter((name) => names.has(name))
  const days = [...facts].filter(([, { rows }]) => tables.some((table) => (rows[table] ?? 0) > 0))
  const [first, last] = [days[0]?.[0], days.at(-1)?.[0]]
  return first === undefined || last === undefined ? undefined : { first, last }
}

function sidesOfBlock(table: AggregateTable, rows: Int32Array): Record<string, string> {
  return Object.fromEntries(
    sidesOf(table.definition.name).map(({ side }) => [
      sideSource(side),
      String(sideTotal(table, side, rows)),
    ]),
  )
}

/** What all rows of a table say of a side: those computed now, and those that stay as they were. */
function sumOfBlocks(
  { blocks, remains }: NonNullable<ComputedTable['dates']>,
  before: readonly BlockState[],
  side: string,
): Whole {
  const sides = [
    ...blocks.map((block) => block.sides[side]!),
    ...before.filter(({ date }) => remains(parseDay(date)!)).map((block) => block.sides[side]!),
  ]
  return sides.reduce<Whole>((total, value) => add(total, BigInt(value)), 0)
}
