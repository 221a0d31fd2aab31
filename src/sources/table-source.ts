import type { RawTable } from '../raw/define.ts'
import { type Rules, tableRules } from '../rules/rules.ts'
import type { CellMapper } from './cells/cell-mapper.ts'

/** Where the cells of a declared column come from. */
export interface ColumnSource {
  /** The declared column. */
  readonly target: string
  /** The source column whose cells are taken as they are; undefined if they are mapped. */
  readonly column: string | undefined
  readonly mapper: CellMapper | undefined
  /** Whether the shop names the source column, so that it must be there. */
  readonly isNamed: boolean
}

/** How the rows of a raw table come from its source files, by the shop's settings. */
export interface TableSource {
  /** In declared order. */
  readonly columns: readonly ColumnSource[]
  /** Whether any cell is mapped. */
  readonly isMapped: boolean
}

/** @param table with all columns that are read */
export function tableSource(table: RawTable, _rules: Rules): TableSource {
  const columns = Object.keys(table.columns).map(
    (target): ColumnSource => ({ target, column: target, mapper: undefined, isNamed: false }),
  )
  return { columns, isMapped: columns.some(({ mapper }) => mapper !== undefined) }
}

/** The globs of a table's files, relative to the input folder. */
export function globsOf(rules: Rules, table: string): readonly string[] {
  const { files } = tableRules(rules, table) ?? {}
  if (files === undefined) return [`${table}.csv`, `${table}.csv.gz`]
  return typeof files === 'string' ? [files] : files
}
