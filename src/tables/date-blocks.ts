import type { WritableTable } from './aggregate-table.ts'

/** Rows of one date, which stand together in a table that is ordered by date first. */
export interface DateBlock {
  readonly day: number
  /** Places in the table's order, from the first to before the last. */
  readonly from: number
  readonly to: number
}

/** The column by which a table is ordered first, if that is a date without nulls; undefined otherwise. */
export function dateColumn({ order, columns }: WritableTable['definition']): string | undefined {
  const [first] = order
  if (first === undefined || first.descending === true) return undefined
  return columns[first.column]?.kind === 'date' ? first.column : undefined
}

/** The blocks of a table, in their order; undefined if it is not ordered by date. */
export function dateBlocks({ definition, columns, order, rowCount }: WritableTable): DateBlock[] | undefined {
  const dates = dateColumn(definition)
  if (dates === undefined) return undefined
  const days = columns[dates] as Int32Array
  const blocks: DateBlock[] = []
  for (let from = 0, place = 1; place <= rowCount; place++) {
    const day = days[order[from]!]!
    if (place < rowCount && days[order[place]!] === day) continue
    blocks.push({ day, from, to: place })
    from = place
  }
  return blocks
}
