import { isBlank } from '../../lib/texts/blanks.ts'
import { type ByteStep, copied, joined, NOTHING } from './byte-step.ts'

const LF = 10
const CR = 13
const QUOTE = 34
const BACKSLASH = 92
const LETTER_N = 78

/** Longest piece that is held back; in a record above that size, which is rejected, `\N` stays. */
const MOST_HELD = 1_048_576

/** Up to so many bytes are copied one by one: a view of them would take longer. */
const SHORT = 64

/** Where the next byte stands. */
const CELL_START = 0
const UNQUOTED = 1
const QUOTED = 2
/** After the quote that closes a cell, or the first of two that stand for one. */
const CLOSED = 3

/** What stands for `nullEnd` where a cell is not null, and where bytes that are not there yet decide. */
const NOT_NULL = -1
const UNKNOWN = -2

/**
 * Turns the dialect of MySQL and its like into RFC 4180. Inside quotes `\"` becomes `""` and `\\` becomes `\`; a
 * backslash before any other byte stays. An unquoted cell that is just `\N` becomes `""`, which is an empty cell
 * and, where it is the only cell of a record, not a blank line. No line end comes or goes.
 *
 * @param delimiter the byte that separates cells
 * @example '1,"say \"hi\" \\o/",\N' → '1,"say ""hi"" \o/",""'
 */
export function backslashStep(delimiter: number): ByteStep {
  return new BackslashQuotes(delimiter)
}

class BackslashQuotes implements ByteStep {
  readonly #delimiter: number
  #state = CELL_START
  /** Whether the start of the file, where a byte order mark may stand, is still to come. */
  #isFileStart = true
  /** The end of what was pushed, of which more must be known. */
  #held: Uint8Array = NOTHING
  /** What the bytes at hand become, up to `#copied`; unused while nothing changes. */
  #out = new Uint8Array(0)
  #outLength = 0
  #copied = 0
  /** Of the bytes at hand, where those start of which more must be known. */
  #end = 0
  #isFinal = false

  constructor(delimiter: number) {
    this.#delimiter = delimiter
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.#run(this.#held.length === 0 ? chunk : joined(this.#held, chunk))
  }

  finish(): Uint8Array {
    this.#isFinal = true
    return this.#run(this.#held)
  }

  #run(bytes: Uint8Array): Uint8Array {
    const { length } = bytes
    this.#end = length
    this.#copied = 0
    this.#outLength = 0
    let at = this.#isFileStart ? this.#afterMark(bytes) : 0
    while (at < this.#end) {
      if (this.#state === QUOTED) at = this.#quoted(bytes, at)
      else if (this.#state === UNQUOTED) at = this.#unquoted(bytes, at)
      else at = this.#edge(bytes, at)
    }
    this.#held = this.#end === length ? NOTHING : copied(bytes.subarray(this.#end))
    if (this.#copied === 0) return bytes.subarray(0, this.#end)
    this.#copy(bytes, this.#end)
    return this.#out.subarray(0, this.#outLength)
  }

  #afterMark(bytes: Uint8Array): number {
    if (bytes.length < 3 && !this.#isFinal) {
      this.#end = 0
      return 0
    }
    this.#isFileStart = false
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  }

  /** Goes on to the closing quote, to what a backslash changes, or to the end. Hot, as the next one. */
  #quoted(bytes: Uint8Array, from: number): number {
    const { length } = bytes
    let at = from
    while (at < length && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++
    if (at === length) return at
    if (bytes[at] === QUOTE) {
      this.#state = CLOSED
      return at + 1
    }
    if (at + 1 === length) {
      if (!this.#isFinal) this.#end = at
      return length
    }
    const next = bytes[at + 1]
    if (next === QUOTE) this.#replace(bytes, at, at + 2, 2)
    else if (next === BACKSLASH) this.#replace(bytes, at, at + 1, 0)
    return at + 2
  }

  /** Goes on behind the end of the cell. */
  #unquoted(bytes: Uint8Array, from: number): number {
    const { length } = bytes
    const delimiter = this.#delimiter
    let at = from
    while (at < length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++
    if (at === length) return at
    this.#state = CELL_START
    return at + 1
  }

  /** The byte where a cell starts, or behind a quote. */
  #edge(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]!
    if (byte === QUOTE) this.#state = QUOTED
    else if (this.#endsCell(byte)) this.#state = CELL_START
    else {
      const mayBeNull = this.#state === CELL_START && (byte === BACKSLASH || isBlank(byte))
      const end = mayBeNull ? this.#nullEnd(bytes, at) : NOT_NULL
      if (end === UNKNOWN && bytes.length - at <= MOST_HELD) {
        this.#end = at
        return at
      }
      this.#state = UNQUOTED
      if (end >= 0) {
        this.#replace(bytes, at, end, 2)
        return end
      }
    }
    return at + 1
  }

  /** Where the cell that starts here ends, if it is `\N` with nothing but blanks around it. */
  #nullEnd(bytes: Uint8Array, start: number): number {
    const { length } = bytes
    const atEnd = this.#isFinal ? NOT_NULL : UNKNOWN
    const at = this.#skipBlanks(bytes, start)
    if (at === length) return atEnd
    if (bytes[at] !== BACKSLASH) return NOT_NULL
    if (at + 1 === length) return atEnd
    if (bytes[at + 1] !== LETTER_N) return NOT_NULL
    const end = this.#skipBlanks(bytes, at + 2)
    if (end === length) return this.#isFinal ? end : UNKNOWN
    return this.#endsCell(bytes[end]!) ? end : NOT_NULL
  }

  #skipBlanks(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length && isBlank(bytes[at]!) && bytes[at] !== this.#delimiter) at++
    return at
  }

  #endsCell(byte: number): boolean {
    return byte === this.#delimiter || byte === LF || byte === CR
  }

  /** Puts so many quotes, never more than it replaces, in the place of the bytes from start to end. */
  #replace(bytes: Uint8Array, start: number, end: number, quotes: number): void {
    this.#copy(bytes, start)
    for (let i = 0; i < quotes; i++) this.#out[this.#outLength++] = QUOTE
    this.#copied = end
  }

  /** The bytes that stay, from those copied last. */
  #copy(bytes: Uint8Array, to: number): void {
    if (this.#out.length < bytes.length) {
      const larger = new Uint8Array(bytes.length)
      larger.set(this.#out.subarray(0, this.#outLength))
      this.#out = larger
    }
    const from = this.#copied
    const out = this.#out
    const length = this.#outLength
    if (to - from > SHORT) out.set(bytes.subarray(from, to), length)
    else for (let i = from; i < to; i++) out[length + i - from] = bytes[i]!
    this.#outLength += to - from
  }
}
