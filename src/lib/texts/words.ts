let lastBytes: Uint8Array | undefined
let lastView: DataView = new DataView(new ArrayBuffer(0))

/**
 * A view that reads four bytes at a time, at any place, wherever they lie in memory. The view of the
 * bytes asked for last is remembered: hot loops ask for the same ones over and over.
 */
export function wordsOf(bytes: Uint8Array): DataView {
  if (bytes !== lastBytes) {
    lastBytes = bytes
    lastView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  return lastView
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

/** How many bytes of the word come before the lowest mark; not for 0. */
export function bytesBefore(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3
}

/** Whether the bytes from start to end are those of `others` from `at` on; `otherWords` views `others`. */
export function sameBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  others: Uint8Array,
  otherWords: DataView,
  at: number,
): boolean {
  const words = wordsOf(bytes)
  let i = start
  let j = at
  for (; i + 4 <= end; i += 4, j += 4)
    if (words.getInt32(i, true) !== otherWords.getInt32(j, true)) return false
  for (; i < end; i++, j++) if (bytes[i] !== others[j]) return false
  return true
}

/** Copies the bytes from start to end to `at` in `target`, which has room for them; `targetWords` views it. */
export function copyBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  targetWords: DataView,
  at: number,
): void {
  const words = wordsOf(bytes)
  let i = start
  let j = at
  for (; i + 4 <= end; i += 4, j += 4) targetWords.setInt32(j, words.getInt32(i, true), true)
  for (; i < end; i++, j++) target[j] = bytes[i]!
}
