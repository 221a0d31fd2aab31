import { isBlank, trimBlanks } from '../../../lib/texts/blanks.ts'
import { type CellSchemas, cellSchemas, reasonOf } from '../../../raw/kinds.ts'
import { type ColumnPlan, planColumns } from '../column-plan.ts'
import { Fingerprint } from '../fast/kernel/fingerprint.ts'
import type { RecordScanner } from '../fast/kernel/record-scanner.ts'
import { cellOptionsOf, fieldCountFault, type Lane, type LaneOptions, type RecordFault } from '../lane.ts'
import { NOTHING_READABLE, ReadableCells } from '../readable-cells.ts'
import { splitBySlowReader } from '../split-record.ts'

/**
 * The lane that is sure: csv-parse splits each record into texts, and the schemas of the kinds read each cell.
 * It puts the texts beside the file's bytes in the batch, where there is room for a few records only: so a
 * batch that it fills by itself holds few rows.
 */
export function slowLane(options: LaneOptions): Lane {
  return new SlowLane(options)
}

class SlowLane implements Lane {
  readonly #options: LaneOptions
  readonly #plans: readonly ColumnPlan[]
  readonly #schemas: CellSchemas
  readonly #readable: ReadableCells
  readonly #fingerprint: Fingerprint | undefined

  constructor(options: LaneOptions) {
    const { table, header, batch, rules } = options
    this.#options = options
    this.#plans = planColumns(table, header, batch, rules)
    this.#schemas = cellSchemas(cellOptionsOf(options))
    this.#readable = new ReadableCells(options)
    this.#fingerprint = table.comparesDuplicates ? new Fingerprint() : undefined
  }

  read(start: number, scanner: RecordScanner): RecordFault | undefined {
    const { batch, header, form, scans } = this.#options
    const split = splitBySlowReader(batch, start, scanner, form)
    if (split === undefined) {
      return { column: undefined, reason: 'quote_in_unquoted_cell', cell: undefined, ...NOTHING_READABLE }
    }
    const { fields, starts, ends } = split
    scans?.record(batch.bytes, starts, ends, fields.length)
    if (fields.length !== header.fieldCount) return fieldCountFault(fields.length, header.fieldCount)
    return this.#cells(fields, starts, ends)
  }

  #cells(fields: readonly string[], starts: Int32Array, ends: Int32Array): RecordFault | undefined {
    const { batch, rules } = this.#options
    const { bytes, count: row } = batch
    const fingerprint = this.#fingerprint
    const fault = (column: string, reason: RecordFault['reason'], cell: string): RecordFault => ({
      column,
      reason,
      cell,
      ...this.#readable.of(bytes, starts, ends),
    })
    fingerprint?.reset()
    for (const { name, required, position, kind, isCompared, ...into } of this.#plans) {
      const trimmed = trimBlanks(fields[position]!)
      const text = rules.nullValues.includes(trimmed) ? '' : trimmed
      let start = starts[position]!
      while (start < ends[position]! && isBlank(bytes[start]!)) start++
      const end = start + Buffer.byteLength(text, 'utf8')
      if (into.starts !== undefined) into.starts[row] = start
      if (into.ends !== undefined) into.ends[row] = end
      if (text === '') {
        if (required) return fault(name, 'required_cell_empty', '')
        if (into.numbers !== undefined) into.numbers[row] = Number.NaN
        if (isCompared) fingerprint?.addNull()
      } else if (kind === undefined) {
        if (isCompared) fingerprint?.addBytes(bytes, start, end)
      } else {
        const parsed = this.#schemas[kind].safeParse(text)
        if (!parsed.success) return fault(name, reasonOf(parsed.error), text)
        if (into.numbers !== undefined) into.numbers[row] = parsed.data
        if (isCompared) fingerprint?.addNumber(parsed.data)
      }
    }
    if (fingerprint === undefined) return undefined
    batch.highs[row] = fingerprint.high
    batch.lows[row] = fingerprint.low
    return undefined
  }
}
