import type { CalendarDays } from '../../aggregators/define.ts'
import { controlRules } from '../../checks/control-rules.ts'
import { add, type Whole } from '../../lib/exact.ts'
import type { Plan } from './plan.ts'
import { acceptedOf, additiveRules, distinctRules, firstDays, rowsByDay } from './totals.ts'

/** What is kept of a date beside its rows. */
export interface DayFacts {
  readonly rows: Readonly<Record<string, number>>
  readonly accepted: Readonly<Record<string, string>>
}

/** SPEC: the as-of date is the latest date among accepted sessions and orders. */
const AS_OF_TABLES = ['session_table', 'order_table'] as const

/** Counts and control totals of every date, those of changed dates anew. */
export function dayFacts(plan: Plan): Map<number, DayFacts> {
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
    // Of these dates all rows are there, with what decides whether they count.
    const isChanged = (day: number) =>
      readers.some(({ definition }) => plan.dates.get(definition.name)?.has(day) === true)
    const byDay = rowsByDay(pool.liveDays!, isChanged)
    const rules = additiveRules.filter(({ source }) => source === table.name)
    for (const [day, fact] of facts) {
      if (!isChanged(day)) {
        fact.rows[table.name] ??= 0
        for (const rule of rules) fact.accepted[rule.name] ??= '0'
        continue
      }
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
export function totalsOf(facts: ReadonlyMap<number, DayFacts>): Map<string, Whole> {
  const totals = new Map<string, Whole>(controlRules.map(({ name }) => [name, 0]))
  for (const { accepted } of facts.values())
    for (const [name, value] of Object.entries(accepted))
      totals.set(name, add(totals.get(name)!, BigInt(value)))
  return totals
}

/** The latest date of a session or order. */
export function latestDay(facts: ReadonlyMap<number, DayFacts>): number | undefined {
  let last: number | undefined
  for (const [day, { rows }] of facts) if (AS_OF_TABLES.some((table) => (rows[table] ?? 0) > 0)) last = day
  return last
}

/** The days from the first to the last date of the tables that make the calendar (SPEC: daily_business_metrics). */
export function calendarOf(
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
