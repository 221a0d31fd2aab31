import { Growing } from '../../lib/numbers/growing.ts'
import { sameBytes, wordsOf } from '../../lib/texts/words.ts'
import { Dictionary, NO_CODE, TEXT_SEED } from './dictionary.ts'
import { equalNumbers } from './equal-numbers.ts'
import { hashBytes } from './text-cells.ts'

/** Lists of texts that become one dictionary, all at once. */
export class TextPool {
  /** The bytes of all texts, one behind the other. */
  readonly #bytes = new Growing(Uint8Array)
  /** Where each text starts, and where the last one ends. */
  readonly #starts = new Growing(Float64Array)
  readonly #hashes = new Growing(Int32Array)
  /** How many texts there are after each list. */
  readonly #counts: number[] = []

  constructor() {
    this.#starts.push(0)
  }

  /** Adds a list of texts: their lengths, and their bytes one behind the other, which are copied. */
  add(lengths: ArrayLike<number>, bytes: Uint8Array): void {
    const count = lengths.length
    const base = this.#bytes.length
    this.#bytes.append(bytes, bytes.length)
    this.#starts.reserve(this.#starts.length + count)
    this.#hashes.reserve(this.#hashes.length + count)
    const words = wordsOf(bytes)
    for (let i = 0, at = 0; i < count; i++) {
      const end = at + lengths[i]!
      this.#hashes.values[this.#hashes.length++] = hashBytes(words, at, end, TEXT_SEED)
      this.#starts.values[this.#starts.length++] = base + end
      at = end
    }
    this.#counts.push(this.#hashes.length)
  }

  /** @returns the dictionary, and of each list the codes of its texts, with NO_CODE in front of them */
  finish(): { readonly dictionary: Dictionary; readonly codes: readonly Int32Array[] } {
    const total = this.#hashes.length
    const numbers = this.#numbers(total)
    const codes = new Int32Array(total)
    let size = 0
    for (let i = 0; i < total; i++) codes[i] = numbers[i] === i ? size++ : codes[numbers[i]!]!
    const lists = this.#counts.map((end, list) => {
      const start = list === 0 ? 0 : this.#counts[list - 1]!
      const ofList = new Int32Array(end - start + 1)
      ofList[0] = NO_CODE
      ofList.set(codes.subarray(start, end), 1)
      return ofList
    })
    return { dictionary: this.#dictionary(numbers, size), codes: lists }
  }

  #numbers(total: number): Int32Array {
    const bytes = this.#bytes.values
    const starts = this.#starts.values
    const words = wordsOf(bytes)
    const isSame = (a: number, b: number) =>
      starts[a + 1]! - starts[a]! === starts[b + 1]! - starts[b]! &&
      sameBytes(words, starts[b]!, starts[b + 1]!, words, starts[a]!)
    const hashes = this.#hashes.values.subarray(0, total)
    return equalNumbers({ hashes, stride: 1, part: 0, slot: 0, isSame })
  }

  /** The first of each text, in their order; those that were there already are left out in place. */
  #dictionary(numbers: Int32Array, size: number): Dictionary {
    const bytes = this.#bytes.values
    const from = this.#starts.values
    const starts = new Float64Array(size + 1)
    const hashes = new Int32Array(size)
    let code = 0
    let to = 0
    // Texts that stay beside each other are moved together.
    let runFrom = 0
    for (let i = 0; i <= numbers.length; i++) {
      if (i < numbers.length && numbers[i] === i) {
        hashes[code++] = this.#hashes.values[i]!
        starts[code] = to + from[i + 1]! - runFrom
        continue
      }
      if (to !== runFrom) bytes.copyWithin(to, runFrom, from[i]!)
      to += from[i]! - runFrom
      runFrom = from[i + 1] ?? from[i]!
    }
    return Dictionary.ofTexts(bytes, starts, hashes)
  }
}
