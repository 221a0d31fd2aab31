import { LastWords } from '../../../../lib/texts/words.ts'

/**
 * A 64-bit fingerprint of a row's parsed values, to tell an identical duplicate from a conflicting one
 * without keeping the row. It is only compared between two rows of the same key.
 */
export class Fingerprint {
  high = 0
  low = 0
  readonly #bytes = new LastWords()
  readonly #double = new Float64Array(1)
  readonly #words = new Int32Array(this.#double.buffer)

  reset(): void {
    this.high = 0x243f6a88
    this.low = 0x13198a2e
  }

  /** A null differs from every text and number, also from '' and 0. */
  addNull(): void {
    this.#mix(0x6e756c6c, 0x2d)
  }

  addNumber(value: number): void {
    this.#double[0] = value
    this.#mix(this.#words[0]!, this.#words[1]! ^ 1)
  }

  addBytes(bytes: Uint8Array, start: number, end: number): void {
    let i = start
    const words = this.#bytes.of(bytes)
    for (; i + 4 <= end; i += 4) this.#mix(words.getInt32(i, true), i - start)
    let tail = end - start
    for (; i < end; i++) tail = (tail << 8) | bytes[i]!
    this.#mix(tail, ~(end - start))
  }

  /** Each half is one multiplication from its old value and the number: for itself, it loses nothing of either. */
  #mix(a: number, b: number): void {
    const high = Math.imul(this.high ^ a, 0x9e3779b1)
    const low = Math.imul(this.low + a + b, 0x85ebca6b)
    this.high = high ^ (high >>> 15) ^ b
    this.low = low ^ (low >>> 13)
  }
}
