import type { Whole } from '../lib/numbers/exact.ts'
import type { AggregateTable } from './aggregate-table.ts'
import type { AnyAggregate } from './define.ts'

/** What control totals ask of a finished table; all of it exact. */
export interface TableFigures {
  readonly rowCount: number
  /** The sum of a column: ten-thousandths of money, else whole numbers. A null counts as 0. */
  sum(column: string): Whole
  /** How many rows have another text in a column, or none. */
  rowsExcept(column: string, text: string): number
  /** How many different keys there are. */
  keyCount(): number
  /** How many places break the order. */
  orderBreaks(): number
}

/** How CSVs are written; SPEC section 2. */
export interface CsvDialect {
  /** Start with a byte order mark, as old Excel versions want. */
  readonly bom: boolean
  /** Write texts that a spreadsheet might run with a leading '. */
  readonly escapeFormulas: boolean
}

/** A finished table whose rows the engine does not give by column: the bytes of its CSV, and what they add up to. */
export interface StreamedTable {
  readonly definition: Pick<AnyAggregate, 'name' | 'columns' | 'key' | 'order'>
  readonly rowCount: number
  readonly figures: TableFigures
  /** The bytes of the whole CSV (SPEC section 2), piece by piece; may be asked for more than once. */
  csv(dialect: CsvDialect): AsyncIterable<Uint8Array>
}

/** A finished table, in one of the two ways in which engines give them. */
export type TableResult = AggregateTable | StreamedTable

export function isStreamed(table: TableResult): table is StreamedTable {
  return 'csv' in table
}
