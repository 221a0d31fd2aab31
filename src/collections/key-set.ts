import { wordsOf } from '../lib/words.ts'
import { Dictionary } from './dictionary.ts'
import { doubledSlots, EMPTY, HASH, NEXT_CODE } from './hash-slots.ts'

const SEED = (Math.random() * 0x1_0000_0000) | 0

/** Keys are kept in blocks, so that growing copies nothing. */
const BLOCK_BITS = 14
const BLOCK_MASK = (1 << BLOCK_BITS) - 1

const UUID_LENGTH = 36
const DASH = 45

/**
 * Keys to small integers, in order of first appearance, for keys that nobody reads back. A UUID as most
 * systems write it (36 characters, lower case) is kept in 16 bytes; other keys are kept as they are.
 */
export class KeySet {
  /** Four numbers a UUID, by code; unused at the codes of other keys. */
  readonly #blocks: Int32Array[] = []
  #slots = new Int32Array(1024)
  #mask = 511
  #size = 0
  #uuids = 0
  readonly #others = new Dictionary()
  /** By code in `others`: the code of the key. */
  readonly #codeOfOther: number[] = []
  /** The UUID at hand. */
  #a = 0
  #b = 0
  #c = 0
  #d = 0

  /** How many different keys it holds; their codes are 0 to size − 1. */
  get size(): number {
    return this.#size
  }

  /** Makes room for that many keys in all. */
  expect(keys: number): void {
    while (keys * 4 > (this.#slots.length / 2) * 3) this.#rehash()
  }

  /** The code of the key from start to end, new if it has none yet. */
  encode(bytes: Uint8Array, start: number, end: number): number {
    if (end - start === UUID_LENGTH && this.#takeUuid(bytes, wordsOf(bytes), start)) return this.#encodeUuid()
    const other = this.#others.encode(bytes, start, end)
    if (other === this.#codeOfOther.length) this.#codeOfOther.push(this.#size++)
    return this.#codeOfOther[other]!
  }

  /** Takes the 32 digits of a UUID; false if the bytes are anything else. */
  #takeUuid(bytes: Uint8Array, words: DataView, at: number): boolean {
    const dashes =
      (bytes[at + 8]! ^ DASH) | (bytes[at + 13]! ^ DASH) | (bytes[at + 18]! ^ DASH) | (bytes[at + 23]! ^ DASH)
    if (dashes !== 0) return false
    const p = words.getInt32(at, true)
    const q = words.getInt32(at + 4, true)
    const r = words.getInt32(at + 9, true)
    const s = words.getInt32(at + 14, true)
    const t = words.getInt32(at + 19, true)
    const u = words.getInt32(at + 24, true)
    const v = words.getInt32(at + 28, true)
    const w = words.getInt32(at + 32, true)
    const [dp, dq, dr, ds] = [digits(p), digits(q), digits(r), digits(s)]
    const [dt, du, dv, dw] = [digits(t), digits(u), digits(v), digits(w)]
    const differences =
      (written(dp) ^ p) |
      (written(dq) ^ q) |
      (written(dr) ^ r) |
      (written(ds) ^ s) |
      (written(dt) ^ t) |
      (written(du) ^ u) |
      (written(dv) ^ v) |
      (written(dw) ^ w)
    if ((differences | ((dp | dq | dr | ds | dt | du | dv | dw) & 0x10101010)) !== 0) return false
    // Two words of four digits each interleave to one of eight.
    this.#a = dp | (dq << 4)
    this.#b = dr | (ds << 4)
    this.#c = dt | (du << 4)
    this.#d = dv | (dw << 4)
    return true
  }

  #encodeUuid(): number {
    const hash = hashWords(this.#a, this.#b, this.#c, this.#d)
    const slots = this.#slots
    const mask = this.#mask
    let place = hash & mask
    for (;;) {
      const next = slots[place * 2 + NEXT_CODE]!
      if (next === EMPTY) break
      if (slots[place * 2 + HASH] === hash && this.#isUuid(next - 1)) return next - 1
      place = (place + 1) & mask
    }
    const code = this.#size++
    this.#keep(code)
    slots[place * 2 + HASH] = hash
    slots[place * 2 + NEXT_CODE] = code + 1
    if (++this.#uuids * 4 > (slots.length / 2) * 3) this.#rehash()
    return code
  }

  #isUuid(code: number): boolean {
    const block = this.#blocks[code >> BLOCK_BITS]!
    const at = (code & BLOCK_MASK) * 4
    return (
      block[at] === this.#a &&
      block[at + 1] === this.#b &&
      block[at + 2] === this.#c &&
      block[at + 3] === this.#d
    )
  }

  #keep(code: number): void {
    const number = code >> BLOCK_BITS
    while (this.#blocks.length <= number) this.#blocks.push(new Int32Array(4 << BLOCK_BITS))
    const block = this.#blocks[number]!
    const at = (code & BLOCK_MASK) * 4
    block[at] = this.#a
    block[at + 1] = this.#b
    block[at + 2] = this.#c
    block[at + 3] = this.#d
  }

  #rehash(): void {
    this.#slots = doubledSlots(this.#slots)
    this.#mask = this.#slots.length / 2 - 1
  }
}

/** What four hexadecimal digits mean, each in its byte; for `g` to `o` more than 15, else nonsense. */
function digits(word: number): number {
  return (word & 0x0f0f0f0f) + Math.imul((word >>> 6) & 0x01010101, 9)
}

/** How digits up to 15 are written: 0 to 9, a to f. */
function written(values: number): number {
  return (values + 0x30303030 + Math.imul(((values + 0x06060606) >>> 4) & 0x01010101, 39)) | 0
}

function hashWords(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(SEED ^ a, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15) ^ c, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0xc2b2ae35)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0x85ebca6b)
  return hash ^ (hash >>> 16)
}
