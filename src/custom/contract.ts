import { aggregateTables } from '../aggregators/index.ts'
import type { RawColumns, RawTable } from '../raw/define.ts'
import { allRawTables, type RawTableName } from '../raw/index.ts'
import type { Rules } from '../rules/rules.ts'
import type { AnyAggregate } from '../tables/define.ts'
import type { Extensions } from './extensions.ts'
import { withMetrics } from './metric.ts'
import { ownAggregate } from './own-table.ts'

/** All tables of one shop: what is read and what comes out. */
export interface Contract {
  /** Those that are read: the optional ones among them only if something needs them. */
  readonly rawTables: readonly RawTable[]
  /** The optional raw tables that nothing needs, so that they are not read. */
  readonly unreadTables: readonly RawTable[]
  /** Those of each set, with the columns that the shop has added, and then its own. */
  readonly aggregates: readonly AnyAggregate[]
}

/** The tables by the shop's rules and extensions, which have been checked. */
export function contractOf(rules: Rules, extensions: Extensions): Contract {
  const raws = Object.entries(allRawTables).map(([name, table]) =>
    rawTableOf(name as RawTableName, table, rules, extensions),
  )
  const aggregates = aggregatesOf(rules, extensions, raws)
  const needed = new Set(aggregates.flatMap(({ needs }) => Object.keys(needs)))
  const isRead = ({ name, isOptional }: RawTable) => isOptional !== true || needed.has(name)
  return {
    rawTables: raws.filter(isRead),
    unreadTables: raws.filter((table) => !isRead(table)),
    aggregates,
  }
}

/** A raw table with the columns and the key that the shop has given it. */
function rawTableOf(
  name: RawTableName,
  table: RawTable,
  rules: Rules,
  { extraColumns }: Extensions,
): RawTable {
  const columns = { ...table.columns, ...extraColumns[name] }
  const { key: keyColumns } = rules.rawTables[name]
  return {
    ...table,
    ...(keyColumns === undefined ? {} : { keyColumns }),
    columns: { ...columns, ...columnsForFilters(name, columns, rules) },
  }
}

function aggregatesOf(
  rules: Rules,
  { metrics, tables }: Extensions,
  raws: readonly RawTable[],
): AnyAggregate[] {
  const inEachSet = aggregateTables.filter(({ written }) => written === 'always')
  const shown = inEachSet.map((table) => {
    const columns = { ...table.columns, ...table.columnsByRules?.(rules) }
    const own = metrics.filter((metric) => metric.table === table.name)
    return withMetrics({ ...table, columns }, own, raws)
  })
  return [...shown, ...tables.map((table) => ownAggregate(table, raws))]
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
