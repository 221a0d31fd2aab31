import type { AggregateRows, AnyAggregate, OutputColumns } from './define.ts'
import { sortRows } from './sort-rows.ts'

/** An aggregate table that has been computed, with its rows in their order. */
export interface AggregateTable {
  readonly definition: AnyAggregate
  readonly rowCount: number
  readonly columns: AggregateRows<OutputColumns>['columns']
  /** The row at each place of the output. */
  readonly order: Int32Array
}

/** What of a table is written. */
export interface WritableTable extends Omit<AggregateTable, 'definition'> {
  readonly definition: Pick<AnyAggregate, 'name' | 'columns' | 'order'>
}

export function orderedTable(definition: AnyAggregate, rows: AggregateRows<OutputColumns>): AggregateTable {
  return { definition, rowCount: rows.rowCount, columns: rows.columns, order: sortRows(definition, rows) }
}
