import { Growing } from '../../lib/numbers/growing.ts'
import { rankBytes } from '../../lib/texts/byte-order.ts'
import { copyBytes, LastWords, sameBytes, wordsOf } from '../../lib/texts/words.ts'
import { sharedCopy } from '../../lib/threads/shared-memory.ts'
import { EMPTY, HASH, NEXT_CODE, placesFor, resizedSlots } from './hash-slots.ts'
import { NOT_ASKED, type NumberedTexts } from './numbered-texts.ts'
import { hashBytes, IS_NULL, IS_NUMBERED, IS_TEXT, LOOK_UPS, type TextCells } from './text-cells.ts'

/** The code of a missing text. */
export const NO_CODE = -1

/** Turns the bytes of texts into codes of a dictionary. */
export interface Encoder {
  readonly dictionary: Dictionary
  /** The code of the bytes from start to end, new if they have none yet. */
  encode(bytes: Uint8Array, start: number, end: number): number
  /** The code of the bytes from start to end, or NO_CODE if they have none. */
  find(bytes: Uint8Array, start: number, end: number): number
  /** Puts the codes of cells into `codes` from `at` on, NO_CODE for a null. */
  encodeCells(cells: TextCells, codes: Int32Array, at: number): void
  /** Makes room for that many texts in all. */
  expect(texts: number): void
}

/** Of the hashes of texts in this run: nobody can make up texts whose hashes are all the same. */
export const TEXT_SEED = (Math.random() * 0x1_0000_0000) | 0

/** A dictionary of so many texts does not lie in a processor's caches: its memory has to be waited for. */
const LARGE = 8192

/** Share of the places of its slots. */
const MOST_FILLED = 3 / 5

/** In the place of a code. */
const UNKNOWN = -2
/** Among how many codes an id is looked for at first. */
const GUESSES = 8

/** Of the cells at hand: one more than a code each might have, and where that one's bytes start. */
const nextCodes = new Int32Array(LOOK_UPS)
const places = new Float64Array(LOOK_UPS)

/** The strings of a dictionary in memory that several threads can read. */
export interface SharedTexts {
  readonly arena: Uint8Array
  readonly starts: Float64Array
}

/**
 * Strings (as UTF-8 bytes) to small integers, in order of first appearance. Holds the bytes once, in one
 * arena, so that a million ids cost no objects.
 */
export class Dictionary implements Encoder {
  #arena: Uint8Array = new Uint8Array(4096)
  #words: DataView = new DataView(this.#arena.buffer)
  #arenaLength = 0
  /** Where each entry starts in the arena; entry i ends where entry i + 1 starts. */
  readonly #starts = new Growing<Float64Array>(Float64Array, 256)
  /** The hash of each entry, by code. */
  readonly #hashes = new Growing(Int32Array, 256)
  #slots: Int32Array = new Int32Array(1024)
  #mask = 511
  /** Of the bytes that are asked for. */
  readonly #asked = new LastWords()
  /** The code given last: neighbouring rows often hold the same text. */
  #last = NO_CODE
  /** The code that may come next. */
  #expected = 0
  /** Whether its texts can be found. */
  #isIndexed = true
  /** Only there so that memory is fetched. */
  #fetched = 0
  #ranks: Int32Array | undefined

  constructor() {
    this.#starts.push(0)
  }

  get dictionary(): Dictionary {
    return this
  }

  /** How many different strings it holds; their codes are 0 to size − 1. */
  get size(): number {
    return this.#starts.length - 1
  }

