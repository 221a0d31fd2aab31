import { dateBlocks } from '../../tables/date-blocks.ts'
import type { Form } from '../form.ts'
import { CsvRows, csvHeader } from './write-csv.ts'

/** The published set itself: one CSV a table (SPEC section 2). */
export const csvForm: Form = {
  name: 'csv',
  fileOf: (table) => `${table}.csv`,
  writeRows(table, dialect, write, onBlock) {
    write(csvHeader(table.definition, dialect))
    const rows = new CsvRows(table, dialect, write)
    const blocks = onBlock === undefined ? undefined : dateBlocks(table)
    if (blocks === undefined) rows.write(0, table.rowCount)
    for (const block of blocks ?? []) {
      rows.write(block.from, block.to)
      rows.flush()
      onBlock!(block)
    }
    rows.flush()
  },
  async writeStream(table, dialect, write) {
    for await (const bytes of table.csv(dialect)) write(bytes)
  },
}
