import { dayRange } from '../../collections/groups/group-days.ts'
import { type GroupedRows, groupRows } from '../../collections/groups/group-rows.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'

/** The numbers of rows by day, in their order within each. */
export class RowsByDay {
  readonly #first: number
  /** By the number of days since the first. */
  readonly #grouped: GroupedRows

  /** @param times wall-clock times, one a row */
  constructor(times: Float64Array) {
    const { first, last } = dayRange(times)
    const days = new Int32Array(times.length)
    for (let row = 0; row < times.length; row++) days[row] = dayOf(times[row]!) - first
    this.#first = first
    this.#grouped = groupRows(days, Math.max(0, last - first + 1))
  }

  /** The days that have rows, ascending. */
  days(): number[] {
    const { offsets } = this.#grouped
    const days: number[] = []
    for (let i = 0; i + 1 < offsets.length; i++) if (offsets[i + 1]! > offsets[i]!) days.push(this.#first + i)
    return days
  }

  rowsOf(day: number): Int32Array {
    const i = day - this.#first
    const { offsets, rows } = this.#grouped
    if (i < 0 || i + 1 >= offsets.length) return rows.subarray(0, 0)
    return rows.subarray(offsets[i]!, offsets[i + 1]!)
  }
}
