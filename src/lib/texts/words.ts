/** A view that reads four bytes at a time, at any place, wherever they lie in memory. */
export function wordsOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Views of bytes for a hot loop that is given the same ones over and over: remembers the view given last. */
export class LastWords {
  #bytes: Uint8Array | undefined
  #words: DataView = new DataView(new ArrayBuffer(0))

  of(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#words = wordsOf(bytes)
    }
    return this.#words
  }
}

/**
 * Marks, by their highest bit, the bytes of a little-endian word that are below `-` or not ASCII. Commas,
 * quotes, line ends, blanks and NUL are all below `-`; letters, digits, slashes and dashes are not. The
 * lowest mark is exact; those above it may be wrong. 0 means that there is none.
 *
 * @example markUnusual(0x2d616263) → 0
 */
export function markUnusual(word: number): number {
  return ((word - 0x2d2d2d2d) | word) & -0x7f7f7f80
}

/**
 * Marks, by their highest bit, the bytes of a word that are 0. The lowest mark is exact.
 *
 * @example markZeros(0x3b616263 ^ 0x3b3b3b3b) → 0x80000000 as a 32-bit integer: the highest byte is a semicolon
 */
export function markZeros(word: number): number {
  return (word - 0x01010101) & ~word & -0x7f7f7f80
}

/** How many bytes of the word come before the lowest mark; not for 0. */
export function bytesBefore(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3
}

/** Whether the bytes from start to end are those that others have from `at` on. */
export function sameBytes(
  words: DataView,
  start: number,
  end: number,
  others: DataView,
  at: number,
): boolean {
  let i = start
  let j = at
  for (; i + 4 <= end; i += 4, j += 4) if (words.getInt32(i, true) !== others.getInt32(j, true)) return false
  for (; i < end; i++, j++) if (words.getUint8(i) !== others.getUint8(j)) return false
  return true
}

/** Copies the bytes from start to end to `at` in the target, which has room for them. */
export function copyBytes(words: DataView, start: number, end: number, target: DataView, at: number): void {
  let i = start
  let j = at
  for (; i + 4 <= end; i += 4, j += 4) target.setInt32(j, words.getInt32(i, true), true)
  for (; i < end; i++, j++) target.setUint8(j, words.getUint8(i))
}
