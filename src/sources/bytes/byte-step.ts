/** Changes the bytes of one file, chunk by chunk; the chunks may cut it anywhere. */
export interface ByteStep {
  /** What the bytes so far become, as far as it is certain; only valid until the next call. */
  push(chunk: Uint8Array): Uint8Array
  /** What is left once the file has ended; only valid until the next call. */
  finish(): Uint8Array
}

/** A byte that never stands in UTF-8: the record that holds it is rejected as `invalid_utf8`, and no other. */
export const NO_UTF8 = 0xff

export const NOTHING = new Uint8Array(0)

/** In memory of its own: `slice` of a Buffer would be a view of what the next call changes. */
export function copied(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

/** Both in memory of their own. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = Buffer.allocUnsafe(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
