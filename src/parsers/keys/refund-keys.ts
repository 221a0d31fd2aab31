import { CONFLICTING, IDENTICAL, NEW_KEY } from './key-ledger.ts'

/** Some rows of a table of orders, as far as refunds among them are told apart. */
export interface RefundRows {
  readonly count: number
  /** The codes of their order ids. */
  readonly keys: Int32Array
  readonly highs: Int32Array
  readonly lows: Int32Array
  readonly times: Float64Array
  /** Below 0 of refunds. */
  readonly amounts: Float64Array
}

/** Whether any of the first amounts is below 0. */
export function hasRefund(amounts: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (amounts[row]! < 0) return true
  return false
}

/** The refunds seen so far: among them the key is (order_id, time, total_price) (SPEC section 1, "Refunds"). */
export class RefundKeys {
  readonly #fingerprints = new Map<string, string>()

  /** Judges the refunds among some rows, as KeyLedger judges the others. @returns how many repeat a key */
  judge({ count, keys, highs, lows, times, amounts }: RefundRows, verdicts: Uint8Array): number {
    let repeated = 0
    for (let row = 0; row < count; row++) {
      if (!(amounts[row]! < 0)) continue
      const key = `${keys[row]} ${times[row]} ${amounts[row]}`
      const fingerprint = `${highs[row]} ${lows[row]}`
      const known = this.#fingerprints.get(key)
      if (known === undefined) {
        this.#fingerprints.set(key, fingerprint)
        verdicts[row] = NEW_KEY
      } else {
        repeated++
        verdicts[row] = known === fingerprint ? IDENTICAL : CONFLICTING
      }
    }
    return repeated
  }
}
