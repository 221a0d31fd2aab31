import type {
  AggregateContext,
  AggregateRows,
  CalendarDays,
  OutputColumns,
} from '../../aggregators/define.ts'
import { ControlTotals, sideSource, sidesOf, sideTotal, tableChecks } from '../../checks/control-totals.ts'
import { type FlagTable, findingTables, flagsOf } from '../../checks/finding.ts'
import { findAll } from '../../checks/findings/index.ts'
import type { Dictionary } from '../../collections/dictionary.ts'
import type { TextVector } from '../../collections/vectors.ts'
import { reviewCoupons } from '../../facts/coupon-review.ts'
import { mergeCarried, unpackCarried } from '../../history/carried-rows.ts'
import type { BlockState } from '../../history/state.ts'
import { add, type Whole } from '../../lib/exact.ts'
import { parseDay } from '../../lib/wall-clock.ts'
import type { AggregateTable } from '../../tables/aggregate-table.ts'
import { orderedTable } from '../../tables/aggregate-table.ts'
import { dateBlocks, filterRows } from '../../tables/date-blocks.ts'
import { collectionsFor, type RawRows, withDiscount } from '../collections-for.ts'
import type { Verdict } from '../engine.ts'
import type { Reason } from './dates.ts'
import { calendarOf, type DayFacts, dayFacts, latestDay, totalsOf } from './day-facts.ts'
import { findingSources } from './findings.ts'
import type { Output } from './outputs.ts'
import type { Plan } from './plan.ts'
import type { Pool } from './pools.ts'

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
    this.asOf = asOf ?? latestDay(this.facts)
    this.calendar = calendarOf(this.facts, plan)
  }

  /** Computes the tables one after the other; each may be written and forgotten. */
  *aggregate(before: ReadonlyMap<string, readonly BlockState[]>): Generator<ComputedTable, Verdict> {
    const { plan, facts, asOf, calendar } = this
    const { rules } = plan.options.engine
    const rows: readonly RawRows[] = plan.pools.map(({ table, live }) => ({ table, collection: live }))
    const controls = new ControlTotals(totalsOf(facts))
    const context: AggregateContext = { rules, asOf, calendar }
    const flags: Record<string, FlagTable> = {}
    for (const output of plan.outputs) {
      const { definition } = output
      const computed = this.#compute(output, rows, context, before.get(definition.name) ?? [])
      if ((findingTables as readonly string[]).includes(definition.name))
        flags[definition.name] = flagsOf(computed.table)
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
    return {
      controlTotals: controls.results(),
      findings: findAll(findingSources(this.plan, facts, calendar, flags)),
    }
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
    const kept = unpackCarried(carried.columns, options.store.readAt(piece), piece)
    const isRenewed = (keys: Dictionary, code: number) => {
      const start = keys.start(code)
      const known = key.dictionary.find(keys.arena, start, start + keys.byteLength(code))
      return known >= 0 && renewedUsers.has(known)
    }
    return mergeCarried(carried.columns, carried.key, kept, isRenewed, renewed)
  }
}

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
