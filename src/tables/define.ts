import type { ExactVector } from '../collections/exact-vector.ts'
import type { Collections, Needs, TextVector } from '../collections/vectors.ts'
import type { Rules } from '../rules/rules.ts'

/** What a column of an aggregate table holds, and so how it is written. */
export type OutputKind = 'id' | 'text' | 'date' | 'month' | 'count' | 'quantity' | 'flag' | 'money' | 'ratio'

export interface OutputColumn<K extends OutputKind = OutputKind> {
  readonly kind: K
  readonly meaning: string
  /** Unit of a ratio or count, for people: %, minutes, days. */
  readonly unit?: string
}

export type OutputColumns = Readonly<Record<string, OutputColumn>>

/** A null in a date or month column, which hold days since 1970-01-01. */
export const NO_DAY = -0x8000_0000

/**
 * The array that holds a column of an aggregate table. date and month: days, NO_DAY for null. count: NaN
 * for null. flag: NO_FLAG for null. money and
 * quantity: ten-thousandths. ratio: hundredths.
 */
export interface OutputVectorOfKind {
  id: TextVector
  text: TextVector
  date: Int32Array
  month: Int32Array
  count: Float64Array
  quantity: ExactVector
  flag: Int8Array
  money: ExactVector
  ratio: ExactVector
}

export type OutputVector = OutputVectorOfKind[OutputKind]

/** The rows of an aggregate table, by column, in any order: they are sorted by the definition's order. */
export interface AggregateRows<C extends OutputColumns> {
  readonly rowCount: number
  readonly columns: { readonly [K in keyof C]: OutputVectorOfKind[C[K]['kind']] }
}

export interface AggregateContext {
  readonly rules: Rules
  /** The day on which "days since" are counted; undefined if there is neither a session nor an order. */
  readonly asOf: number | undefined
}

export interface SortKey<Name extends string = string> {
  readonly column: Name
  readonly descending?: boolean
}

/** How the rows of an aggregate table say one side of a control total (SPEC section 5). */
export type TableTotal<Name extends string = string> =
  | { readonly sum: Name }
  /** How many rows there are; those with this text in a column are left out. */
  | { readonly rows: 'all' | { readonly except: Name; readonly text: string } }

/** Whether a table is in every set, or only where the settings ask for it. */
export type Written = 'always' | 'asked'

/** What shared code must know of an aggregate table beside its rows. */
export interface TableFacts<Name extends string = string> {
  readonly written: Written
  /** Whether it has a row for each day from the first to the last of sessions, orders and line items. */
  readonly spansCalendar?: boolean
  /** By the name of a control total: what its rows say of it, once or more often. */
  readonly totals: Readonly<Record<string, TableTotal<Name> | readonly TableTotal<Name>[]>>
}

/** One aggregate table: what its rows are, what it reads, and the pure function that makes it. */
export interface AggregateDefinition<C extends OutputColumns, N extends Needs>
  extends TableFacts<keyof C & string> {
  readonly name: string
  readonly grain: string
  readonly key: readonly (keyof C & string)[]
  readonly order: readonly SortKey<keyof C & string>[]
  readonly needs: N
  readonly columns: C
  /** Columns after the declared ones that follow from the shop's rules. */
  readonly columnsByRules?: (rules: Rules) => OutputColumns
  readonly aggregate: (tables: Collections<N>, context: AggregateContext) => AggregateRows<C>
}

/** An aggregate table as the shared code sees it, whatever its columns. */
export interface AnyAggregate extends TableFacts {
  readonly name: string
  readonly grain: string
  readonly key: readonly string[]
  readonly order: readonly SortKey[]
  readonly needs: Needs
  readonly columns: OutputColumns
  readonly columnsByRules?: (rules: Rules) => OutputColumns
  /** Whether somebody may go on using the columns that `aggregate` gives, as own code may. */
  readonly sharesColumns?: boolean
  readonly aggregate: (tables: never, context: AggregateContext) => AggregateRows<OutputColumns>
}

/** Declares an aggregate table; keeps the exact types of its columns and needs. */
export function defineAggregate<const C extends OutputColumns, const N extends Needs>(
  definition: AggregateDefinition<C, N>,
): AggregateDefinition<C, N> {
  return definition
}

type Column<K extends OutputKind> = (meaning: string) => OutputColumn<K>
type Measure<K extends OutputKind> = (unit: string, meaning: string) => OutputColumn<K>

export const id: Column<'id'> = (meaning) => ({ kind: 'id', meaning })
export const text: Column<'text'> = (meaning) => ({ kind: 'text', meaning })
export const date: Column<'date'> = (meaning) => ({ kind: 'date', meaning })
export const month: Column<'month'> = (meaning) => ({ kind: 'month', meaning })
export const count: Column<'count'> = (meaning) => ({ kind: 'count', meaning })
export const quantity: Column<'quantity'> = (meaning) => ({ kind: 'quantity', meaning })
export const flag: Column<'flag'> = (meaning) => ({ kind: 'flag', meaning })
export const money: Column<'money'> = (meaning) => ({ kind: 'money', meaning })
export const ratio: Measure<'ratio'> = (unit, meaning) => ({ kind: 'ratio', unit, meaning })
