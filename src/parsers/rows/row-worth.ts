import { absolute, add, lineAmount, MONEY_SCALE, type Whole } from '../../lib/numbers/exact.ts'
import type { RawTable } from '../../raw/define.ts'
import type { RecordBatch } from '../batch/record-batch.ts'

/** A sum is put aside before it may leave the integers that a number holds exactly. */
const MOST = 2 ** 52

/** What the rows of one table are worth, without signs: an amount, or an amount times a quantity. */
export class RowWorth {
  readonly #amount: number
  /** -1 where the amount alone counts. */
  readonly #times: number

  private constructor(amount: number, times: number) {
    this.#amount = amount
    this.#times = times
  }

  /** Undefined for a table whose rows are worth nothing by themselves. */
  static of({ worth, columns }: RawTable): RowWorth | undefined {
    if (worth === undefined) return undefined
    const names = Object.keys(columns)
    const { amount, times } = worth
    return new RowWorth(names.indexOf(amount), times === undefined ? -1 : names.indexOf(times))
  }

  /**
   * In ten-thousandths, rounded half away from zero; 0 if a cell that it needs is null (NaN).
   *
   * @param times of no use where the amount alone counts
   */
  worth(amount: number, times: number): Whole {
    if (Number.isNaN(amount)) return 0
    if (this.#times < 0) return Math.abs(amount)
    if (Number.isNaN(times)) return 0
    return absolute(lineAmount(amount, times))
  }

  /** Of one row of a batch. */
  ofRow({ numbers }: RecordBatch, row: number): Whole {
    return this.worth(numbers[this.#amount]![row]!, numbers[this.#times]?.[row] ?? Number.NaN)
  }

  /** Of all rows of a batch. */
  ofAll({ numbers, count }: RecordBatch): Whole {
    const amounts = numbers[this.#amount]!
    const times = numbers[this.#times]
    let total: Whole = 0
    let sum = 0
    for (let row = 0; row < count; row++) {
      const quantity = times === undefined ? MONEY_SCALE : times[row]!
      // Whole quantities, as nearly all are, need no exact division.
      const whole =
        (quantity | 0) % MONEY_SCALE === 0 && (quantity | 0) === quantity
          ? quantity / MONEY_SCALE
          : Number.NaN
      const product = Math.abs(amounts[row]! * whole)
      if (product <= MOST - sum) sum += product
      else {
        total = add(total, sum)
        sum = 0
        total = add(total, this.worth(amounts[row]!, quantity))
      }
    }
    return add(total, sum)
  }
}
