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
  return selectOutputRows({ rowCount, columns }, Int32Array.from(rows))
}

/** Some rows, in the order given. */
export function selectOutputRows<C extends OutputColumns>(
  { columns }: AggregateRows<C>,
  rows: Int32Array,
): AggregateRows<C> {
  const picked = Object.entries<OutputVector>(columns).map(([name, vector]) => [name, pick(vector, rows)])
  return { rowCount: rows.length, columns: Object.fromEntries(picked) }
}

function pick(vector: OutputVector, rows: Int32Array): OutputVector {
  if (vector instanceof ExactVector) {
    const result = new ExactVector(rows.length)
    for (let i = 0; i < rows.length; i++) result.set(i, vector.get(rows[i]!))
    return result
  }
  if ('codes' in vector)
    return { codes: rows.map((row) => vector.codes[row]!), dictionary: vector.dictionary }
  if (vector instanceof Int32Array) return rows.map((row) => vector[row]!)
  const result = vector instanceof Int8Array ? new Int8Array(rows.length) : new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) result[i] = vector[rows[i]!]!
  return result
}
