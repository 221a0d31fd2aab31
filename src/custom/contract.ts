import type { AnyAggregate } from '../aggregators/define.ts'
import { aggregateTables } from '../aggregators/index.ts'
import type { RawTable } from '../raw/define.ts'
import { type RawTableName, rawTables } from '../raw/index.ts'
import type { Rules } from '../rules/rules.ts'
import type { Extensions } from './extensions.ts'

/** All tables of one shop: what is read and what comes out. */
export interface Contract {
  readonly rawTables: readonly RawTable[]
  /** The seven, with the columns that the shop has added, and then its own. */
  readonly aggregates: readonly AnyAggregate[]
}

/** The tables by the shop's rules and extensions, which have been checked. */
export function contractOf(rules: Rules, extensions: Extensions): Contract {
  return {
    rawTables: Object.entries(rawTables).map(([name, table]) => ({
      ...table,
      columns: { ...table.columns, ...extensions.extraColumns[name as RawTableName] },
    })),
    aggregates: [
      ...aggregateTables.map((table) => ({
        ...table,
        columns: { ...table.columns, ...table.columnsByRules?.(rules) },
      })),
      ...extensions.tables,
    ],
  }
}
