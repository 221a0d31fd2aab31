import { Growing } from '../../lib/numbers/growing.ts'

/** How a row relates to those before it. */
export const NEW_KEY = 0
export const IDENTICAL = 1
export const CONFLICTING = 2

/** The keys seen in acceptable rows of one table, so that the first of each stays (SPEC section 1). */
export class KeyLedger {
  readonly #compares: boolean
  /** By code of the key: 1 once it was seen. */
  readonly #seen = new Growing(Uint8Array)
  readonly #highs = new Growing(Int32Array)
  readonly #lows = new Growing(Int32Array)

  /** @param compares whether a repeated key is compared with the row that stays */
  constructor(compares: boolean) {
    this.#compares = compares
  }

  /** Makes room for that many keys in all. */
  expect(keys: number): void {
    this.#seen.reserve(keys)
  }

  /**
   * Judges some rows, whose keys are remembered.
   *
   * @param keys the codes of their keys
   * @param highs and lows: the halves of their fingerprints; of no use if nobody compares
   * @param verdicts gets NEW_KEY, IDENTICAL or CONFLICTING of each row
   * @returns how many repeat a key
   */
  judge(count: number, keys: Int32Array, highs: Int32Array, lows: Int32Array, verdicts: Uint8Array): number {
    this.#makeRoom(keys, count)
    const seen = this.#seen.values
    const knownHighs = this.#highs.values
    const knownLows = this.#lows.values
    const compares = this.#compares
    let repeated = 0
    for (let row = 0; row < count; row++) {
      const key = keys[row]!
      if (seen[key] === 0) {
        seen[key] = 1
        verdicts[row] = NEW_KEY
        if (!compares) continue
        knownHighs[key] = highs[row]!
        knownLows[key] = lows[row]!
      } else {
        repeated++
        const isSame = !compares || (knownHighs[key] === highs[row] && knownLows[key] === lows[row])
        verdicts[row] = isSame ? IDENTICAL : CONFLICTING
      }
    }
    return repeated
  }

  /**
   * Judges all rows of a table at once, where the last of each key stays: those before it are IDENTICAL, since
   * they may differ.
   *
   * @param keys the codes of their keys
   * @param verdicts gets NEW_KEY or IDENTICAL of each row
   * @returns how many are followed by a row of their key
   */
  judgeLast(count: number, keys: Int32Array, verdicts: Uint8Array): number {
    this.#makeRoom(keys, count)
    const seen = this.#seen.values
    let repeated = 0
    for (let row = count - 1; row >= 0; row--) {
      const isFollowed = seen[keys[row]!]! === 1
      verdicts[row] = isFollowed ? IDENTICAL : NEW_KEY
      if (isFollowed) repeated++
      else seen[keys[row]!] = 1
    }
    return repeated
  }

  #makeRoom(keys: Int32Array, count: number): void {
    let most = -1
    for (let row = 0; row < count; row++) if (keys[row]! > most) most = keys[row]!
    this.#seen.reserve(most + 1)
    if (!this.#compares) return
    this.#highs.reserve(most + 1)
    this.#lows.reserve(most + 1)
  }
}
