import type { RawTable } from '../raw/define.ts'
import { type Rules, type TableRules, tableRules } from '../rules/rules.ts'
import type { SourceRowRules } from '../rules/sources/rows.ts'
import { type CellMapper, cellMapper, isPlain } from './cells/cell-mapper.ts'
import { SourceRows } from './rows/source-rows.ts'

/** Where the cells of a declared column come from. */
export interface ColumnSource {
  /** The declared column. */
  readonly target: string
  /** The source column whose cells are taken as they are; undefined if they are mapped. */
  readonly column: string | undefined
  readonly mapper: CellMapper | undefined
  /** Whether the shop says where they come from, so that all of it must be there. */
  readonly isNamed: boolean
}

/** The source columns of a declared one. */
export function sourcesOf({ column, mapper }: ColumnSource): readonly string[] {
  return mapper?.sources ?? (column === undefined ? [] : [column])
}

/** How the rows of a raw table come from its source files, by the shop's settings. */
export interface TableSource {
  /** In declared order. */
  readonly columns: readonly ColumnSource[]
  /** What is asked of records before they are rows; undefined if nothing is. */
  readonly rows: SourceRowRules | undefined
  /** The source columns that this asks. */
  readonly rowColumns: readonly string[]
  /** Whether a record cannot be judged without those before it: such a table is read in one go. */
  readonly isSequential: boolean
  /** Whether the place of a record among those of its key is asked for. */
  readonly usesPlace: boolean
  /** Whether any cell is mapped, or any record asked: such a table needs a lane of its own. */
  readonly isMapped: boolean
}

/**
 * The source columns of a column that is read for filters alone stand under their own names, whatever is mapped.
 *
 * @param table with all columns that are read
 */
export function tableSource(table: RawTable, rules: Rules): TableSource {
  const settings: Partial<TableRules> = tableRules(rules, table.name) ?? {}
  const form = { ...settings, nullValues: rules.nullValues }
  const columns = Object.entries(table.columns).map(([target, { kind, isOnlyFiltered }]): ColumnSource => {
    const given = settings.columns ?? {}
    const mapping = isOnlyFiltered !== true && Object.hasOwn(given, target) ? given[target] : undefined
    const options = { target, kind, mapping, form }
    const plain = isPlain(options)
    const isNamed = mapping !== undefined
    if (plain !== undefined) return { target, column: plain.column, mapper: undefined, isNamed }
    return { target, column: undefined, mapper: cellMapper(options), isNamed }
  })
  const usesPlace = columns.some(({ mapper }) => mapper?.usesPlace === true)
  const asked = SourceRows.of(settings, usesPlace)
  return {
    columns,
    rows: asked === undefined ? undefined : settings,
    rowColumns: asked?.sources ?? [],
    isSequential: asked?.isSequential === true,
    usesPlace,
    isMapped: asked !== undefined || columns.some(({ mapper }) => mapper !== undefined),
  }
}

/** A judge of the records of a table's files, in their order; undefined if all are rows. */
export function sourceRows({ rows, usesPlace }: TableSource): SourceRows | undefined {
  return rows === undefined ? undefined : SourceRows.of(rows, usesPlace)
}

/** The globs of a table's files, relative to the input folder. */
export function globsOf(rules: Rules, table: string): readonly string[] {
  const { files } = tableRules(rules, table) ?? {}
  if (files === undefined) return [`${table}.csv`, `${table}.csv.gz`]
  return typeof files === 'string' ? [files] : files
}
