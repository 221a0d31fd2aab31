import type { RawColumn } from '../raw/define.ts'
import type { AllRawTables, RawTableName } from '../raw/index.ts'
import type { KindName } from '../raw/kinds.ts'
import type { Dictionary } from './texts/dictionary.ts'

/** Texts of a column: one code a row, NO_CODE where the cell is null. */
export interface TextVector {
  readonly codes: Int32Array
  readonly dictionary: Dictionary
}

/** A null in an integer or percent column. */
export const NO_INTEGER = -0x8000_0000
/** A null in a flag column. */
export const NO_FLAG = -1

/**
 * The array that holds the cells of a raw column. timestamp: wall-clock ms. money and quantity:
 * ten-thousandths, NaN for null. large_integer: NaN for null. integer, and percent in ten-thousandths: NO_INTEGER for null. flag: NO_FLAG for null.
 */
export interface VectorOfKind {
  id: TextVector
  text: TextVector
  timestamp: Float64Array
  money: Float64Array
  integer: Int32Array
  large_integer: Float64Array
  quantity: Float64Array
  percent: Int32Array
  flag: Int8Array
}

export type Vector = VectorOfKind[KindName]

/** The raw tables and columns that a room reads. */
export type Needs = { readonly [T in RawTableName]?: readonly (keyof AllRawTables[T]['columns'] & string)[] }

type KindOf<C> = C extends RawColumn<infer K> ? K : never

/** The typed collections that a room gets: just the tables and columns of its needs. */
export type Collections<N extends Needs> = {
  readonly [T in keyof N & RawTableName]: N[T] extends readonly (infer C)[]
    ? { readonly rowCount: number } & {
        readonly [K in C & keyof AllRawTables[T]['columns'] & string]: VectorOfKind[KindOf<
          AllRawTables[T]['columns'][K]
        >]
      }
    : never
}

/** A raw table in memory, whatever its columns. */
export interface Collection {
  readonly rowCount: number
  readonly columns: Readonly<Record<string, Vector>>
}
