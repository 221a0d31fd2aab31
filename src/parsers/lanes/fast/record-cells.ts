import { isBlank } from '../../../lib/texts/blanks.ts'
import { dayOf } from '../../../lib/times/wall-clock.ts'
import type { RawTable } from '../../../raw/define.ts'
import { type CellReader, type CellReason, cellReaders, reasonOf } from '../../../raw/kinds.ts'
import { type Rules, timeFormatsOf } from '../../../rules/rules.ts'
import type { RecordBatch } from '../../batch/record-batch.ts'
import type { Header } from '../../records/header.ts'
import { Fingerprint } from './kernel/fingerprint.ts'

/** How one declared column is read and checked, and where its cells go. */
interface ColumnPlan {
  readonly name: string
  readonly required: boolean
  /** Field number in the file. */
  readonly position: number
  /** Undefined for ids and texts. */
  readonly reader: CellReader | undefined
  /** Undefined where the batch does not hold them. */
  readonly starts: Int32Array | undefined
  readonly ends: Int32Array | undefined
  readonly numbers: Float64Array | undefined
}

/** Why a record is rejected: its first bad cell in declared order. */
export interface CellFault {
  readonly column: string
  readonly reason: CellReason | 'required_cell_empty'
  readonly cell: string
  /** Of its time, if that can be read. */
  readonly day: number | undefined
}

/** Trims, checks and reads the declared cells of one record after the other into the rows of a batch. */
export class RecordCells {
  /** Of the columns whose cells are looked at, in declared order. */
  readonly #plans: readonly ColumnPlan[]
  /** By field number: 1 where anybody looks at the cell. */
  readonly isAsked: Uint8Array
  readonly #batch: RecordBatch
  readonly #nullValues: readonly Uint8Array[]
  readonly #fingerprint: Fingerprint | undefined
  readonly #time: ColumnPlan | undefined

  /** A text that may be null is passed over if nobody asks for it. */
  constructor(table: RawTable, header: Header, rules: Rules, batch: RecordBatch) {
    this.#plans = planColumns(table, header, rules, batch)
    this.isAsked = new Uint8Array(header.fieldCount + 1)
    for (const { position } of this.#plans) this.isAsked[position] = 1
    this.#batch = batch
    this.#nullValues = rules.nullValues.map((text) => Buffer.from(text, 'utf8'))
    this.#fingerprint = table.comparesDuplicates ? new Fingerprint() : undefined
    this.#time = this.#plans.find(({ name }) => name === table.time)
  }

  /** The day of a record by its time cell alone; undefined if there is none that can be read. */
  dayOf(starts: Int32Array, ends: Int32Array): number | undefined {
    if (this.#time === undefined) return undefined
    const { position, reader } = this.#time
    const { bytes } = this.#batch
    let start = starts[position]!
    let end = ends[position]!
    while (start < end && isBlank(bytes[start]!)) start++
    while (end > start && isBlank(bytes[end - 1]!)) end--
    if (start === end || this.#isNullValue(bytes, start, end)) return undefined
    const parsed = reader!.schema.safeParse(textOf(bytes, start, end))
    return parsed.success ? dayOf(parsed.data) : undefined
  }

  /**
   * Takes the fields of a record, which lie in the batch's bytes, as the batch's next row; that row counts
   * only if all are fine.
   *
   * @returns the first bad cell, undefined if all are fine
   */
  read(starts: Int32Array, ends: Int32Array): CellFault | undefined {
    const batch = this.#batch
    const { bytes } = batch
    const row = batch.count
    const plans = this.#plans
    const fingerprint = this.#fingerprint
    fingerprint?.reset()
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]!
      let start = starts[plan.position]!
      let end = ends[plan.position]!
      while (start < end && isBlank(bytes[start]!)) start++
      while (end > start && isBlank(bytes[end - 1]!)) end--
      if (start < end && this.#nullValues.length > 0 && this.#isNullValue(bytes, start, end)) end = start
      if (plan.starts !== undefined) {
        plan.starts[row] = start
        plan.ends![row] = end
      }
      if (start === end) {
        if (plan.required) {
          const day = this.dayOf(starts, ends)
          return { column: plan.name, reason: 'required_cell_empty', cell: '', day }
        }
        if (plan.numbers !== undefined) plan.numbers[row] = Number.NaN
        fingerprint?.addNull()
        continue
      }
      if (plan.reader === undefined) {
        fingerprint?.addBytes(bytes, start, end)
        continue
      }
      let value = plan.reader.canonical(bytes, start, end)
      if (Number.isNaN(value)) {
        const text = textOf(bytes, start, end)
        const parsed = plan.reader.schema.safeParse(text)
        if (!parsed.success) {
          const day = this.dayOf(starts, ends)
          return { column: plan.name, reason: reasonOf(parsed.error), cell: text, day }
        }
        value = parsed.data
      }
      if (plan.numbers !== undefined) plan.numbers[row] = value
      fingerprint?.addNumber(value)
    }
    if (fingerprint === undefined) return undefined
    batch.highs[row] = fingerprint.high
    batch.lows[row] = fingerprint.low
    return undefined
  }

  #isNullValue(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#nullValues.some(
      (text) => text.length === end - start && text.every((byte, i) => byte === bytes[start + i]),
    )
  }
}

function planColumns(table: RawTable, header: Header, rules: Rules, batch: RecordBatch): ColumnPlan[] {
  const readers = cellReaders({
    timeZone: rules.timezone,
    timeFormats: timeFormatsOf(rules, table.name),
  })
  return Object.entries(table.columns).flatMap(([name, { kind, required }], i): ColumnPlan[] => {
    const position = header.positions[i]!
    const reader = kind === 'id' || kind === 'text' ? undefined : readers[kind]
    const [starts, ends, numbers] = [batch.starts[i], batch.ends[i], batch.numbers[i]]
    const isOfUse = starts !== undefined || table.comparesDuplicates
    return position >= 0 && (required || reader !== undefined || isOfUse)
      ? [{ name, required, position, reader, starts, ends, numbers }]
      : []
  })
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}
