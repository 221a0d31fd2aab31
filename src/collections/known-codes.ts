import { NO_CODE } from './texts/dictionary.ts'
import type { TextVector } from './vectors.ts'

/** By code of the dictionary: 1 for texts that some row of the column holds. */
export function knownCodes({ codes, dictionary }: TextVector): Uint8Array {
  const known = new Uint8Array(dictionary.size)
  for (let row = 0; row < codes.length; row++) if (codes[row] !== NO_CODE) known[codes[row]!] = 1
  return known
}
