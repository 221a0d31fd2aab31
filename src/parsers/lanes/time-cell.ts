import type { ZodType } from 'zod'
import { trimBlanks } from '../../lib/texts/blanks.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'
import { cellSchemas } from '../../raw/kinds.ts'
import { cellOptionsOf, type LaneOptions } from './lane.ts'

/** The cell with the time of a record of which nothing else counts. */
export class TimeCell {
  readonly #position: number
  readonly #schema: ZodType<number, string>
  readonly #nullValues: readonly string[]

  constructor(options: Pick<LaneOptions, 'table' | 'header' | 'rules' | 'toWallClock'>) {
    const { table, header, rules } = options
    const column = table.time === undefined ? -1 : Object.keys(table.columns).indexOf(table.time)
    this.#position = column < 0 ? -1 : header.positions[column]!
    this.#schema = cellSchemas(cellOptionsOf(options)).timestamp
    this.#nullValues = rules.nullValues
  }

  /** The day of a record by its time cell alone; undefined if there is none that can be read. */
  dayOf(bytes: Uint8Array, starts: Int32Array, ends: Int32Array): number | undefined {
    if (this.#position < 0) return undefined
    const cell = Buffer.from(bytes.subarray(starts[this.#position]!, ends[this.#position]!)).toString('utf8')
    const text = trimBlanks(cell)
    if (text === '' || this.#nullValues.includes(text)) return undefined
    const parsed = this.#schema.safeParse(text)
    return parsed.success ? dayOf(parsed.data) : undefined
  }
}
