import { sameBytes, wordsOf } from '../../lib/texts/words.ts'
import { NO_NUMBER, type NumberedTexts, type TextNumberer } from './numbered-texts.ts'

/** The cell is null. */
export const IS_NULL = 0
/** The cell is the same as the one before it that is not null. */
export const IS_SAME = 1
/** Nothing is known of the cell but its hash. */
export const IS_TEXT = 2
/** In the place of the hash stands the number of the text. */
export const IS_NUMBERED = 3

/** The cells of one column in some rows, where they lie in memory; null where one starts where it ends. */
export interface Cells {
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly count: number
}

/** Cells with what can be known of them without any other cells, to be looked up in a dictionary. */
export interface TextCells extends Cells {
  /** IS_NULL, IS_SAME, IS_TEXT or IS_NUMBERED. */
  readonly kinds: Uint8Array
  /** By hashBytes, or numbers; of no use where the cell is null. */
  readonly hashes: Int32Array
  /** The texts that have numbers. */
  readonly numbered: NumberedTexts | undefined
}

/**
 * How many cells are looked up at a time. Each step of a look-up is done for all of them before the next
 * one: so the memory of many is waited for at once, and not of one after the other.
 */
export const LOOK_UPS = 1024

/**
 * Fills in the kinds and hashes of cells, with a seed that all who look them up have in common.
 *
 * @param from the first row that is not done yet
 * @param numberer of the column, if those who look them up can read its numbers
 */
export function prepareTexts(cells: TextCells, seed: number, from: number, numberer?: TextNumberer): void {
  const { bytes, starts, ends, count, kinds, hashes } = cells
  const words = wordsOf(bytes)
  let before = -1
  for (let row = from; row < count; row++) {
    const start = starts[row]!
    const end = ends[row]!
    if (start === end) {
      kinds[row] = IS_NULL
      continue
    }
    if (
      before >= 0 &&
      ends[before]! - starts[before]! === end - start &&
      sameBytes(words, start, end, words, starts[before]!)
    ) {
      kinds[row] = kinds[before] === IS_NUMBERED ? IS_NUMBERED : IS_SAME
      hashes[row] = hashes[before]!
    } else {
      const hash = hashBytes(words, start, end, seed)
      const number = numberer === undefined ? NO_NUMBER : numberer.numberOf(words, start, end, hash)
      kinds[row] = number === NO_NUMBER ? IS_TEXT : IS_NUMBERED
      hashes[row] = number === NO_NUMBER ? hash : number
    }
    before = row
  }
}

/** A 32-bit hash of the bytes from start to end; reads four at a time, since ids are the hot case. */
export function hashBytes(words: DataView, start: number, end: number, seed: number): number {
  let hash = seed ^ (end - start)
  let i = start
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ words.getInt32(i, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  let tail = 0
  for (; i < end; i++) tail = (tail << 8) | words.getUint8(i)
  hash = Math.imul(hash ^ tail, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
