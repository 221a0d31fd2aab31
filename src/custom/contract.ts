import { aggregateTables } from '../aggregators/index.ts'
import type { RawColumns, RawTable } from '../raw/define.ts'
import { type RawTableName, rawTables } from '../raw/index.ts'
import type { Rules } from '../rules/rules.ts'
import type { AnyAggregate } from '../tables/define.ts'
import type { Extensions } from './extensions.ts'
import { withMetrics } from './metric.ts'
import { ownAggregate } from './own-table.ts'

/** All tables of one shop: what is read and what comes out. */
export interface Contract {
  readonly rawTables: readonly RawTable[]
  /** Those of each set, with the columns that the shop has added, and then its own. */
  readonly aggregates: readonly AnyAggregate[]
}

/** The tables by the shop's rules and extensions, which have been checked. */
export function contractOf(rules: Rules, { extraColumns, metrics, tables }: Extensions): Contract {
  const raws = Object.entries(rawTables).map(([name, table]): RawTable => {
    const columns = { ...table.columns, ...extraColumns[name as RawTableName] }
    const { key: keyColumns } = rules.rawTables[name as RawTableName]
    return {
      ...table,
      ...(keyColumns === undefined ? {} : { keyColumns }),
      columns: { ...columns, ...columnsForFilters(name, columns, rules) },
    }
  })
  const inEachSet = aggregateTables.filter(({ written }) => written === 'always')
  const shown = inEachSet.map((table) => {
    const columns = { ...table.columns, ...table.columnsByRules?.(rules) }
    const own = metrics.filter((metric) => metric.table === table.name)
    return withMetrics({ ...table, columns }, own, raws)
  })
  return { rawTables: raws, aggregates: [...shown, ...tables.map((table) => ownAggregate(table, raws))] }
}

/** The columns of a raw table that nobody declared and that filters of the shop ask. */
function columnsForFilters(table: string, declared: RawColumns, { filters }: Rules): RawColumns {
  const undeclared = filters.columns.filter(
    (filter) => filter.table === table && !Object.hasOwn(declared, filter.column),
  )
  return Object.fromEntries(
    undeclared.map(({ column }) => [
      column,
      { kind: 'text', required: false, isOnlyFiltered: true, meaning: 'read for filters.columns alone' },
    ]),
  )
}
