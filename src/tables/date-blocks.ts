import type { AggregateRows, AnyAggregate, OutputColumns, OutputVector } from '../aggregators/define.ts'
import { ExactVector } from '../collections/exact-vector.ts'
import type { AggregateTable } from './aggregate-table.ts'

/** Rows of one date, which stand together in a table that is ordered by date first. */
export interface DateBlock {
  readonly day: number
  /** Places in the table's order, from the first to before the last. */
  readonly from: number
  readonly to: number
}

/** The column by which a table is ordered first, if that is a date without nulls; undefined otherwise. */
export function dateColumn({ order, columns }: AnyAggregate): string | undefined {
  const [first] = order
  if (first === undefined || first.descending === true) return undefined
  return columns[first.column]?.kind === 'date' ? first.column : undefined
}

/** The blocks of a table that has a date column, in their order. */
export function dateBlocks({ columns, order, rowCount }: AggregateTable, dates: string): DateBlock[] {
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

/** Only the rows for which `keeps` says so, in the order in which they were. */
export function filterRows<C extends OutputColumns>(
  { rowCount, columns }: AggregateRows<C>,
  keeps: (row: number) => boolean,
): AggregateRows<C> {
  const rows: number[] = []
  for (let row = 0; row < rowCount; row++) if (keeps(row)) rows.push(row)
  const picked = Object.entries<OutputVector>(columns).map(([name, vector]) => [name, pick(vector, rows)])
  return { rowCount: rows.length, columns: Object.fromEntries(picked) }
}

function pick(vector: OutputVector, rows: readonly number[]): OutputVector {
  if (vector instanceof ExactVector) {
    const result = new ExactVector(rows.length)
    rows.forEach((row, i) => {
      result.set(i, vector.get(row))
    })
    return result
  }
  if ('codes' in vector)
    return { codes: Int32Array.from(rows, (row) => vector.codes[row]!), dictionary: vector.dictionary }
  if (vector instanceof Int32Array) return Int32Array.from(rows, (row) => vector[row]!)
  if (vector instanceof Int8Array) return Int8Array.from(rows, (row) => vector[row]!)
  return Float64Array.from(rows, (row) => vector[row]!)
}
