import { Growing } from '../../lib/numbers/growing.ts'
import { Dictionary, type Encoder, NO_CODE } from './dictionary.ts'
import type { TextCells } from './text-cells.ts'

/**
 * Ids that are known only by their hashes: the dictionary holds the hashes, in the place of the ids.
 * The ids themselves are remembered only to hash each once, and are never handed out.
 */
export class HashedIds implements Encoder {
  readonly dictionary = new Dictionary()
  readonly #originals = new Dictionary()
  readonly #codes = new Growing(Int32Array)
  readonly #hash: (id: Uint8Array) => string

  /** @param hash of an id's bytes; ids with one hash become one */
  constructor(hash: (id: Uint8Array) => string) {
    this.#hash = hash
  }

  encode(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#originals.size
    const original = this.#originals.encode(bytes, start, end)
    if (original === known)
      this.#codes.push(this.dictionary.encodeText(this.#hash(bytes.subarray(start, end))))
    return this.#codes.values[original]!
  }

  find(bytes: Uint8Array, start: number, end: number): number {
    const original = this.#originals.find(bytes, start, end)
    return original === NO_CODE ? NO_CODE : this.#codes.values[original]!
  }

  encodeCells({ bytes, starts, ends, count }: TextCells, codes: Int32Array, at: number): void {
    for (let row = 0; row < count; row++) {
      const start = starts[row]!
      const end = ends[row]!
      codes[at + row] = start === end ? NO_CODE : this.encode(bytes, start, end)
    }
  }

  expect(ids: number): void {
    this.dictionary.expect(ids)
    this.#originals.expect(ids)
  }
}
