import { add, type Whole, whole } from '../lib/numbers/exact.ts'

const MAX_SAFE = Number.MAX_SAFE_INTEGER

/** What an ExactVector holds, as it goes from one thread to another; the array is the vector's own. */
export interface ExactParts {
  readonly values: Float64Array
  readonly wide: ReadonlyMap<number, bigint> | undefined
}

/**
 * Whole numbers of any size, one a row: sums of money in ten-thousandths, or ratios in hundredths.
 * Starts as zeros. Numbers beyond 2^53 are kept aside as bigints; NaN marks a null, Infinity one kept aside.
 */
export class ExactVector {
  readonly #values: Float64Array
  #wide: Map<number, bigint> | undefined

  /** @param of its length, or what another one holds */
  constructor(of: number | ExactParts) {
    this.#values = typeof of === 'number' ? new Float64Array(of) : of.values
    if (typeof of !== 'number' && of.wide !== undefined) this.#wide = new Map(of.wide)
  }

  get length(): number {
    return this.#values.length
  }

  /** Adds a whole number to a row that is not null. */
  add(row: number, amount: Whole): void {
    if (typeof amount === 'number') {
      const sum = this.#values[row]! + amount
      // Also false where the row is kept aside, as Infinity.
      if (sum <= MAX_SAFE && sum >= -MAX_SAFE) {
        this.#values[row] = sum
        return
      }
    }
    this.set(row, add(this.get(row) ?? 0, amount))
  }

  set(row: number, value: Whole | null): void {
    const small = typeof value === 'bigint' ? whole(value) : value
    if (typeof small === 'bigint') {
      this.#wide ??= new Map()
      this.#wide.set(row, small)
      this.#values[row] = Number.POSITIVE_INFINITY
    } else this.#values[row] = small ?? Number.NaN
  }

  get(row: number): Whole | null {
    const value = this.#values[row]!
    if (Number.isNaN(value)) return null
    return value === Number.POSITIVE_INFINITY ? this.#wide!.get(row)! : value
  }

  parts(): ExactParts {
    return { values: this.#values, wide: this.#wide }
  }

  /** The exact sum of all rows; nulls count as 0. */
  sum(): Whole {
    let sum: Whole = 0
    for (let row = 0; row < this.length; row++) sum = add(sum, this.get(row) ?? 0)
    return sum
  }
}
