import { rankBytes } from '../lib/byte-order.ts'
import { Growing } from '../lib/growing.ts'
import { sharedCopy } from '../lib/shared-memory.ts'
import { copyBytes, sameBytes, wordsOf } from '../lib/words.ts'
import { doubledSlots, EMPTY, HASH, NEXT_CODE } from './hash-slots.ts'

/** The code of a missing text. */
export const NO_CODE = -1

/** Turns the bytes of texts into codes of a dictionary. */
export interface Encoder {
  readonly dictionary: Dictionary
  /** The code of the bytes from start to end, new if they have none yet. */
  encode(bytes: Uint8Array, start: number, end: number): number
}

const SEED = (Math.random() * 0x1_0000_0000) | 0

/** What a dictionary holds, as it goes from one thread to another; the arrays are the dictionary's own. */
export interface DictionaryParts {
  readonly arena: Uint8Array
  readonly starts: Float64Array
  readonly size: number
  readonly slots: Int32Array
  readonly seed: number
}

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
  #slots: Int32Array = new Int32Array(1024)
  #mask = 511
  #seed = SEED
  /** The code given last: neighbouring rows often hold the same text. */
  #last = NO_CODE
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
    if (this.#last !== NO_CODE && this.#equals(this.#last, bytes, start, end)) return this.#last
    const hash = hashBytes(bytes, start, end, this.#seed)
    const slot = this.#slotOf(hash, bytes, start, end)
    const next = this.#slots[slot + NEXT_CODE]!
    this.#last = next === EMPTY ? this.#insert(bytes, start, end, hash, slot) : next - 1
    return this.#last
  }

  /** The code of the bytes, or NO_CODE if they have none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return (
      this.#slots[this.#slotOf(hashBytes(bytes, start, end, this.#seed), bytes, start, end) + NEXT_CODE]! - 1
    )
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

  /** All that it holds, to be given away: the dictionary must not be used any more. */
  parts(): DictionaryParts {
    const { size } = this
    return { arena: this.#arena, starts: this.#starts.values, size, slots: this.#slots, seed: this.#seed }
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

  #setArena(arena: Uint8Array): void {
    this.#arena = arena
    this.#words = new DataView(arena.buffer, arena.byteOffset, arena.byteLength)
  }

  /**
   * Takes all strings of another dictionary; an empty one takes over its arrays.
   *
   * @returns the code here of each code there
   */
  absorb(parts: DictionaryParts): Int32Array {
    const codes = new Int32Array(parts.size)
    if (this.size > 0) {
      for (let code = 0; code < codes.length; code++)
        codes[code] = this.encode(parts.arena, parts.starts[code]!, parts.starts[code + 1]!)
      return codes
    }
    this.#arena = parts.arena
    this.#words = new DataView(parts.arena.buffer, parts.arena.byteOffset, parts.arena.byteLength)
    this.#arenaLength = parts.starts[parts.size]!
    this.#starts.values = parts.starts
    this.#starts.length = parts.size + 1
    this.#slots = parts.slots
    this.#mask = parts.slots.length / 2 - 1
    this.#seed = parts.seed
    for (let code = 0; code < codes.length; code++) codes[code] = code
    return codes
  }

  /** Where the slot of the bytes starts: the one that holds them, or the empty one they would take. */
  #slotOf(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const slot = place * 2
      const next = slots[slot + NEXT_CODE]!
      if (next === EMPTY || (slots[slot + HASH] === hash && this.#equals(next - 1, bytes, start, end)))
        return slot
    }
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts.values[code]!
    if (this.#starts.values[code + 1]! - from !== end - start) return false
    return sameBytes(bytes, start, end, this.#arena, this.#words, from)
  }

  #insert(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const code = this.size
    const length = end - start
    if (this.#arenaLength + length > this.#arena.length) {
      const next = new Uint8Array(Math.max(this.#arena.length * 2, this.#arenaLength + length))
      next.set(this.#arena)
      this.#arena = next
      this.#words = new DataView(next.buffer)
    }
    copyBytes(bytes, start, end, this.#arena, this.#words, this.#arenaLength)
    this.#arenaLength += length
    this.#starts.push(this.#arenaLength)
    this.#slots[slot + HASH] = hash
    this.#slots[slot + NEXT_CODE] = code + 1
    if (this.size * 5 > (this.#mask + 1) * 3) this.#rehash()
    return code
  }

  #rehash(): void {
    this.#slots = doubledSlots(this.#slots)
    this.#mask = this.#slots.length / 2 - 1
  }
}

/** A dictionary of the given texts, whose codes are their places in the list. */
export function dictionaryOf(texts: readonly string[]): Dictionary {
  const dictionary = new Dictionary()
  for (const text of texts) dictionary.encodeText(text)
  return dictionary
}

/** A 32-bit hash of the bytes from start to end; reads four at a time, since ids are the hot case. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const words = wordsOf(bytes)
  let hash = seed ^ (end - start)
  let i = start
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ words.getInt32(i, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  let tail = 0
  for (; i < end; i++) tail = (tail << 8) | bytes[i]!
  hash = Math.imul(hash ^ tail, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
