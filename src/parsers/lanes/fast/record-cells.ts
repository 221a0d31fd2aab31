import type { ZodType } from 'zod'
import { isBlank } from '../../../lib/texts/blanks.ts'
import { type CellReason, cellSchemas, reasonOf } from '../../../raw/kinds.ts'
import type { RecordBatch } from '../../batch/record-batch.ts'
import { planColumns } from '../column-plan.ts'
import { cellOptionsOf, type LaneOptions, type RecordFault } from '../lane.ts'
import { ReadableCells } from '../readable-cells.ts'
import type { Canonical } from './kernel/canonical.ts'
import { cellBytes } from './kernel/cell-bytes.ts'
import { Fingerprint } from './kernel/fingerprint.ts'

/** How a number is read: its canonical form byte by byte, all others by the kind's schema, which decides. */
interface NumberReader {
  readonly canonical: Canonical
  readonly schema: ZodType<number, string>
}

/** How one declared column is read and checked, and where its cells go; written out, so that it has one shape. */
interface CellPlan {
  readonly name: string
  readonly required: boolean
  readonly position: number
  /** Undefined for ids and texts. */
  readonly reader: NumberReader | undefined
  readonly isCompared: boolean
  readonly starts: Int32Array | undefined
  readonly ends: Int32Array | undefined
  readonly numbers: Float64Array | undefined
}

/** Trims, checks and reads the declared cells of one record after the other into the rows of a batch. */
export class RecordCells {
  /** Of the columns whose cells are looked at, in declared order. */
  readonly #plans: readonly CellPlan[]
  /** By field number: 1 where anybody looks at the cell. */
  readonly isAsked: Uint8Array
  readonly #batch: RecordBatch
  readonly #nullValues: readonly Uint8Array[]
  readonly #fingerprint: Fingerprint | undefined
  readonly #readable: ReadableCells

  /** A text that may be null is passed over if nobody asks for it. */
  constructor(options: LaneOptions) {
    const { table, header, rules, batch } = options
    this.#plans = cellPlans(options)
    this.isAsked = new Uint8Array(header.fieldCount + 1)
    for (const { position } of this.#plans) this.isAsked[position] = 1
    this.#batch = batch
    this.#nullValues = rules.nullValues.map((text) => Buffer.from(text, 'utf8'))
    this.#fingerprint = table.comparesDuplicates ? new Fingerprint() : undefined
    this.#readable = new ReadableCells(options)
  }

  /**
   * Takes the fields of a record, which lie in the batch's bytes, as the batch's next row; that row counts
   * only if all are fine.
   *
   * @returns what stands against its first bad cell in declared order, undefined if all are fine
   */
  read(starts: Int32Array, ends: Int32Array): RecordFault | undefined {
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
        if (plan.required) return this.#fault(plan.name, 'required_cell_empty', '', starts, ends)
        if (plan.numbers !== undefined) plan.numbers[row] = Number.NaN
        if (plan.isCompared) fingerprint!.addNull()
        continue
      }
      if (plan.reader === undefined) {
        if (plan.isCompared) fingerprint!.addBytes(bytes, start, end)
        continue
      }
      let value = plan.reader.canonical(bytes, start, end)
      if (Number.isNaN(value)) {
        const text = textOf(bytes, start, end)
        const parsed = plan.reader.schema.safeParse(text)
        if (!parsed.success) return this.#fault(plan.name, reasonOf(parsed.error), text, starts, ends)
        value = parsed.data
      }
      if (plan.numbers !== undefined) plan.numbers[row] = value
      if (plan.isCompared) fingerprint!.addNumber(value)
    }
    if (fingerprint === undefined) return undefined
    batch.highs[row] = fingerprint.high
    batch.lows[row] = fingerprint.low
    return undefined
  }

  #fault(
    column: string,
    reason: CellReason | 'required_cell_empty',
    cell: string,
    starts: Int32Array,
    ends: Int32Array,
  ): RecordFault {
    return { column, reason, cell, ...this.#readable.of(this.#batch.bytes, starts, ends) }
  }

  #isNullValue(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#nullValues.some(
      (text) => text.length === end - start && text.every((byte, i) => byte === bytes[start + i]),
    )
  }
}

function cellPlans(options: LaneOptions): CellPlan[] {
  const { table, header, batch, rules } = options
  const schemas = cellSchemas(cellOptionsOf(options))
  const canonicals = cellBytes(cellOptionsOf(options))
  return planColumns(table, header, batch, rules).map(
    ({ name, required, position, kind, isCompared, starts, ends, numbers }): CellPlan => ({
      name,
      required,
      position,
      reader: kind === undefined ? undefined : { canonical: canonicals[kind], schema: schemas[kind] },
      isCompared,
      starts,
      ends,
      numbers,
    }),
  )
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}
