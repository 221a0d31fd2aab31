import type { Encoder } from '../collections/dictionary.ts'
import { KeySet } from '../collections/key-set.ts'
import { Growing } from '../lib/growing.ts'
import type { RecordBatch } from './record-batch.ts'

/** How a row relates to those before it. */
export const NEW_KEY = 0
export const IDENTICAL = 1
export const CONFLICTING = 2

/** The keys seen in acceptable records of one table, so that the first of each stays (SPEC section 1). */
export class KeyLedger {
  /** Of the batch judged last, by row: the code of its key, and NEW_KEY, IDENTICAL or CONFLICTING. */
  codes = new Int32Array(0)
  verdicts = new Uint8Array(0)
  readonly #column: number
  readonly #encoder: Encoder | KeySet
  readonly #compares: boolean
  /** By code of the key: 1 once it was seen. */
  readonly #seen = new Growing(Uint8Array)
  readonly #highs = new Growing(Int32Array)
  readonly #lows = new Growing(Int32Array)

  /**
   * @param column the number of the key's column
   * @param encoder that of a dictionary, if other tables know the key
   * @param compares whether a repeated key is compared with the record that stays
   */
  constructor(column: number, encoder: Encoder | KeySet, compares: boolean) {
    this.#column = column
    this.#encoder = encoder
    this.#compares = compares
  }

  /** Makes room for that many keys in all. */
  expect(keys: number): void {
    this.#encoder.expect(keys)
    this.#seen.reserve(keys)
  }

  /** Judges the rows of a batch, whose keys are remembered. @returns how many repeat a key */
  judge(batch: RecordBatch): number {
    if (this.codes.length < batch.count) {
      this.codes = new Int32Array(batch.count)
      this.verdicts = new Uint8Array(batch.count)
    }
    const { codes, verdicts } = this
    const encoder = this.#encoder
    if (encoder instanceof KeySet) encoder.encodeCells(batch.keys(), codes, 0)
    else encoder.encodeCells(batch.texts(this.#column), codes, 0)
    this.#makeRoom(batch.count)
    const seen = this.#seen.values
    const highs = this.#highs.values
    const lows = this.#lows.values
    let repeated = 0
    for (let row = 0; row < batch.count; row++) {
      const key = codes[row]!
      if (seen[key] === 0) {
        seen[key] = 1
        verdicts[row] = NEW_KEY
        if (!this.#compares) continue
        highs[key] = batch.highs[row]!
        lows[key] = batch.lows[row]!
      } else {
        repeated++
        const isSame = !this.#compares || (highs[key] === batch.highs[row] && lows[key] === batch.lows[row])
        verdicts[row] = isSame ? IDENTICAL : CONFLICTING
      }
    }
    return repeated
  }

  #makeRoom(count: number): void {
    let most = -1
    for (let row = 0; row < count; row++) if (this.codes[row]! > most) most = this.codes[row]!
    this.#seen.reserve(most + 1)
    if (!this.#compares) return
    this.#highs.reserve(most + 1)
    this.#lows.reserve(most + 1)
  }
}
