import { mayBeOptional, type RawTable } from '../../raw/define.ts'
import { type NameTier, nameTier } from './seen/column-names.ts'
import { canBe, SeenColumn } from './seen/seen-column.ts'

/** What the columns of a file could be in a raw table. */
export interface TableMatch {
  readonly table: RawTable
  /** By the column of the raw table: the one of the file that is meant. */
  readonly columns: ReadonlyMap<string, MatchedColumn>
  /** By the column of the raw table: those of the file of which nobody can know which one is meant. */
  readonly unsure: ReadonlyMap<string, readonly SeenColumn[]>
  /** Required columns that the file does not seem to hold. */
  readonly lacks: readonly string[]
  /** Those of them that a shop may do without. */
  readonly mayLack: readonly string[]
}

export interface MatchedColumn {
  readonly column: SeenColumn
  readonly tier: NameTier
}

const TIERS: readonly NameTier[] = ['exact', 'strong', 'weak']

/** Holds the columns of a file against those of a raw table: by their names, and by the cells seen. */
export function matchTable(table: RawTable, all: readonly SeenColumn[]): TableMatch {
  const columns = new Map<string, MatchedColumn>()
  const unsure = new Map<string, readonly SeenColumn[]>()
  const taken = new Set<SeenColumn>()
  for (const tier of TIERS) {
    for (const [target, { kind }] of Object.entries(table.columns)) {
      if (columns.has(target) || unsure.has(target)) continue
      const named = all.filter(
        (column) => !taken.has(column) && nameTier(table, target, column.name) === tier,
      )
      // An exact name is what the shop says, whatever the cells are.
      const fitting = tier === 'exact' ? named : withCells(named.filter((column) => canBe(kind, column)))
      const [first] = fitting
      if (first === undefined) continue
      if (
        fitting.every((column) => column === first || (column.isLike(first) && column.name !== first.name))
      ) {
        columns.set(target, { column: first, tier })
        taken.add(first)
      } else unsure.set(target, fitting)
    }
  }
  const lacks = Object.keys(table.columns).filter(
    (target) => table.columns[target]?.required === true && !columns.has(target) && !unsure.has(target),
  )
  return { table, columns, unsure, lacks, mayLack: lacks.filter((target) => mayBeOptional(table, target)) }
}

/**
 * By the column of a raw table, the one of a header that is meant, as far as names alone say so.
 *
 * @example meantColumns(order_table, ['Order ID', 'Total', 'Name']) → order_id: Order ID, total_price: Total
 */
export function meantColumns(table: RawTable, names: readonly string[]): Map<string, string> {
  const { columns } = matchTable(
    table,
    names.map((name) => new SeenColumn(name, [])),
  )
  const sure = [...columns].filter(([, { tier }]) => tier !== 'weak')
  return new Map(sure.map(([target, { column }]) => [target, column.name]))
}

/** Columns without a cell are no rivals of those that have some. */
function withCells(columns: readonly SeenColumn[]): readonly SeenColumn[] {
  const filled = columns.filter((column) => column.filled.length > 0)
  return filled.length > 0 ? filled : columns
}

/** Whether all is there that the table cannot do without. */
export function isComplete({ lacks, mayLack }: TableMatch): boolean {
  return lacks.length === mayLack.length
}

/** How much a word of the table's name in that of the file counts, in columns; and how many of its words must be there. */
const NAMED_LIKE_TABLE = 1.5
const LEAST_WORDS = 0.6
/** Of the required columns, so many must be there for a file to be taken for a table at all. */
const LEAST_SHARE = 0.5

/**
 * The raw tables that a file may hold, the likeliest first: by how many of their columns are there and how surely,
 * and by those that are not.
 *
 * @param fileName by which a file may say what it holds
 */
export function matchTables(
  tables: readonly RawTable[],
  columns: readonly SeenColumn[],
  fileName: string,
): TableMatch[] {
  const own = ownTable(tables, fileName)
  return tables
    .map((table) => matchTable(table, columns))
    .filter((match) => match.table === own || isLikely(match))
    .map((match) => ({ match, rank: rankOf(match, own, fileName) }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ match }) => match)
}

function isLikely(match: TableMatch): boolean {
  if (isComplete(match)) return true
  const required = Object.values(match.table.columns).filter((column) => column.required).length
  const there = required - match.lacks.length
  return there >= 2 && there / required >= LEAST_SHARE
}

/** What a column counts that is there, by how surely it is meant; and one that is not there. */
const POINTS = { exact: 1, strong: 1, weak: 0.3, unsure: 0.7, lacks: -2, mayLack: -0.5 } as const

function rankOf(match: TableMatch, own: RawTable | undefined, fileName: string): number {
  const { table, columns, unsure, lacks, mayLack } = match
  let points = namedWords(table, fileName) * NAMED_LIKE_TABLE
  for (const { tier } of columns.values()) points += POINTS[tier]
  points += unsure.size * POINTS.unsure
  points += mayLack.length * POINTS.mayLack + (lacks.length - mayLack.length) * POINTS.lacks
  // Of two of which a file holds as many columns, the one that has no others.
  const share = (columns.size + unsure.size) / Object.keys(table.columns).length
  return (table === own ? 1000 : 0) + points + share / 100
}

/** The table that is read from a file of this name without any setting. */
function ownTable(tables: readonly RawTable[], fileName: string): RawTable | undefined {
  const stem = fileName.replace(/\.csv(?:\.gz)?$/, '')
  return stem === fileName ? undefined : tables.find(({ name }) => name === stem)
}

/** @example of a file order_items.csv: 2 for the lines of orders, 1 for orders */
function namedWords({ name }: RawTable, fileName: string): number {
  const words = name.split('_').slice(0, -1)
  const text = fileName.toLowerCase()
  const found = words.filter((word) => text.includes(word)).length
  return found >= words.length * LEAST_WORDS ? found : 0
}
