import type { KindName } from './kinds.ts'

/** Ids and names that join tables; each has one dictionary, so that a join is an array index. */
export type SharedDictionary = 'user_id' | 'session_id' | 'order_id' | 'product_name' | 'path'

/** What shared code needs to know of a column: filters, and rules that correct discounts. */
export type ColumnRole = 'ip_address' | 'order_amount' | 'discount'

/** One declared column of a raw table (SPEC section 1). */
export interface RawColumn<K extends KindName = KindName> {
  readonly kind: K
  /** A required column must be in the header, and none of its cells may be empty. */
  readonly required: boolean
  /** The dictionary that this column shares with other tables. */
  readonly dictionary?: SharedDictionary
  readonly role?: ColumnRole
  /** Of a timestamp in a key: rows of one day are told apart by its day alone, whatever the time within it. */
  readonly tellsApart?: 'day'
  /** Amounts below 0 are usual here, so that no finding tells of them. */
  readonly mayBeNegative?: true
  /** Nobody declared it, but a filter of the shop asks its cells: a row is the same whatever they hold. */
  readonly isOnlyFiltered?: true
  readonly meaning: string
}

export type RawColumns = Readonly<Record<string, RawColumn>>

/** How the accepted rows of a raw table say one side of a control total (SPEC section 5). */
export type AcceptedTotal<Name extends string = string> =
  /** Rows: all, or those that are orders: whose order amount is not a refund's. */
  | { readonly rows: 'all' | 'orders' }
  | { readonly sum: Name; readonly times?: Name }
  | { readonly distinct: Name; readonly among?: 'orders' }

/** What a row is worth in money: an amount, or an amount times a quantity. */
export interface RowWorth<Name extends string = string> {
  readonly amount: Name
  readonly times?: Name
  /** Whether it is below 0 where the row is a refund instead of an order, or the line of one. */
  readonly signTellsRefunds?: true
}

/** The contract of one raw table: its file, key and columns, and what the shared code must know of it. */
export interface RawTable {
  /** File stem: the table is read from `<name>.csv` or `<name>.csv.gz`. */
  readonly name: string
  readonly grain: string
  /** The column that names a row, unless it takes several columns to tell rows apart. */
  readonly key: string
  /** The columns that together tell rows apart instead of the key; a null is a value of its own. */
  readonly keyColumns?: readonly string[]
  /** The timestamp column that dates a row; a table without one is never filtered by date. */
  readonly time?: string
  /** Whether a repeated key is compared with the record that stays (SPEC: conflicting or identical). */
  readonly comparesDuplicates: boolean
  /** The columns of which it is then compared; all, if left out. */
  readonly comparedColumns?: readonly string[]
  /** Whether `--allow-missing` may treat a missing file as empty. */
  readonly mayBeMissing: boolean
  /** What nobody can know if the whole table is missing, for a note of the run. */
  readonly unknownWithout?: string
  /** Read only if something needs it; a missing file is then an empty table without a word. */
  readonly isOptional?: true
  /** Whether the as-of date may be that of one of its rows (SPEC section 2). */
  readonly setsAsOf?: boolean
  /** By the name of a control total: what its accepted rows say of it. */
  readonly totals?: Readonly<Record<string, AcceptedTotal>>
  /** What its rows are worth, for tables whose rejected rows are also limited by their money. */
  readonly worth?: RowWorth
  /** Columns in the order of SPEC section 1: the first bad one in this order is reported. */
  readonly columns: RawColumns
}

/** A raw table with the exact types of its columns. */
export interface RawTableOf<C extends RawColumns> extends RawTable {
  readonly key: keyof C & string
  readonly keyColumns?: readonly (keyof C & string)[]
  readonly comparedColumns?: readonly (keyof C & string)[]
  readonly time?: keyof C & string
  readonly totals?: Readonly<Record<string, AcceptedTotal<keyof C & string>>>
  readonly worth?: RowWorth<keyof C & string>
  readonly columns: C
}

/** Declares a raw table; keeps the exact column types for the rooms that read it. */
export function defineRawTable<const C extends RawColumns>(table: RawTableOf<C>): RawTableOf<C> {
  return table
}

/** Whether a shop may leave cells of a required column empty: an id that names the row of another table (SPEC section 1). */
export function mayBeOptional(table: RawTable, column: string): boolean {
  const declared = table.columns[column]
  const isOwner = declared?.dictionary === 'user_id' || declared?.dictionary === 'session_id'
  return declared?.required === true && isOwner && column !== table.key
}

/** The column with what orders come to, in the table of orders; undefined in all others. */
export function orderAmountColumn({ columns }: RawTable): string | undefined {
  return Object.keys(columns).find((name) => columns[name]!.role === 'order_amount')
}

/** The ids by which other tables refer to the rows of this one; undefined if none does. */
export function keyDictionary(table: RawTable): SharedDictionary | undefined {
  return table.columns[table.key]?.dictionary
}

/** Whether other tables refer to the rows of this one by its key, so that each can be there only once. */
export function joinsByKey(table: RawTable): boolean {
  return keyDictionary(table) !== undefined
}

/** Whether it always takes several columns to tell rows apart, so that no single one names a row. */
export function hasCompositeKey({ key, columns }: RawTable): boolean {
  return columns[key]?.kind !== 'id'
}

/** Whether a repeated row conflicts with the one that stays if they differ in this column. */
export function isCompared(
  { comparesDuplicates, comparedColumns, columns }: RawTable,
  name: string,
): boolean {
  if (!comparesDuplicates) return false
  return comparedColumns?.includes(name) ?? columns[name]?.isOnlyFiltered !== true
}

type More = Pick<RawColumn, 'dictionary' | 'role' | 'tellsApart' | 'mayBeNegative'>

/** A column whose cells must be there. */
export function required<K extends KindName>(
  kind: K,
  meaning: string,
  more?: More,
): RawColumn<K> & { readonly required: true } {
  return { kind, required: true, meaning, ...more }
}

/** A column that may be missing, as may each of its cells. */
export function optional<K extends KindName>(
  kind: K,
  meaning: string,
  more?: More,
): RawColumn<K> & { readonly required: false } {
  return { kind, required: false, meaning, ...more }
}
