import { trimBlanks } from '../../lib/texts/blanks.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'
import { type CellSchemas, cellSchemas, type NumberKind } from '../../raw/kinds.ts'
import type { RejectedRecord } from '../batch/record-batch.ts'
import { RowWorth } from '../rows/row-worth.ts'
import { cellOptionsOf, type LaneOptions } from './lane.ts'

/** What can be read of a record that is rejected. */
export type ReadableParts = Pick<RejectedRecord, 'day' | 'worth'>

/** Of a record whose cells cannot be told apart. */
export const NOTHING_READABLE: ReadableParts = { day: undefined, worth: 0 }

interface Place {
  /** Field number in the file, -1 if the column is missing. */
  readonly position: number
  readonly kind: NumberKind
}

/** The cells that still say something of a record of which nothing else counts: its time and its money. */
export class ReadableCells {
  readonly #time: Place | undefined
  readonly #amount: Place | undefined
  readonly #times: Place | undefined
  readonly #worth: RowWorth | undefined
  readonly #schemas: CellSchemas
  readonly #nullValues: readonly string[]

  constructor(options: Pick<LaneOptions, 'table' | 'header' | 'rules' | 'toWallClock'>) {
    const { table, header, rules } = options
    const names = Object.keys(table.columns)
    const place = (name: string | undefined): Place | undefined =>
      name === undefined
        ? undefined
        : { position: header.positions[names.indexOf(name)]!, kind: table.columns[name]!.kind as NumberKind }
    this.#time = place(table.time)
    this.#amount = place(table.worth?.amount)
    this.#times = place(table.worth?.times)
    this.#worth = RowWorth.of(table)
    this.#schemas = cellSchemas(cellOptionsOf(options))
    this.#nullValues = rules.nullValues
  }

  /**
   * Reads each by itself; the record has as many fields as the header.
   *
   * @param fields how many cells there are: those that are mapped may be there, or not yet
   */
  of(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, fields = starts.length): ReadableParts {
    const number = (place: Place | undefined) =>
      place === undefined || place.position >= fields ? Number.NaN : this.#number(place, bytes, starts, ends)
    const time = number(this.#time)
    return {
      day: Number.isNaN(time) ? undefined : dayOf(time),
      worth: this.#worth?.worth(number(this.#amount), number(this.#times)) ?? 0,
    }
  }

  /** NaN if the cell is null or not acceptable. */
  #number({ position, kind }: Place, bytes: Uint8Array, starts: Int32Array, ends: Int32Array): number {
    if (position < 0) return Number.NaN
    const cell = Buffer.from(bytes.subarray(starts[position]!, ends[position]!)).toString('utf8')
    const text = trimBlanks(cell)
    if (text === '' || this.#nullValues.includes(text)) return Number.NaN
    const parsed = this.#schemas[kind].safeParse(text)
    return parsed.success ? parsed.data : Number.NaN
  }
}
