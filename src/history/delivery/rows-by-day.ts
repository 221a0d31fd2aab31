import { dayRange } from '../../collections/group-days.ts'
import { dayOf } from '../../lib/wall-clock.ts'

/** The numbers of rows by day, in their order within each. */
export class RowsByDay {
  readonly #first: number
  /** Where the rows of each day start in `order`, from the first day on. */
  readonly #starts: Int32Array
  readonly #order: Int32Array

  /** @param times wall-clock times, one a row */
  constructor(times: Float64Array) {
    const { first, last } = dayRange(times)
    const starts = new Int32Array(Math.max(0, last - first + 1) + 1)
    for (let row = 0; row < times.length; row++) starts[dayOf(times[row]!) - first + 1]!++
    for (let day = 1; day < starts.length; day++) starts[day]! += starts[day - 1]!
    const order = new Int32Array(times.length)
    const next = starts.slice()
    for (let row = 0; row < times.length; row++) order[next[dayOf(times[row]!) - first]!++] = row
    this.#first = first
    this.#starts = starts
    this.#order = order
  }

  /** The days that have rows, ascending. */
  days(): number[] {
    const days: number[] = []
    for (let i = 0; i + 1 < this.#starts.length; i++)
      if (this.#starts[i + 1]! > this.#starts[i]!) days.push(this.#first + i)
    return days
  }

  rowsOf(day: number): Int32Array {
    const i = day - this.#first
    if (i < 0 || i + 1 >= this.#starts.length) return this.#order.subarray(0, 0)
    return this.#order.subarray(this.#starts[i]!, this.#starts[i + 1]!)
  }
}
