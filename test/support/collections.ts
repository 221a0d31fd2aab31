import { parse } from 'csv-parse/sync'
import { NumberStore, TextStore } from '../../src/collections/column-store.ts'
import { Dictionary } from '../../src/collections/texts/dictionary.ts'
import type { Collections, Needs, Vector } from '../../src/collections/vectors.ts'
import type { RawTable } from '../../src/raw/define.ts'
import { allRawTables, type RawTableName } from '../../src/raw/index.ts'
import { type Rules, rulesSchema } from '../../src/rules/rules.ts'
import { type AggregateTable, orderedTable } from '../../src/tables/aggregate-table.ts'
import type { AnyAggregate } from '../../src/tables/define.ts'
import { textCellsOf } from './cells.ts'
import { csvOf } from './memory-run.ts'

/**
 * A cell of a row: a text; a time as an ISO text without a zone; money, quantity and percent in whole units; an
 * integer or flag as it is. What is left out is null.
 */
export type Cell = string | number | null

/** Rows by raw table; tables that are left out are empty. */
export type Rows = { readonly [T in RawTableName]?: readonly Readonly<Record<string, Cell>>[] }

/** Typed collections of just the tables and columns that are needed, sharing their dictionaries. */
export function collectionsOf<const N extends Needs>(needs: N, rows: Rows): Collections<N> {
  const shared = new Map<string, Dictionary>()
  const tables = Object.entries(needs as Needs).map(([name, columns]) => {
    const table: RawTable = allRawTables[name as RawTableName]
    const tableRows = rows[name as RawTableName] ?? []
    checkNames(table, tableRows)
    const vectors = columns.map((column) => [column, vectorOf(table, column, tableRows, shared)] as const)
    return [name, { rowCount: tableRows.length, ...Object.fromEntries(vectors) }] as const
  })
  return Object.fromEntries(tables) as Collections<N>
}

function checkNames(table: RawTable, rows: readonly Readonly<Record<string, Cell>>[]): void {
  for (const column of rows.flatMap(Object.keys)) {
    if (table.columns[column] === undefined) throw new Error(`${table.name} has no column ${column}`)
  }
}

function vectorOf(
  table: RawTable,
  column: string,
  rows: readonly Readonly<Record<string, Cell>>[],
  shared: Map<string, Dictionary>,
): Vector {
  const { kind, dictionary } = table.columns[column]!
  if (kind === 'id' || kind === 'text') {
    const known = dictionary === undefined ? undefined : shared.get(dictionary)
    const store = new TextStore(known ?? new Dictionary())
    if (dictionary !== undefined && known === undefined) shared.set(dictionary, store.encoder.dictionary)
    store.append(textCellsOf(rows.map((row) => (row[column] == null ? null : String(row[column])))))
    return store.finish()
  }
  const store = new NumberStore(kind)
  const numbers = Float64Array.from(rows, (row) => numberOf(kind, row[column] ?? null))
  store.append(numbers, numbers.length)
  return store.finish()
}

function numberOf(kind: string, cell: Cell): number {
  if (cell === null) return Number.NaN
  if (kind === 'timestamp') return Date.parse(String(cell).includes('T') ? `${cell}Z` : `${cell}T00:00:00Z`)
  return ['money', 'quantity', 'percent'].includes(kind) ? Math.round(Number(cell) * 10_000) : Number(cell)
}

/** A row of an aggregate table as it would be published. */
export type OutputRow = Readonly<Record<string, string>>

export interface Aggregated {
  readonly table: AggregateTable
  readonly rows: readonly OutputRow[]
}

/** What an aggregator makes of these rows, in the table's order. */
export function aggregated(
  definition: AnyAggregate,
  rows: Rows,
  context: { readonly asOf?: string; readonly rules?: Readonly<Record<string, unknown>> } = {},
): Aggregated {
  const rules: Rules = rulesSchema.parse(context.rules ?? {})
  const asOf = context.asOf === undefined ? undefined : Date.parse(`${context.asOf}T00:00:00Z`) / 86_400_000
  const collections = collectionsOf(definition.needs, rows)
  const withOwn = {
    ...definition,
    columns: { ...definition.columns, ...definition.columnsByRules?.(rules) },
  }
  const table = orderedTable(withOwn, definition.aggregate(collections as never, { rules, asOf }))
  return { table, rows: parse(csvOf(table, { bom: false, escapeFormulas: false }), { columns: true }) }
}

/** Just some columns of the rows, each row as a text with spaces between; an empty cell is a dot. */
export function columnsOf(rows: readonly OutputRow[], ...columns: readonly string[]): string[] {
  return rows.map((row) =>
    columns
      .map((column) => {
        if (row[column] === undefined) throw new Error(`no column ${column}`)
        return row[column] === '' ? '.' : row[column]
      })
      .join(' '),
  )
}
