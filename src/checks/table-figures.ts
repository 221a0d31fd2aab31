import { ExactVector } from '../collections/exact-vector.ts'
import type { TextVector } from '../collections/vectors.ts'
import type { AggregateTable } from '../tables/aggregate-table.ts'
import { countKeys, countOrderBreaks } from '../tables/check-rows.ts'
import { isStreamed, type TableFigures, type TableResult } from '../tables/table-result.ts'
import { sum } from './control-rules.ts'

/** What a finished table says of itself to control totals. */
export function figuresOf(table: TableResult): TableFigures {
  return isStreamed(table) ? table.figures : figuresOfRows(table)
}

function figuresOfRows(table: AggregateTable): TableFigures {
  const { rowCount, columns } = table
  return {
    rowCount,
    sum(column) {
      const vector = columns[column]
      if (vector instanceof ExactVector) return vector.sum()
      if (vector === undefined || 'codes' in vector) throw new Error(`${column} cannot be added up`)
      return sum(vector)
    },
    rowsExcept(column, text) {
      const { codes, dictionary } = columns[column] as TextVector
      const excepted = dictionary.findText(text)
      let others = 0
      for (let row = 0; row < rowCount; row++) if (codes[row] !== excepted) others++
      return others
    },
    keyCount: () => countKeys(table),
    orderBreaks: () => countOrderBreaks(table),
  }
}
