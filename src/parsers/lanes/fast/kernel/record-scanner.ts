import { bytesBefore, LastWords, markUnusual, markZeros } from '../../../../lib/texts/words.ts'

/** More bytes are needed to know where the record ends. */
export const NEED_MORE = -1

/** A record that any reader would split differently from the next one on: the run must fail. */
export type GrammarFaultCode = 'unclosed_quote' | 'text_after_quote'

export class GrammarFault extends Error {
  readonly code: GrammarFaultCode
  readonly line: number

  /** @param line physical line on which the record starts */
  constructor(code: GrammarFaultCode, line: number) {
    super(code)
    this.code = code
    this.line = line
  }
}

export const LF = 10
export const CR = 13
export const QUOTE = 34

const ORDINARY = 0
const STOP = 1
const NUL = 2
const HIGH = 3

const INSIDE = classes([QUOTE, CR, LF])

function classes(stops: readonly number[]): Uint8Array {
  const table = new Uint8Array(256)
  table.fill(HIGH, 128)
  table[0] = NUL
  for (const byte of stops) table[byte] = STOP
  return table
}

/** Bytes from here on are not marked as unusual in a word. */
const FIRST_USUAL = 45

/** Bytes that must follow the sentinel, so that four can be read at once wherever a record ends. */
export const SCAN_PADDING = 4

/**
 * Finds the end and the fields of one CSV record in bytes, without making strings (SPEC: CSV grammar).
 * It knows where quotes open and close, nothing of what cells mean. The hot loop of the program.
 */
export class RecordScanner {
  /** Where each field starts and ends, quotes left out; filled up to `kept` fields. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  fieldCount = 0
  /** Where the record's last byte ends, before its line end. */
  recordEnd = 0
  /** Physical line ends inside quotes. */
  innerLines = 0
  hasNul = false
  /** Some byte is not ASCII. */
  hasHigh = false
  /** A quote stands inside an unquoted cell. */
  hasStrayQuote = false
  /** A quoted cell holds doubled quotes. */
  hasDoubledQuote = false
  readonly #words = new LastWords()
  readonly #delimiter: number
  /** Classes of bytes outside quotes: delimiter, quote, CR and LF stop the scan; NUL and non-ASCII are noted. */
  readonly #outside: Uint8Array
  /** Four times a delimiter that is not marked as unusual; else 0. */
  readonly #fourDelimiters: number

  /**
   * @param kept how many fields to remember; further ones are only counted
   * @param delimiter the ASCII byte between fields
   */
  constructor(kept: number, delimiter: number) {
    this.#delimiter = delimiter
    this.#outside = classes([delimiter, QUOTE, CR, LF])
    this.#fourDelimiters = delimiter < FIRST_USUAL ? 0 : Math.imul(delimiter, 0x01010101)
    this.starts = new Int32Array(kept + 1)
    this.ends = new Int32Array(kept + 1)
  }

  /**
   * Scans the record that starts at `from`. The byte at `to` must be writable: it becomes a sentinel.
   * SCAN_PADDING more bytes, whatever they are, must follow it.
   *
   * @param final whether no bytes will follow those before `to`
   * @returns where the next record starts, or NEED_MORE
   * @throws GrammarFault with line 0 for text after a closing quote or a quote that never closes
   */
  scan(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    bytes[to] = LF
    this.innerLines = 0
    this.hasNul = false
    this.hasHigh = false
    this.hasStrayQuote = false
    this.hasDoubledQuote = false
    const { starts, ends } = this
    const words = this.#words.of(bytes)
    const kept = starts.length
    const delimiter = this.#delimiter
    const outside = this.#outside
    const four = this.#fourDelimiters
    let field = 0
    let at = from
    for (;;) {
      let start = at
      let end: number
      if (bytes[at] === QUOTE) {
        start = at + 1
        end = this.#closingQuote(bytes, words, start, to)
        if (end < 0) {
          if (final) throw new GrammarFault('unclosed_quote', 0)
          return NEED_MORE
        }
        at = end + 1
        if (at === to && !final) return NEED_MORE
        const next = bytes[at]!
        if (next !== delimiter && next !== LF && next !== CR) throw new GrammarFault('text_after_quote', 0)
      } else {
        for (;;) {
          if (four === 0) {
            let marks = markUnusual(words.getInt32(at, true))
            while (marks === 0) {
              at += 4
              marks = markUnusual(words.getInt32(at, true))
            }
            at += bytesBefore(marks)
          } else at = stopBesides(words, at, four)
          const kind = outside[bytes[at]!]!
          if (kind === STOP) {
            if (bytes[at] !== QUOTE) break
            this.hasStrayQuote = true
          } else if (kind === HIGH) this.hasHigh = true
          else if (kind === NUL) this.hasNul = true
          at++
        }
        end = at
      }
      if (field < kept) {
        starts[field] = start
        ends[field] = end
      }
      field++
      if (bytes[at] === delimiter) {
        at++
        continue
      }
      if (at === to) {
        if (!final) return NEED_MORE
        this.fieldCount = field
        this.recordEnd = to
        return to
      }
      const isCr = bytes[at] === CR
      if (isCr && at + 1 === to && !final) return NEED_MORE
      this.fieldCount = field
      this.recordEnd = at
      return isCr && at + 1 < to && bytes[at + 1] === LF ? at + 2 : at + 1
    }
  }

  /** Where the quote that closes the cell stands, or -1 if it is not before `to`. */
  #closingQuote(bytes: Uint8Array, words: DataView, from: number, to: number): number {
    let at = from
    for (;;) {
      let marks = markUnusual(words.getInt32(at, true))
      while (marks === 0) {
        at += 4
        marks = markUnusual(words.getInt32(at, true))
      }
      at += bytesBefore(marks)
      if (at >= to) return -1
      const kind = INSIDE[bytes[at]!]!
      if (kind === ORDINARY) {
        at++
        continue
      }
      if (kind === HIGH) this.hasHigh = true
      else if (kind === NUL) this.hasNul = true
      else if (bytes[at] !== QUOTE) {
        if (bytes[at] === CR || at === from || bytes[at - 1] !== CR) this.innerLines++
      } else if (at + 1 < to && bytes[at + 1] === QUOTE) {
        this.hasDoubledQuote = true
        at++
      } else return at
      at++
    }
  }
}

/** Where the next byte stands that is unusual, or the delimiter that stands four times in `four`. */
function stopBesides(words: DataView, from: number, four: number): number {
  let at = from
  for (;;) {
    const word = words.getInt32(at, true)
    const marks = markUnusual(word) | markZeros(word ^ four)
    if (marks !== 0) return at + bytesBefore(marks)
    at += 4
  }
}
