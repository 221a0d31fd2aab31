import type { CalendarDays } from '../../aggregators/define.ts'
import { type FindingSources, type FlagTable, findingNeeds } from '../../checks/finding.ts'
import { selectRows } from '../../collections/select-rows.ts'
import { reviewCoupons } from '../../facts/coupon-review.ts'
import { LIVE } from '../../parsers/row-ledger.ts'
import { collectionsFor, type RawRows } from '../collections-for.ts'
import type { DayFacts } from './day-facts.ts'
import type { Plan } from './plan.ts'

const SESSIONS = 'session_table'

/** Findings are about the rows of the slice; only the calendar is that of all days. */
export function findingSources(
  plan: Plan,
  facts: ReadonlyMap<number, DayFacts>,
  calendar: CalendarDays | undefined,
  aggregates: Readonly<Record<string, FlagTable>>,
): FindingSources {
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

function liveOnly(collection: RawRows['collection'], fates: Uint8Array): RawRows['collection'] {
  if (fates.every((fate) => fate === LIVE)) return collection
  const rows: number[] = []
  for (let row = 0; row < fates.length; row++) if (fates[row] === LIVE) rows.push(row)
  return selectRows(collection, Int32Array.from(rows))
}
