import { ExactVector } from '../collections/exact-vector.ts'
import { RowView, type ViewColumn } from '../collections/row-view.ts'
import { NO_CODE } from '../collections/texts/dictionary.ts'
import { NO_FLAG, type Vector } from '../collections/vectors.ts'
import { MONEY_SCALE } from '../lib/numbers/exact.ts'
import { formatDay } from '../lib/times/wall-clock.ts'
import { hasCompositeKey, type RawTable } from '../raw/define.ts'
import type { OutputColumn, OutputVector } from '../tables/define.ts'
import { NO_DAY } from '../tables/define.ts'
import type { AnyRow } from './extensions.ts'
import type { OwnCode } from './own-code.ts'

/** Raw tables as the engine hands them to rooms: their row count, and a vector for each column needed. */
type Handed = Readonly<Record<string, { readonly rowCount: number } & Readonly<Record<string, unknown>>>>
type Needed = Readonly<Record<string, readonly string[]>>

/** What own code calls a raw table by; no extra column may be named so. */
export const VIEW_NAMES = ['rowCount', 'columns', 'rows', 'find'] as const

/** The raw tables as own code sees them: what it needs, row by row and by column. */
export function viewsOf(
  what: OwnCode,
  handed: Handed,
  needs: Needed,
  rawTables: readonly RawTable[],
): Readonly<Record<string, unknown>> {
  const views = Object.entries(needs).map(([name, columns]) => {
    const table = rawTables.find((candidate) => candidate.name === name)!
    const collection = handed[name]!
    const vectors = Object.fromEntries(columns.map((column) => [column, collection[column] as Vector]))
    const viewColumns = Object.fromEntries(
      columns.map((column): [string, ViewColumn] => [
        column,
        { kind: table.columns[column]!.kind, vector: vectors[column]! },
      ]),
    )
    const view = new RowView(collection.rowCount, viewColumns, table.key)
    return [
      name,
      {
        rowCount: collection.rowCount,
        columns: vectors,
        rows: () => view.rows(),
        find(key: string | null) {
          if (view.hasKey) return view.find(key)
          throw new Error(cannotFind(what, table))
        },
      } satisfies Record<(typeof VIEW_NAMES)[number], unknown>,
    ] as const
  })
  return Object.fromEntries(views)
}

function cannotFind(what: OwnCode, table: RawTable): string {
  const { name, key } = table
  return hasCompositeKey(table)
    ? `${name}.find cannot be used in ${what}: no single column names its rows; go through ${name}.rows()`
    : `${name}.find needs the key ${key}: add it to the needs of ${what}`
}

/** One row after the other of an aggregate table that has been computed. */
export function aggregateReader(
  columns: Readonly<Record<string, OutputColumn>>,
  vectors: Readonly<Record<string, OutputVector>>,
): (row: number) => AnyRow {
  const readers = Object.entries(columns).map(
    ([name, column]) => [name, valueReader(column, vectors[name]!)] as const,
  )
  let current = 0
  const values: AnyRow = {}
  for (const [name, read] of readers)
    Object.defineProperty(values, name, { enumerable: true, get: () => read(current) })
  // One object serves all rows: it is only valid until the next one, and own code gets one at a time.
  return (row) => {
    current = row
    return values
  }
}

function valueReader(column: OutputColumn, vector: OutputVector): (row: number) => unknown {
  if (column.kind === 'quantity' && vector instanceof ExactVector)
    return (row) => Number(vector.get(row) ?? Number.NaN) / MONEY_SCALE
  if (vector instanceof ExactVector) return (row) => vector.get(row)
  if ('codes' in vector) {
    const { codes, dictionary } = vector
    return (row) => (codes[row] === NO_CODE ? null : dictionary.text(codes[row]!))
  }
  if (column.kind === 'date' || column.kind === 'month') {
    const length = column.kind === 'month' ? 7 : 10
    return (row) => (vector[row] === NO_DAY ? null : formatDay(vector[row]!).slice(0, length))
  }
  if (column.kind === 'flag') return (row) => (vector[row] === NO_FLAG ? null : vector[row]!)
  return (row) => (Number.isNaN(vector[row]!) ? null : vector[row]!)
}
