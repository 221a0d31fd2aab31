import type { Encoder } from '../collections/dictionary.ts'
import type { KeySet } from '../collections/key-set.ts'
import { Growing } from '../lib/growing.ts'
import { Fingerprint } from './fingerprint.ts'
import type { RecordCells } from './record-cells.ts'

/** How a row relates to those before it. */
export type KeyVerdict = 'new' | 'identical' | 'conflicting'

/** Gives each key a code; that of a dictionary where other tables know the key. */
export type KeyEncoder = Pick<Encoder, 'encode'> & Partial<Pick<KeySet, 'expect'>>

/** The keys seen in acceptable records of one table, so that the first of each stays (SPEC section 1). */
export class KeyLedger {
  readonly #cells: RecordCells
  readonly #keyPlan: number
  readonly #encoder: KeyEncoder
  readonly #compares: boolean
  /** By code of the key: 1 once it was seen. */
  readonly #seen = new Growing(Uint8Array)
  readonly #fingerprint = new Fingerprint()
  readonly #highs = new Growing(Int32Array)
  readonly #lows = new Growing(Int32Array)

  /** @param compares whether a repeated key is compared with the record that stays */
  constructor(cells: RecordCells, keyPlan: number, encoder: KeyEncoder, compares: boolean) {
    this.#cells = cells
    this.#keyPlan = keyPlan
    this.#encoder = encoder
    this.#compares = compares
  }

  /** Makes room for that many keys in all. */
  expect(keys: number): void {
    this.#encoder.expect?.(keys)
    this.#seen.reserve(keys)
  }

  /** Judges the row at hand and remembers its key. */
  take(): KeyVerdict {
    const { bytes, starts, ends } = this.#cells
    const key = this.#encoder.encode(bytes, starts[this.#keyPlan]!, ends[this.#keyPlan]!)
    if (key >= this.#seen.length) {
      this.#seen.reserve(key + 1)
      this.#seen.length = key + 1
    }
    if (this.#compares) this.#takeFingerprint()
    const { high, low } = this.#fingerprint
    if (this.#seen.values[key] === 0) {
      this.#seen.values[key] = 1
      if (this.#compares) {
        this.#highs.reserve(key + 1)
        this.#lows.reserve(key + 1)
        this.#highs.values[key] = high
        this.#lows.values[key] = low
      }
      return 'new'
    }
    if (!this.#compares) return 'identical'
    return this.#highs.values[key] === high && this.#lows.values[key] === low ? 'identical' : 'conflicting'
  }

  #takeFingerprint(): void {
    const fingerprint = this.#fingerprint
    const { plans, bytes, starts, ends, numbers } = this.#cells
    fingerprint.reset()
    for (let i = 0; i < plans.length; i++) {
      const start = starts[i]!
      const end = ends[i]!
      if (start === end) fingerprint.addNull()
      else if (plans[i]!.reader === undefined) fingerprint.addBytes(bytes, start, end)
      else fingerprint.addNumber(numbers[i]!)
    }
  }
}
