import { wordsOf } from '../../lib/texts/words.ts'
import type { Cells } from '../texts/text-cells.ts'

const UUID_LENGTH = 36
const DASH = 45

/** Numbers that are known of a key: four of its 32 digits, and the hash of these. */
export const KEY_NUMBERS = 5
export const KEY_HASH = 4

/** Keys with what can be known of them without any other keys, to be looked up in a key set. */
export interface KeyCells extends Cells {
  /** 1 where the key is a UUID as most systems write it (36 characters, lower case). */
  readonly isUuid: Uint8Array
  /** Of each UUID, KEY_NUMBERS side by side. */
  readonly numbers: Int32Array
}

/**
 * Fills in what is known of keys, with a seed that all who look them up have in common.
 *
 * @param from the first row that is not done yet
 */
export function prepareKeys(cells: KeyCells, seed: number, from = 0): void {
  const { bytes, starts, ends, count, isUuid, numbers } = cells
  const words = wordsOf(bytes)
  for (let row = from; row < count; row++) {
    const start = starts[row]!
    const isOne = ends[row]! - start === UUID_LENGTH && takeUuid(bytes, words, start, numbers, row, seed)
    isUuid[row] = isOne ? 1 : 0
  }
}

/** Takes the 32 digits of a UUID and their hash; false if the bytes are anything else. */
function takeUuid(
  bytes: Uint8Array,
  words: DataView,
  at: number,
  found: Int32Array,
  row: number,
  seed: number,
): boolean {
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
  const a = dp | (dq << 4)
  const b = dr | (ds << 4)
  const c = dt | (du << 4)
  const d = dv | (dw << 4)
  const to = row * KEY_NUMBERS
  found[to] = a
  found[to + 1] = b
  found[to + 2] = c
  found[to + 3] = d
  found[to + KEY_HASH] = hashWords(a, b, c, d, seed)
  return true
}

/** What four hexadecimal digits mean, each in its byte; for `g` to `o` more than 15, else nonsense. */
function digits(word: number): number {
  return (word & 0x0f0f0f0f) + Math.imul((word >>> 6) & 0x01010101, 9)
}

/** How digits up to 15 are written: 0 to 9, a to f. */
function written(values: number): number {
  return (values + 0x30303030 + Math.imul(((values + 0x06060606) >>> 4) & 0x01010101, 39)) | 0
}

function hashWords(a: number, b: number, c: number, d: number, seed: number): number {
  let hash = Math.imul(seed ^ a, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15) ^ c, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0xc2b2ae35)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0x85ebca6b)
  return hash ^ (hash >>> 16)
}
