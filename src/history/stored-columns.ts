import { neededColumns } from '../checks/needed-columns.ts'
import type { Contract } from '../custom/contract.ts'
import { cascadeColumns } from '../parsers/accounting/filter-columns.ts'
import { joinsByKey } from '../raw/define.ts'
import { filtersRows } from '../rules/filters.ts'
import type { Rules } from '../rules/rules.ts'

/**
 * The columns of each raw table that a history keeps: what tables, control totals and findings read, the day,
 * all money (amounts below zero are told), ids that are keys, and, where the shop filters rows, the ids of
 * what a row belongs to.
 */
export function storedColumns(contract: Contract, { filters }: Rules): Map<string, readonly string[]> {
  const needed = neededColumns(contract)
  return new Map(
    contract.rawTables.map((table) => {
      const owners = filtersRows(filters) ? cascadeColumns(table, filters).map(({ column }) => column) : []
      const asked = new Set([...(needed.get(table.name) ?? []), ...owners, table.time])
      const isStored = (column: string) =>
        asked.has(column) ||
        table.columns[column]!.kind === 'money' ||
        column === table.worth?.times ||
        (column === table.key && joinsByKey(table))
      return [table.name, Object.keys(table.columns).filter(isStored)]
    }),
  )
}
