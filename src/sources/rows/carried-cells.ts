/**
 * Fills the empty cells of records that belong together, and counts these. A record without a key belongs to
 * no other: nothing is carried into it, and its place is 1.
 */
export class CarriedCells {
  readonly #key: number
  readonly #columns: readonly number[]
  readonly #values: string[]
  #lastKey = ''
  #isNewFile = false
  /** By key, how many of its records were there; undefined if nobody asks for places. */
  readonly #counts: Map<string, number> | undefined

  /** @param key and @param columns numbers of cells */
  constructor(key: number, columns: readonly number[], countsPlaces: boolean) {
    this.#key = key
    this.#columns = columns
    this.#values = columns.map(() => '')
    this.#counts = countsPlaces ? new Map() : undefined
  }

  /**
   * The next record is the first of another file. Only if its key is that of the record before and it lacks what that
   * one has, it goes on with it: an export in parts may be cut anywhere. Else it belongs to none of those before, so
   * that what two exports both hold has the same places in both.
   */
  restart(): void {
    this.#isNewFile = true
  }

  /**
   * Writes what is carried into the cells.
   *
   * @returns the place of the record among those of its key, also if others stand between; 1 if places do not count
   */
  next(cells: string[]): number {
    const key = cells[this.#key] ?? ''
    if (this.#isNewFile) this.#begin(cells, key)
    const isSame = key !== '' && key === this.#lastKey
    for (let i = 0; i < this.#columns.length; i++) {
      const column = this.#columns[i]!
      if (isSame && cells[column] === '') cells[column] = this.#values[i]!
      this.#values[i] = cells[column] ?? ''
    }
    this.#lastKey = key
    if (key === '' || this.#counts === undefined) return 1
    const place = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, place)
    return place
  }

  #begin(cells: readonly string[], key: string): void {
    this.#isNewFile = false
    const lacks = this.#columns.some((column, i) => cells[column] === '' && this.#values[i] !== '')
    const count = key === this.#lastKey && lacks ? this.#counts?.get(key) : undefined
    if (key !== this.#lastKey || !lacks) this.#lastKey = ''
    this.#counts?.clear()
    if (count !== undefined) this.#counts?.set(key, count)
  }
}
