import type { CellMapping } from '../../rules/sources/cells.ts'
import type { Delimiter, Encoding, Quotes } from '../../rules/sources/files.ts'

/** Settings of one raw table, as far as they differ from the defaults. */
export interface ProposedTable {
  preset?: string
  files?: string | readonly string[]
  delimiter?: Delimiter
  encoding?: Encoding
  quotes?: Quotes
  skipLines?: number
  timeFormats?: readonly string[]
  decimal?: '.' | ',' | undefined
  thousands?: '.' | ',' | ' ' | "'" | undefined
  optional?: readonly string[]
  columns?: Readonly<Record<string, CellMapping>>
}

/** Settings to paste. */
export interface ProposedSettings {
  /** Where a system's export holds only some of the raw tables. */
  readonly allowMissing?: true
  readonly nullValues?: readonly string[]
  readonly rawTables?: Readonly<Record<string, ProposedTable>>
}

/** What only the shop can know. */
export interface Question {
  /** The raw table; undefined if it is about all. */
  readonly table: string | undefined
  readonly text: string
  /** The setting that would answer it, to paste; undefined if there is none. */
  readonly setting: string | undefined
}

/** Questions with one answer for several raw tables. */
export interface SharedQuestion {
  /** None if it is about all. */
  readonly tables: readonly string[]
  readonly text: string
  readonly setting: string | undefined
}

/** A column of a raw table, and how the cells seen fit it. */
export interface ColumnReport {
  readonly target: string
  readonly source: string
  readonly kind: string
  /** Cells seen that are not empty. */
  readonly cells: number
  /** Those of them that the table accepts with the settings proposed. */
  readonly fits: number
  readonly shape: string | undefined
  readonly example: string | undefined
}

/** What one file says of the settings of a raw table. */
export interface FileProposal {
  readonly settings: ProposedTable
  readonly nullValues: readonly string[]
  readonly questions: readonly Question[]
  readonly columns: readonly ColumnReport[]
  /** Whether times hold an instant (an offset, or a number since 1970), and whether some do not. */
  readonly hasInstants: boolean
  readonly hasLocalTimes: boolean
}
