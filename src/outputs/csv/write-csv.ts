import { csvCell } from '../../lib/texts/csv-text.ts'
import type { WritableTable } from '../../tables/aggregate-table.ts'
import type { AnyAggregate } from '../../tables/define.ts'
import type { CsvDialect } from '../../tables/table-result.ts'
import { BATCH, type CellWriter, cellWriter, SHORT_CELL } from './cell-writers.ts'
import { RowBytes } from './row-bytes.ts'

const BUFFER_BYTES = 1 << 20
const COMMA = 44
const LF = 10

/** The first line of a table's CSV, behind the byte order mark if there is one. */
export function csvHeader({ columns }: Pick<AnyAggregate, 'columns'>, { bom }: CsvDialect): Buffer {
  const names = Object.keys(columns).map(csvCell)
  return Buffer.from(`${bom ? '\uFEFF' : ''}${names.join(',')}\n`, 'utf8')
}

/**
 * Writes rows of a table, some at a time. The rows lie anywhere in memory: the cells of many are looked up
 * column by column, so that the memory is waited for once and not for each, and are then written row by row.
 */
export class CsvRows {
  readonly #out: RowBytes
  readonly #order: Int32Array
  readonly #cells: readonly CellWriter[]

  constructor(table: WritableTable, dialect: CsvDialect, write: (bytes: Uint8Array) => void) {
    const { definition, columns, order } = table
    const names = Object.keys(definition.columns)
    this.#out = new RowBytes(BUFFER_BYTES, names.length * (SHORT_CELL + 1) + 1, write)
    this.#order = order
    this.#cells = names.map((name) =>
      cellWriter(definition.columns[name]!, columns[name]!, this.#out, dialect),
    )
  }

  /** The rows at the places from `from` to before `to`; bytes may be held back until the next flush. */
  write(from: number, to: number): void {
    const out = this.#out
    const cells = this.#cells
    for (let start = from; start < to; start += BATCH) {
      const rows = this.#order.subarray(start, Math.min(start + BATCH, to))
      for (const cell of cells) cell.look(rows)
      for (let i = 0; i < rows.length; i++) {
        out.startRow()
        cells[0]!.write(i)
        for (let c = 1; c < cells.length; c++) {
          out.byte(COMMA)
          cells[c]!.write(i)
        }
        out.byte(LF)
      }
    }
  }

  flush(): void {
    this.#out.flush()
  }
}
