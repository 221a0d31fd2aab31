import { copyBytes, sameBytes, wordsOf } from '../../lib/texts/words.ts'
import { EMPTY, HASH, NEXT_CODE } from './hash-slots.ts'

/** Most texts of one column that are numbered, and most bytes of them. */
const MOST_TEXTS = 4096
const MOST_BYTES = 1 << 17

/** Memory that two threads share for the numbered texts of one column. */
export const NUMBERED_BYTES = 4 * (MOST_TEXTS + 1) + MOST_BYTES

/** Of a text for which there is no room. */
export const NO_NUMBER = -1
/** In the place of a code. */
export const NOT_ASKED = -2

/** Text i goes from starts[i] to starts[i + 1]. Texts are only ever added. */
function textsIn(memory: ArrayBufferLike, column: number): { starts: Int32Array; bytes: Uint8Array } {
  const at = column * NUMBERED_BYTES
  const starts = new Int32Array(memory, at, MOST_TEXTS + 1)
  return { starts, bytes: new Uint8Array(memory, at + starts.byteLength, MOST_BYTES) }
}

/**
 * Numbers the texts of a column with few different ones, such as paths or countries, in the thread that reads
 * them: whoever takes the rows then looks each text up once, and not each cell.
 */
export class TextNumberer {
  readonly #starts: Int32Array
  readonly #words: DataView
  /** As hash-slots.ts has them, with numbers in the place of codes; never more than half full. */
  readonly #slots = new Int32Array(4 * MOST_TEXTS)
  #size = 0
  #found = 0
  #missed = 0
  #hasGivenUp = false

  /** @param column its place in the memory, which is zeros at first: NUMBERED_BYTES for each column */
  constructor(memory: ArrayBufferLike, column: number) {
    const { starts, bytes } = textsIn(memory, column)
    this.#starts = starts
    this.#words = wordsOf(bytes)
  }

  /** The number of the bytes from start to end, new if there is room for it; else NO_NUMBER. */
  numberOf(words: DataView, start: number, end: number, hash: number): number {
    if (this.#hasGivenUp) return NO_NUMBER
    const slots = this.#slots
    const mask = slots.length / 2 - 1
    let place = hash & mask
    for (; slots[place * 2 + NEXT_CODE] !== EMPTY; place = (place + 1) & mask) {
      const number = slots[place * 2 + NEXT_CODE]! - 1
      if (slots[place * 2 + HASH] !== hash || !this.#equals(number, words, start, end)) continue
      this.#found++
      return number
    }
    this.#missed++
    const from = this.#starts[this.#size]!
    if (this.#size === MOST_TEXTS || from + end - start > MOST_BYTES) {
      // Ids: looking for them here would be in vain.
      this.#hasGivenUp = this.#missed > Math.max(this.#found, MOST_TEXTS)
      return NO_NUMBER
    }
    copyBytes(words, start, end, this.#words, from)
    slots[place * 2 + HASH] = hash
    slots[place * 2 + NEXT_CODE] = ++this.#size
    this.#starts[this.#size] = from + end - start
    return this.#size - 1
  }

  #equals(number: number, words: DataView, start: number, end: number): boolean {
    const from = this.#starts[number]!
    if (this.#starts[number + 1]! - from !== end - start) return false
    return sameBytes(words, start, end, this.#words, from)
  }
}

/** What another thread has numbered, with the codes that these texts have here. */
export class NumberedTexts {
  readonly starts: Int32Array
  readonly bytes: Uint8Array
  /** By number: the code in the one dictionary that the column has, or NOT_ASKED. */
  readonly codes = new Int32Array(MOST_TEXTS).fill(NOT_ASKED)

  /** @param column its place in the memory that the other thread's numberer writes */
  constructor(memory: ArrayBufferLike, column: number) {
    const { starts, bytes } = textsIn(memory, column)
    this.starts = starts
    this.bytes = bytes
  }
}
