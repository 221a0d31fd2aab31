import { isCompared, type RawTable } from '../../raw/define.ts'
import type { NumberKind } from '../../raw/kinds.ts'
import { optionalOf, type Rules } from '../../rules/rules.ts'
import type { RecordBatch } from '../batch/record-batch.ts'
import type { Header } from '../headers/header.ts'

/** Where one declared column stands in the file, and where its cells go. */
export interface ColumnPlan {
  readonly name: string
  readonly required: boolean
  /** Field number in the file. */
  readonly position: number
  /** Undefined for ids and texts. */
  readonly kind: NumberKind | undefined
  /** Whether its cells tell apart rows of one key. */
  readonly isCompared: boolean
  /** Undefined where the batch does not hold them. */
  readonly starts: Int32Array | undefined
  readonly ends: Int32Array | undefined
  readonly numbers: Float64Array | undefined
}

/** The columns whose cells are looked at, in declared order; a text that may be null only if somebody asks. */
export function planColumns(table: RawTable, header: Header, batch: RecordBatch, rules: Rules): ColumnPlan[] {
  const mayBeEmpty = optionalOf(rules, table.name)
  return Object.entries(table.columns).flatMap(([name, column], i): ColumnPlan[] => {
    const position = header.positions[i]!
    const required = column.required && !mayBeEmpty.includes(name)
    const kind = column.kind === 'id' || column.kind === 'text' ? undefined : column.kind
    const [starts, ends, numbers] = [batch.starts[i], batch.ends[i], batch.numbers[i]]
    const compared = isCompared(table, name)
    const isOfUse = starts !== undefined || compared
    return position >= 0 && (column.required || kind !== undefined || isOfUse)
      ? [{ name, required, position, kind, isCompared: compared, starts, ends, numbers }]
      : []
  })
}
