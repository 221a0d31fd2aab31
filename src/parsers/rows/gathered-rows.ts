import { Growing } from '../../lib/numbers/growing.ts'
import type { RowFacts } from './row-judge.ts'

/** What must be known of all rows of a table, where they are judged only when the last has come. */
export class GatheredRows {
  readonly #keys = new Growing(Int32Array)
  readonly #own = new Growing(Uint8Array)
  readonly #owners: readonly Growing<Int32Array>[]
  readonly #times = new Growing(Float64Array)
  #hasOwn = false
  #hasTimes = false
  readonly #amounts = new Growing(Float64Array)
  #hasAmounts = false

  /** @param owners how many columns name the rows to which a row belongs */
  constructor(owners: number) {
    this.#owners = Array.from({ length: owners }, () => new Growing(Int32Array))
  }

  /** Adds rows; the arrays may be changed afterwards. */
  add({ count, keys, own, owners, times, amounts }: RowFacts): void {
    this.#keys.append(keys, count)
    for (const [i, codes] of owners.entries()) this.#owners[i]!.append(codes, count)
    if (own !== undefined) this.#own.append(own, count)
    if (times !== undefined) this.#times.append(times, count)
    if (amounts !== undefined) this.#amounts.append(amounts, count)
    this.#hasAmounts ||= amounts !== undefined
    this.#hasOwn ||= own !== undefined
    this.#hasTimes ||= times !== undefined
  }

  /** All rows, in the order in which they came. */
  get facts(): RowFacts {
    return {
      count: this.#keys.length,
      keys: this.#keys.values,
      highs: new Int32Array(0),
      lows: new Int32Array(0),
      own: this.#hasOwn ? this.#own.values : undefined,
      owners: this.#owners.map(({ values }) => values),
      times: this.#hasTimes ? this.#times.values : undefined,
      amounts: this.#hasAmounts ? this.#amounts.values : undefined,
    }
  }
}
