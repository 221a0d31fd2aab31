import { controlNeeds } from '../../checks/control-rules.ts'
import type { Needs } from '../../collections/vectors.ts'
import type { Contract } from '../../custom/contract.ts'
import { cascadeColumns } from '../../parsers/cascade.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Rules } from '../../rules/rules.ts'

/**
 * The columns of each raw table that a history keeps: what the aggregate tables and the control totals read,
 * the day, ids that are keys, and, where the shop filters rows, the ids on which rows hang.
 */
export function storedColumns(
  { rawTables, aggregates }: Contract,
  rules: Rules,
): Map<string, readonly string[]> {
  const needs = [...aggregates.map((table) => table.needs), controlNeeds] as Needs[]
  return new Map(rawTables.map((table) => [table.name, columnsOf(table, needs, filtersRows(rules))]))
}

function columnsOf(table: RawTable, all: readonly Needs[], withCascades: boolean): string[] {
  const columns = new Set<string>()
  for (const needs of all)
    for (const column of (needs as Record<string, readonly string[]>)[table.name] ?? []) columns.add(column)
  if (table.time !== undefined) columns.add(table.time)
  if (table.columns[table.key]?.dictionary !== undefined) columns.add(table.key)
  if (withCascades) for (const { column } of cascadeColumns(table)) columns.add(column)
  return Object.keys(table.columns).filter((column) => columns.has(column))
}

/** Whether the shop leaves rows out. */
export function filtersRows({ filters }: Rules): boolean {
  const { ordersBelow, ...lists } = filters
  return ordersBelow !== undefined || Object.values(lists).some((list) => list.length > 0)
}
