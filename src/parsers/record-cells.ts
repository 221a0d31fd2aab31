import { isBlank } from '../lib/blanks.ts'
import type { RawTable } from '../raw/define.ts'
import { type CellReader, type CellReason, cellReaders, type KindName, reasonOf } from '../raw/kinds.ts'
import { type Rules, timeFormatsOf } from '../rules/rules.ts'
import type { Header } from './header.ts'

/** How one declared column is read and checked. */
export interface ColumnPlan {
  readonly name: string
  readonly kind: KindName
  readonly required: boolean
  /** Field number in the file, -1 if the column is missing. */
  readonly position: number
  /** Undefined for ids and texts. */
  readonly reader: CellReader | undefined
}

/** Why a record is rejected: its first bad cell in declared order. */
export interface CellFault {
  readonly column: string
  readonly reason: CellReason | 'required_cell_empty'
  readonly cell: string
}

/** The declared cells of the record at hand, trimmed, checked and read. */
export class RecordCells {
  readonly plans: readonly ColumnPlan[]
  /** By plan: where the trimmed cell starts and ends in `bytes`; equal if it is null. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** By plan: the cell of a number kind, NaN if it is null. */
  readonly numbers: Float64Array
  bytes: Uint8Array = new Uint8Array(0)
  readonly #nullValues: readonly Uint8Array[]
  /** The numbers of the plans whose cells are looked at: not those of missing columns. */
  readonly #asked: Int32Array

  /** @param isOfUse whether anybody asks for a text that may be null: if not, it is null for all that is known */
  constructor(
    table: RawTable,
    header: Header,
    rules: Rules,
    isOfUse: (column: number) => boolean = () => true,
  ) {
    this.plans = planColumns(table, header, rules)
    this.#nullValues = rules.nullValues.map((text) => Buffer.from(text, 'utf8'))
    this.starts = new Int32Array(this.plans.length)
    this.ends = new Int32Array(this.plans.length)
    this.numbers = new Float64Array(this.plans.length).fill(Number.NaN)
    this.#asked = Int32Array.from(this.plans.keys()).filter((i) => {
      const { position, reader, required } = this.plans[i]!
      return position >= 0 && (required || reader !== undefined || isOfUse(i))
    })
  }

  /** Takes a record; its fields lie in `bytes`. @returns the first bad cell, undefined if all are fine */
  read(bytes: Uint8Array, starts: Int32Array, ends: Int32Array): CellFault | undefined {
    this.bytes = bytes
    const { plans, numbers } = this
    const asked = this.#asked
    for (let next = 0; next < asked.length; next++) {
      const i = asked[next]!
      const plan = plans[i]!
      let start = starts[plan.position]!
      let end = ends[plan.position]!
      while (start < end && isBlank(bytes[start]!)) start++
      while (end > start && isBlank(bytes[end - 1]!)) end--
      if (start < end && this.#nullValues.length > 0 && this.#isNullValue(bytes, start, end)) end = start
      this.starts[i] = start
      this.ends[i] = end
      if (start === end) {
        numbers[i] = Number.NaN
        if (!plan.required) continue
        return { column: plan.name, reason: 'required_cell_empty', cell: '' }
      }
      if (plan.reader === undefined) continue
      const value = plan.reader.canonical(bytes, start, end)
      if (!Number.isNaN(value)) {
        numbers[i] = value
        continue
      }
      const text = textOf(bytes, start, end)
      const parsed = plan.reader.schema.safeParse(text)
      if (!parsed.success) return { column: plan.name, reason: reasonOf(parsed.error), cell: text }
      numbers[i] = parsed.data
    }
    return undefined
  }

  #isNullValue(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#nullValues.some(
      (text) => text.length === end - start && text.every((byte, i) => byte === bytes[start + i]),
    )
  }
}

function planColumns(table: RawTable, header: Header, rules: Rules): ColumnPlan[] {
  const readers = cellReaders({
    timeZone: rules.timezone,
    timeFormats: timeFormatsOf(rules, table.name),
  })
  return Object.entries(table.columns).map(([name, { kind, required }], i) => ({
    name,
    kind,
    required,
    position: header.positions[i]!,
    reader: kind === 'id' || kind === 'text' ? undefined : readers[kind],
  }))
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}
