import type { AggregateName, AggregateTables } from '../aggregators/index.ts'
import type { VectorOfKind } from '../collections/vectors.ts'
import type { RawColumn, RawColumns } from '../raw/define.ts'
import type { AllRawTables, RawTableName } from '../raw/index.ts'
import type { KindName } from '../raw/kinds.ts'
import type {
  AggregateContext,
  AggregateRows,
  OutputColumn,
  OutputColumns,
  OutputKind,
  SortKey,
} from '../tables/define.ts'

/** Columns of raw tables that the raw contract does not know, by table. */
export type ExtraColumns = { readonly [T in RawTableName]?: RawColumns }

/** The columns of a raw table, extra ones included. */
type ColumnsOf<X extends ExtraColumns, T extends RawTableName> = AllRawTables[T]['columns'] &
  (T extends keyof X ? X[T] : unknown)

/** The raw tables and columns that own code reads. */
export type NeedsWith<X extends ExtraColumns> = {
  readonly [T in RawTableName]?: readonly (keyof ColumnsOf<X, T> & string)[]
}

/**
 * What a cell of a raw row is. id, text: a string. timestamp: wall-clock milliseconds. money, percent: whole
 * ten-thousandths (12.34 is 123400), so that sums are exact. quantity: as it counts, 0.5 is half a kilo; lineAmount
 * multiplies it with a price. flag: 0 or 1.
 */
interface CellOfKind {
  id: string
  text: string
  timestamp: number
  money: number
  integer: number
  large_integer: number
  quantity: number
  percent: number
  flag: number
}

type Cell<C> =
  C extends RawColumn<infer K> ? CellOfKind[K] | (IsRequired<C> extends true ? never : null) : never
type IsRequired<C> = C extends { readonly required: true } ? true : false
type KindOf<C> = C extends RawColumn<infer K> ? K : KindName

/** A raw row: just the columns that were asked for. */
export type RawRow<X extends ExtraColumns, T extends RawTableName, C> = {
  readonly [K in C & keyof ColumnsOf<X, T> & string]: Cell<ColumnsOf<X, T>[K]>
}

/** A raw table as own code sees it: row by row, or by its columns as the built-in tables do. */
export type RawView<X extends ExtraColumns, T extends RawTableName, C> = {
  readonly rowCount: number
  rows(): Iterable<RawRow<X, T, C>>
  /** The row with this primary key, if its key column was asked for. */
  find(key: string | null): RawRow<X, T, C> | undefined
  readonly columns: {
    readonly [K in C & keyof ColumnsOf<X, T> & string]: VectorOfKind[KindOf<ColumnsOf<X, T>[K]>]
  }
}

export type RawViews<X extends ExtraColumns, N extends NeedsWith<X>> = {
  readonly [T in keyof N & RawTableName]: N[T] extends readonly (infer C)[] ? RawView<X, T, C> : never
}

/**
 * What own code gives for a cell. date: `YYYY-MM-DD`. month: `YYYY-MM`. count: a whole number. money: whole
 * ten-thousandths. quantity: as it counts, 0.5 is half a kilo. ratio: whole hundredths, as percentOf, divide and moneyPer make them. null: empty.
 */
export interface ValueOfKind {
  id: string | null
  text: string | null
  date: string | null
  month: string | null
  count: number | null
  flag: boolean | 0 | 1 | null
  money: number | bigint | null
  quantity: number | null
  ratio: number | bigint | null
}

/** A row that own code makes. */
export type RowValues<C extends OutputColumns> = { readonly [K in keyof C]: ValueOfKind[C[K]['kind']] }

/** What own code reads of a row of one of the seven tables; money in ten-thousandths, quantities as they count, ratios in hundredths. */
interface ReadOfKind {
  id: string | null
  text: string | null
  date: string | null
  month: string | null
  count: number | null
  flag: number | null
  money: number
  quantity: number
  ratio: number | null
}
export type AggregateRow<T extends AggregateName> = {
  readonly [K in keyof AggregateTables[T]['columns']]: AggregateTables[T]['columns'][K] extends OutputColumn<
    infer Kind
  >
    ? ReadOfKind[Kind]
    : never
}

/** An aggregate table of the shop's own: declared like the seven, but it may also give rows one by one. */
export interface OwnTable<X extends ExtraColumns, C extends OutputColumns, N extends NeedsWith<X>> {
  /** snake_case; its CSV is named like it. */
  readonly name: string
  readonly grain: string
  readonly key: readonly (keyof C & string)[]
  /** Must hold every column of the key, so that no two rows are in the same place. */
  readonly order: readonly SortKey<keyof C & string>[]
  readonly extraColumns?: X
  readonly needs: N
  readonly columns: C
  readonly aggregate: (
    tables: RawViews<X, N>,
    context: AggregateContext,
  ) => Iterable<RowValues<C>> | AggregateRows<C>
}

/** A column of the shop's own at the end of one of the seven tables. */
export interface Metric<
  T extends AggregateName,
  K extends OutputKind,
  X extends ExtraColumns,
  N extends NeedsWith<X>,
> {
  readonly table: T
  /** Name of the column, snake_case. */
  readonly name: string
  readonly column: OutputColumn<K>
  readonly extraColumns?: X
  readonly needs: N
  /** Prepares what it needs, once, and gives the function that is asked for the value of each row. */
  readonly compute: (
    tables: RawViews<X, N>,
    context: AggregateContext,
  ) => (row: AggregateRow<T>) => ValueOfKind[K]
}

type AnyViews = Readonly<Record<string, unknown>>
export type AnyRow = Readonly<Record<string, unknown>>

/** An own table as the shared code sees it, once it has been checked. */
export interface AnyOwnTable {
  readonly name: string
  readonly grain: string
  readonly key: readonly string[]
  readonly order: readonly SortKey[]
  readonly needs: Readonly<Record<string, readonly string[]>>
  readonly columns: OutputColumns
  readonly aggregate: (tables: AnyViews, context: AggregateContext) => unknown
}

/** A metric as the shared code sees it, once it has been checked. */
export interface AnyMetric {
  readonly table: string
  readonly name: string
  readonly column: OutputColumn
  readonly needs: Readonly<Record<string, readonly string[]>>
  readonly compute: (tables: AnyViews, context: AggregateContext) => unknown
}

/** What a shop adds to the tables that are there. */
export interface Extensions {
  readonly extraColumns: ExtraColumns
  /** In the order in which they are appended to their tables. */
  readonly metrics: readonly AnyMetric[]
  /** In the order in which they are published, after the seven. */
  readonly tables: readonly AnyOwnTable[]
}

export const noExtensions: Extensions = { extraColumns: {}, metrics: [], tables: [] }

/** Declares an own table; does nothing but check its types. */
export function defineTable<
  const C extends OutputColumns,
  const N extends NeedsWith<X>,
  const X extends ExtraColumns = Record<never, never>,
>(table: OwnTable<X, C, N>): OwnTable<X, C, N> {
  return table
}

/** Declares a metric; does nothing but check its types. */
export function defineMetric<
  const T extends AggregateName,
  K extends OutputKind,
  const N extends NeedsWith<X>,
  const X extends ExtraColumns = Record<never, never>,
>(metric: Metric<T, K, X, N>): Metric<T, K, X, N> {
  return metric
}
