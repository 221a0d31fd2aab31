import { equalNumbers } from '../collections/texts/equal-numbers.ts'
import { KEY_LANES } from './format/kept-rows.ts'

/**
 * Numbers keys that are known by their hashes alone: two keys are the same if their numbers are.
 *
 * @param keys KEY_LANES numbers each
 */
export function numberKeys(keys: Int32Array): Int32Array {
  const isSame = (a: number, b: number) =>
    keys[a * KEY_LANES] === keys[b * KEY_LANES] && keys[a * KEY_LANES + 2] === keys[b * KEY_LANES + 2]
  return equalNumbers({ hashes: keys, stride: KEY_LANES, part: 0, slot: 1, isSame })
}

/** The same for the keys of several parts, each with its own array of numbers. */
export function numberKeysOf(parts: readonly Int32Array[]): Int32Array[] {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0))
  const starts: number[] = []
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    starts.push(at / KEY_LANES)
    at += part.length
  }
  const numbers = numberKeys(all)
  return parts.map(({ length }, i) => numbers.subarray(starts[i]!, starts[i]! + length / KEY_LANES))
}
