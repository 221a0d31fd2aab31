import type { NumberStore, TextStore } from '../../collections/column-store.ts'
import { Growing } from '../../lib/numbers/growing.ts'
import { NOT_FILTERED } from '../accounting/accounting.ts'
import type { RecordBatch } from '../batch/record-batch.ts'
import { IDENTICAL } from '../keys/key-ledger.ts'
import { ACCEPTED } from './row-judge.ts'

/** A column that is kept, and where its cells are. */
export interface KeptColumn {
  readonly column: number
  readonly store: TextStore | NumberStore
}

/** The cells of one column in the repeated rows of a batch. */
interface RepeatedCells extends KeptColumn {
  readonly numbers: Growing<Float64Array>
  readonly starts: Growing<Int32Array>
  readonly ends: Growing<Int32Array>
}

/**
 * Repeated rows of a table whose repeated keys are not compared as a whole: whether they differ from the row
 * that stays in any column that is kept. Costs nothing for rows that repeat no key: the row that stays is
 * looked up among those that were kept, by its key's code. So codes must count the keys in the order of rows.
 */
export class RepeatedRows {
  readonly #columns: readonly RepeatedCells[]
  readonly #keys = new Growing(Int32Array)
  readonly #own = new Growing(Uint8Array)
  /** By code of the key: the number of the kept row, or -1; undefined while all rows with a new key are kept. */
  #rowOfKey: Growing<Int32Array> | undefined
  #newKeys = 0
  #kept = 0

  constructor(columns: readonly KeptColumn[]) {
    this.#columns = columns.map(({ column, store }) => ({
      column,
      store,
      numbers: new Growing(Float64Array),
      starts: new Growing(Int32Array),
      ends: new Growing(Int32Array),
    }))
  }

  /** A batch of which nothing is left out. */
  tookAll(count: number): void {
    for (let row = 0; this.#rowOfKey !== undefined && row < count; row++)
      this.#rowOfKey.push(this.#kept + row)
    this.#newKeys += count
    this.#kept += count
  }

  /**
   * Remembers the repeated rows of a batch before rows are taken out of it.
   *
   * @param keys the codes of the keys
   * @param own why the cells of a row leave it out; undefined if they leave none out
   */
  take(batch: RecordBatch, fates: Uint8Array, keys: Int32Array, own: Uint8Array | undefined): void {
    for (let row = 0; row < batch.count; row++) {
      if (fates[row] === IDENTICAL) this.#remember(batch, row, keys[row]!, own?.[row] ?? NOT_FILTERED)
      else if (fates[row] === ACCEPTED) this.#newKey(this.#kept++)
      else this.#newKey(-1)
    }
  }

  /** How many of the rows remembered last differ from an accepted row; the batch's rows have been kept. */
  differing(bytes: Uint8Array): number {
    let count = 0
    for (let i = 0; i < this.#keys.length; i++) {
      const key = this.#keys.values[i]!
      const row = this.#rowOfKey === undefined ? key : this.#rowOfKey.values[key]!
      // What leaves one row out and not the other is a cell of theirs.
      if (row >= 0 && (this.#own.values[i] !== NOT_FILTERED || this.#differs(i, row, bytes))) count++
    }
    this.#keys.length = 0
    this.#own.length = 0
    for (const { numbers, starts, ends } of this.#columns)
      for (const values of [numbers, starts, ends]) values.length = 0
    return count
  }

  #newKey(row: number): void {
    if (row < 0 && this.#rowOfKey === undefined) {
      this.#rowOfKey = new Growing(Int32Array)
      for (let key = 0; key < this.#newKeys; key++) this.#rowOfKey.push(key)
    }
    this.#rowOfKey?.push(row)
    this.#newKeys++
  }

  #remember(batch: RecordBatch, row: number, key: number, own: number): void {
    this.#keys.push(key)
    this.#own.push(own)
    for (const { column, numbers, starts, ends } of this.#columns) {
      numbers.push(batch.numbers[column]?.[row] ?? Number.NaN)
      starts.push(batch.starts[column]?.[row] ?? 0)
      ends.push(batch.ends[column]?.[row] ?? 0)
    }
  }

  #differs(i: number, row: number, bytes: Uint8Array): boolean {
    for (const { store, numbers, starts, ends } of this.#columns) {
      const isSame =
        'encoder' in store
          ? store.isAt(row, bytes, starts.values[i]!, ends.values[i]!)
          : store.isAt(row, numbers.values[i]!)
      if (!isSame) return true
    }
    return false
  }
}
