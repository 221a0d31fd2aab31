import { rankBytes } from '../lib/byte-order.ts'
import { Growing } from '../lib/growing.ts'

/** The code of a missing text. */
export const NO_CODE = -1

/** Turns the bytes of texts into codes of a dictionary. */
export interface Encoder {
  readonly dictionary: Dictionary
  /** The code of the bytes from start to end, new if they have none yet. */
  encode(bytes: Uint8Array, start: number, end: number): number
}

const SEED = (Math.random() * 0x1_0000_0000) | 0

/** A slot of the hash table is two numbers side by side, so that a look costs one cache line. */
const HASH = 0
const CODE = 1
const EMPTY = -1

/**
 * Strings (as UTF-8 bytes) to small integers, in order of first appearance. Holds the bytes once, in one
 * arena, so that a million ids cost no objects.
 */
export class Dictionary implements Encoder {
  #arena = new Uint8Array(4096)
  #arenaLength = 0
  /** Where each entry starts in the arena; entry i ends where entry i + 1 starts. */
  readonly #starts = new Growing(Float64Array, 256)
  #slots = emptySlots(512)
  #mask = 511
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
    const hash = hashBytes(bytes, start, end, SEED)
    const slot = this.#slotOf(hash, bytes, start, end)
    const code = this.#slots[slot + CODE]!
    return code === EMPTY ? this.#insert(bytes, start, end, hash, slot) : code
  }

  /** The code of the bytes, or NO_CODE if they have none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.#slots[this.#slotOf(hashBytes(bytes, start, end, SEED), bytes, start, end) + CODE]!
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

  /** Where the slot of the bytes starts: the one that holds them, or the empty one they would take. */
  #slotOf(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const slot = place * 2
      const code = slots[slot + CODE]!
      if (code === EMPTY || (slots[slot + HASH] === hash && this.#equals(code, bytes, start, end)))
        return slot
    }
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts.values[code]!
    if (this.#starts.values[code + 1]! - from !== end - start) return false
    const arena = this.#arena
    for (let i = start, j = from; i < end; i++, j++) if (bytes[i] !== arena[j]) return false
    return true
  }

  #insert(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const code = this.size
    const length = end - start
    if (this.#arenaLength + length > this.#arena.length) {
      const next = new Uint8Array(Math.max(this.#arena.length * 2, this.#arenaLength + length))
      next.set(this.#arena)
      this.#arena = next
    }
    const arena = this.#arena
    for (let i = start, j = this.#arenaLength; i < end; i++, j++) arena[j] = bytes[i]!
    this.#arenaLength += length
    this.#starts.push(this.#arenaLength)
    this.#slots[slot + HASH] = hash
    this.#slots[slot + CODE] = code
    if (this.size * 5 > (this.#mask + 1) * 3) this.#rehash()
    return code
  }

  #rehash(): void {
    const old = this.#slots
    const slots = emptySlots((this.#mask + 1) * 2)
    const mask = slots.length / 2 - 1
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + CODE] === EMPTY) continue
      let place = old[from + HASH]! & mask
      while (slots[place * 2 + CODE] !== EMPTY) place = (place + 1) & mask
      slots[place * 2 + HASH] = old[from + HASH]!
      slots[place * 2 + CODE] = old[from + CODE]!
    }
    this.#slots = slots
    this.#mask = mask
  }
}

function emptySlots(count: number): Int32Array {
  return new Int32Array(count * 2).fill(EMPTY)
}

/** A dictionary of the given texts, whose codes are their places in the list. */
export function dictionaryOf(texts: readonly string[]): Dictionary {
  const dictionary = new Dictionary()
  for (const text of texts) dictionary.encodeText(text)
  return dictionary
}

/** A 32-bit hash of the bytes from start to end; reads four at a time, since ids are the hot case. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed ^ (end - start)
  let i = start
  for (; i + 4 <= end; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  let tail = 0
  for (; i < end; i++) tail = (tail << 8) | bytes[i]!
  hash = Math.imul(hash ^ tail, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
