import {
  type ControlRule,
  type ControlTables,
  controlNeeds,
  controlRules,
} from '../../checks/control-rules.ts'
import { selectVector } from '../../collections/select-rows.ts'
import type { Needs, TextVector } from '../../collections/vectors.ts'
import type { Whole } from '../../lib/exact.ts'
import type { Pool } from './pools.ts'

/** Row numbers by day. */
export function rowsByDay(days: Int32Array, isWanted: (day: number) => boolean): Map<number, Int32Array> {
  const counts = new Map<number, number>()
  for (const day of days) if (isWanted(day)) counts.set(day, (counts.get(day) ?? 0) + 1)
  const rows = new Map([...counts].map(([day, count]) => [day, new Int32Array(count)]))
  const filled = new Map<number, number>()
  let lastDay = Number.NaN
  let target: Int32Array | undefined
  let at = 0
  for (let row = 0; row < days.length; row++) {
    const day = days[row]!
    if (day !== lastDay) {
      if (target !== undefined) filled.set(lastDay, at)
      lastDay = day
      target = rows.get(day)
      at = filled.get(day) ?? 0
    }
    if (target !== undefined) target[at++] = row
  }
  return rows
}

/** The control totals that are sums over rows. */
export const additiveRules = controlRules.filter(({ distinct }) => distinct === undefined)
/** Those that count different ids; each is counted on the first date on which it stands. */
export const distinctRules = controlRules.filter(({ distinct }) => distinct !== undefined)

/** What some rows of a raw table, all of one date, say of a control total about that table. */
export function acceptedOf(rule: ControlRule, { live }: Pool, rows: Int32Array): Whole {
  const read: readonly string[] = (controlNeeds as Needs)[rule.source] ?? []
  const columns = read.map((column) => [column, selectVector(live.columns[column]!, rows)] as const)
  const tables = { [rule.source]: { rowCount: rows.length, ...Object.fromEntries(columns) } }
  return rule.accepted(tables as unknown as ControlTables)
}

/** How many different ids have their first row on each date. */
export function firstDays(rule: ControlRule, { live, liveDays }: Pool): Map<number, number> {
  const { codes, dictionary } = live.columns[rule.distinct!] as TextVector
  const first = new Int32Array(dictionary.size).fill(NEVER)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (liveDays![row]! < first[code]!) first[code] = liveDays![row]!
  }
  const counts = new Map<number, number>()
  for (const day of first) if (day !== NEVER) counts.set(day, (counts.get(day) ?? 0) + 1)
  return counts
}

const NEVER = 0x7fff_ffff
