import type { Dictionary } from '../../collections/texts/dictionary.ts'

/** The lengths and the bytes of some texts of a dictionary, one behind the other. */
export function packTexts(
  dictionary: Dictionary,
  codes: ArrayLike<number>,
): { lengths: Int32Array; bytes: Uint8Array } {
  const lengths = Int32Array.from(codes, (code) => dictionary.byteLength(code))
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (let i = 0; i < lengths.length; i++) {
    const start = dictionary.start(codes[i]!)
    bytes.set(dictionary.arena.subarray(start, start + lengths[i]!), at)
    at += lengths[i]!
  }
  return { lengths, bytes }
}