  /** The code of the bytes from start to end, new if they have none yet. */
  encode(bytes: Uint8Array, start: number, end: number): number {
    if (!this.#isIndexed) this.#index()
    const words = this.#asked.of(bytes)
    if (this.#last !== NO_CODE && this.#equals(this.#last, words, start, end)) return this.#last
    this.#last = this.#codeOf(words, start, end, hashBytes(words, start, end, TEXT_SEED))
    return this.#last
  }

  encodeCells(cells: TextCells, codes: Int32Array, at: number): void {
    if (!this.#isIndexed) this.#index()
    for (let from = 0; from < cells.count; from += LOOK_UPS)
      this.#encodeSome(cells, from, Math.min(from + LOOK_UPS, cells.count), codes, at)
  }

  expect(texts: number): void {
    if (!this.#isIndexed) this.#index()
    const places = placesFor(texts, MOST_FILLED, this.#mask + 1)
    if (places > this.#mask + 1) this.#resize(places)
  }

  #encodeSome(cells: TextCells, from: number, to: number, codes: Int32Array, at: number): void {
    const { bytes, starts, ends, kinds, hashes, numbered } = cells
    const words = this.#asked.of(bytes)
    const isLarge = this.size > LARGE
    if (isLarge) {
      this.#guess(cells, from, to, codes, at)
      this.#fetch(cells, from, to, codes, at)
    }
    let last = NO_CODE
    let isGuessed = true
    for (let row = from; row < to; row++) {
      const kind = kinds[row]!
      if (kind === IS_NULL) {
        codes[at + row] = NO_CODE
        continue
      }
      if (kind === IS_NUMBERED) {
        codes[at + row] = this.#codeOfNumbered(numbered!, hashes[row]!)
        continue
      }
      if (kind === IS_TEXT || last === NO_CODE) {
        isGuessed = isLarge && kind === IS_TEXT && codes[at + row] !== UNKNOWN
        last = isGuessed ? codes[at + row]! : this.#codeOf(words, starts[row]!, ends[row]!, hashes[row]!)
      }
      codes[at + row] = last
    }
    if (!isGuessed) this.#expected = last + 1
  }

  #codeOfNumbered({ codes, bytes, starts }: NumberedTexts, number: number): number {
    if (codes[number] === NOT_ASKED) codes[number] = this.encode(bytes, starts[number]!, starts[number + 1]!)
    return codes[number]!
  }

  /** The code of the bytes with that hash, new if they have none yet. */
  #codeOf(words: DataView, start: number, end: number, hash: number): number {
    const slot = this.#slotOf(hash, words, start, end)
    const next = this.#slots[slot + NEXT_CODE]!
    return next === EMPTY ? this.#insert(words, start, end, hash, slot) : next - 1
  }

  /**
   * Ids mostly come in one order in all tables: so each is first looked for among those that follow the one
   * before. Puts the codes found into `codes`, UNKNOWN for the others.
   */
  #guess(
    { bytes, starts, ends, kinds, hashes }: TextCells,
    from: number,
    to: number,
    codes: Int32Array,
    at: number,
  ): void {
    const known = this.#hashes.values
    const words = this.#asked.of(bytes)
    let expected = this.#expected
    for (let row = from; row < to; row++) {
      if (kinds[row] !== IS_TEXT) continue
      const hash = hashes[row]!
      const end = Math.min(expected + GUESSES, this.size)
      let code = expected
      while (code < end && known[code] !== hash) code++
      if (code < end && this.#equals(code, words, starts[row]!, ends[row]!)) {
        codes[at + row] = code
        expected = code + 1
      } else codes[at + row] = UNKNOWN
    }
    this.#expected = expected
  }

  /** Has the memory of all look-ups fetched at once: slots, then where texts start, then their bytes. */
  #fetch({ kinds, hashes }: TextCells, from: number, to: number, codes: Int32Array, at: number): void {
    const slots = this.#slots
    const mask = this.#mask
    const starts = this.#starts.values
    let count = 0
    for (let row = from; row < to; row++)
      if (kinds[row] === IS_TEXT && codes[at + row] === UNKNOWN)
        nextCodes[count++] = slots[(hashes[row]! & mask) * 2 + NEXT_CODE]!
    let sum = 0
    for (let i = 0; i < count; i++) places[i] = nextCodes[i] === EMPTY ? 0 : starts[nextCodes[i]! - 1]!
    for (let i = 0; i < count; i++) sum += this.#arena[places[i]!]!
    this.#fetched ^= sum
  }

  /** The code of the bytes, or NO_CODE if they have none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (!this.#isIndexed) this.#index()
    const words = this.#asked.of(bytes)
    const slot = this.#slotOf(hashBytes(words, start, end, TEXT_SEED), words, start, end)
    return this.#slots[slot + NEXT_CODE]! - 1
  }

  /** The code of a text, or NO_CODE if it has none. */
  findText(text: string): number {
    const bytes = Buffer.from(text, 'utf8')
    return this.find(bytes, 0, bytes.length)
  }

  /** The code of a text, new if it has none yet. */
  encodeText(text: string): number {
    const bytes = Buffer.from(text, 'utf8')
    return this.encode(bytes, 0, bytes.length)
  }

  text(code: number): string {
    return Buffer.from(this.#arena.buffer, this.start(code), this.byteLength(code)).toString('utf8')
  }

  /** The bytes of all entries, one after the other; read with `start` and `byteLength`. */
  get arena(): Uint8Array {
    return this.#arena
  }

  start(code: number): number {
    return this.#starts.values[code]!
  }

  byteLength(code: number): number {
    return this.#starts.values[code + 1]! - this.#starts.values[code]!
  }

  /** The place of each code in UTF-8 byte order, from 0. Remembered until a string is added. */
  ranks(): Int32Array {
    if (this.#ranks?.length !== this.size) {
      this.#ranks = rankBytes(this.#arena, this.#starts.values, this.size)
    }
    return this.#ranks
  }

  /** What another thread needs to read its strings; from now on they stand in memory that both can read. */
  share(): SharedTexts {
    const { size } = this
    if (!(this.#starts.values.buffer instanceof SharedArrayBuffer)) {
      this.#starts.values = sharedCopy(this.#starts.values.subarray(0, size + 1))
      this.#setArena(sharedCopy(this.#arena.subarray(0, this.#arenaLength)))
    }
    return { arena: this.#arena, starts: this.#starts.values.subarray(0, size + 1) }
  }

  /** A dictionary whose strings another thread has shared: they can be read by their codes, not found. */
  static ofShared({ arena, starts }: SharedTexts): Dictionary {
    const dictionary = new Dictionary()
    dictionary.#setArena(arena)
    dictionary.#starts.values = starts
    dictionary.#starts.length = starts.length
    return dictionary
  }

  /**
   * A dictionary of different texts whose codes are their places. It is made so that they can be found once
   * somebody looks for one.
   *
   * @param arena their bytes, one text behind the other
   * @param starts where each starts, and where the last one ends
   * @param hashes theirs, by hashBytes with TEXT_SEED
   */
  static ofTexts(arena: Uint8Array, starts: Float64Array, hashes: Int32Array<ArrayBuffer>): Dictionary {
    const dictionary = new Dictionary()
    dictionary.#setArena(arena)
    dictionary.#arenaLength = starts[starts.length - 1]!
    dictionary.#starts.values = starts
    dictionary.#starts.length = starts.length
    dictionary.#hashes.values = hashes
    dictionary.#hashes.length = hashes.length
    dictionary.#isIndexed = false
    return dictionary
  }

  #index(): void {
    this.#isIndexed = true
    const hashes = this.#hashes.values
    const places = placesFor(this.size, MOST_FILLED, this.#mask + 1)
    if (places > this.#mask + 1) this.#resize(places)
    for (let code = 0; code < this.size; code++) {
      let place = hashes[code]! & this.#mask
      while (this.#slots[place * 2 + NEXT_CODE] !== EMPTY) place = (place + 1) & this.#mask
      this.#slots[place * 2 + HASH] = hashes[code]!
      this.#slots[place * 2 + NEXT_CODE] = code + 1
    }
  }

  #setArena(arena: Uint8Array): void {
    this.#arena = arena
    this.#words = wordsOf(arena)
  }

  /** Where the slot of the bytes starts: the one that holds them, or the empty one they would take. */
  #slotOf(hash: number, words: DataView, start: number, end: number): number {
    const slots = this.#slots
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const slot = place * 2
      const next = slots[slot + NEXT_CODE]!
      if (next === EMPTY || (slots[slot + HASH] === hash && this.#equals(next - 1, words, start, end)))
        return slot
    }
  }

  #equals(code: number, words: DataView, start: number, end: number): boolean {
    const from = this.#starts.values[code]!
    if (this.#starts.values[code + 1]! - from !== end - start) return false
    return sameBytes(words, start, end, this.#words, from)
  }

  #insert(words: DataView, start: number, end: number, hash: number, slot: number): number {
    const code = this.size
    const length = end - start
    if (this.#arenaLength + length > this.#arena.length) {
      const next = new Uint8Array(Math.max(this.#arena.length * 2, this.#arenaLength + length))
      next.set(this.#arena)
      this.#arena = next
      this.#words = wordsOf(next)
    }
    copyBytes(words, start, end, this.#words, this.#arenaLength)
    this.#arenaLength += length
    this.#starts.push(this.#arenaLength)
    this.#hashes.push(hash)
    this.#slots[slot + HASH] = hash
    this.#slots[slot + NEXT_CODE] = code + 1
    if (this.size > (this.#mask + 1) * MOST_FILLED) this.#resize((this.#mask + 1) * 2)
    return code
  }

  #resize(places: number): void {
    this.#slots = resizedSlots(this.#slots, places)
    this.#mask = places - 1
  }
}

/** A dictionary of the given texts, whose codes are their places in the list. */
export function dictionaryOf(texts: readonly string[]): Dictionary {
  const dictionary = new Dictionary()
  for (const text of texts) dictionary.encodeText(text)
  return dictionary
}
