import type { AggregateRows, AnyAggregate, OutputColumns } from './define.ts'
import { sortRows } from './sort-rows.ts'

/** An aggregate table that has been computed, with its rows in their order. */
export interface AggregateTable {
  readonly definition: AnyAggregate
  readonly rowCount: number
  readonly columns: AggregateRows<OutputColumns>['columns']
  /** The row at each place of the output. */
  readonly order: Int32Array
  /** Memory of its columns that others still read, so that it must not change hands; none if left out. */
  readonly shared?: ReadonlySet<ArrayBufferLike>
}

/** What of a table is written. */
export interface WritableTable extends Omit<AggregateTable, 'definition'> {
  readonly definition: Pick<AnyAggregate, 'name' | 'columns' | 'order'>
}

/** @param shared memory that others read, or may come to read before the table has been written */
export function orderedTable(
  definition: AnyAggregate,
  { rowCount, columns }: AggregateRows<OutputColumns>,
  shared?: ReadonlySet<ArrayBufferLike>,
): AggregateTable {
  const order = sortRows(definition, { rowCount, columns })
  return { definition, rowCount, columns, order, ...(shared === undefined ? {} : { shared }) }
}
