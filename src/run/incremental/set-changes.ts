import { calendarTable } from '../../aggregators/index.ts'
import { controlRules } from '../../checks/control-rules.ts'
import type { ExactVector } from '../../collections/exact-vector.ts'
import type { BlockState, HistoryState } from '../../history/state.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'
import { dateColumn } from '../../tables/date-blocks.ts'
import { isStreamed, type TableResult } from '../../tables/table-result.ts'
import type { StagedTable } from '../commit/stage.ts'

/** What of a set tells a later run what it changes. */
export type SetTrace = Pick<HistoryState, 'blocks' | 'revenue'>

/** How a published set differs from the one before. */
export interface SetChanges {
  /** By date, ascending: the tables whose rows of the date are others, or came or went. */
  readonly dates: ReadonlyMap<string, readonly string[]>
  readonly tables: readonly {
    readonly table: string
    readonly dates: number
    readonly rows_before: number
    readonly rows: number
  }[]
  /** Revenue of the dates where it changed, in ten-thousandths. */
  readonly revenue: readonly { readonly date: string; readonly before: bigint; readonly now: bigint }[]
}

export const NO_CHANGES: SetChanges = { dates: new Map(), tables: [], revenue: [] }

/** The calendar's table has revenue by date. */
const REVENUE = controlRules
  .find(({ name }) => name === 'revenue')!
  .sides.find(({ table }) => table === calendarTable.name)!

/** Revenue by date, if this is the table that has it. */
export function revenueByDate(table: TableResult): Record<string, string> | undefined {
  if (isStreamed(table)) return undefined
  const { definition, columns, rowCount } = table
  const dates = dateColumn(definition)
  if (definition.name !== REVENUE.table || dates === undefined) return undefined
  const days = columns[dates] as Int32Array
  const amounts = columns[REVENUE.column!] as ExactVector
  const revenue: Record<string, string> = {}
  for (let row = 0; row < rowCount; row++) revenue[formatDay(days[row]!)] = String(amounts.get(row) ?? 0)
  return revenue
}

export function traceOf(staged: readonly StagedTable[], revenue: Record<string, string>): SetTrace {
  const dated = staged.flatMap(({ file, blocks }): [string, BlockState[]][] =>
    blocks === undefined ? [] : [[file.table, [...blocks]]],
  )
  return { blocks: Object.fromEntries(dated), revenue }
}

/** Compares a set with the one that is published. */
export function setChanges(before: SetTrace, now: SetTrace): SetChanges {
  const tablesByDate = new Map<string, string[]>()
  const tables: SetChanges['tables'][number][] = []
  for (const table of new Set([...Object.keys(before.blocks), ...Object.keys(now.blocks)])) {
    const [was, is] = [before.blocks[table] ?? [], now.blocks[table] ?? []]
    const changed = changedDates(was, is)
    for (const date of changed) tablesByDate.set(date, [...(tablesByDate.get(date) ?? []), table])
    if (changed.length > 0)
      tables.push({ table, dates: changed.length, rows_before: rowsIn(was), rows: rowsIn(is) })
  }
  const dates = new Set([...Object.keys(before.revenue), ...Object.keys(now.revenue)])
  const revenue = [...dates]
    .sort()
    .map((date) => ({
      date,
      before: BigInt(before.revenue[date] ?? 0),
      now: BigInt(now.revenue[date] ?? 0),
    }))
    .filter((one) => one.before !== one.now)
  return { dates: new Map([...tablesByDate].sort(([a], [b]) => (a < b ? -1 : 1))), tables, revenue }
}

function changedDates(before: readonly BlockState[], now: readonly BlockState[]): string[] {
  const textOf = (blocks: readonly BlockState[]) =>
    new Map(blocks.map(([date, ...rest]) => [date, rest.join()]))
  const [was, is] = [textOf(before), textOf(now)]
  return [...new Set([...was.keys(), ...is.keys()])].filter((date) => was.get(date) !== is.get(date))
}

function rowsIn(blocks: readonly BlockState[]): number {
  return blocks.reduce((sum, [, rows]) => sum + rows, 0)
}
