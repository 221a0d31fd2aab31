import { type ByteStep, copied, joined, NO_UTF8, NOTHING } from './byte-step.ts'

/** Most bytes of UTF-8 that one unit of two bytes becomes. */
const LONGEST = 3

/**
 * Turns UTF-16 without its byte order mark into UTF-8. Half of a surrogate pair, and a single byte at the end,
 * become a byte that is no UTF-8: a decoder of the platform would hide them behind U+FFFD.
 */
export function utf16Step(order: 'little' | 'big'): ByteStep {
  const [low, high] = order === 'little' ? [0, 1] : [1, 0]
  let out = new Uint8Array(0)
  /** Bytes that mean nothing before the next ones are there. */
  let rest: Uint8Array = NOTHING
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : joined(rest, chunk)
      const room = (LONGEST * bytes.length) / 2 + 1
      if (out.length < room) out = new Uint8Array(room)
      let to = 0
      let at = 0
      for (; at + 1 < bytes.length; at += 2) {
        const unit = bytes[at + low]! | (bytes[at + high]! << 8)
        if (unit < 0x80) {
          out[to++] = unit
        } else if (unit < 0x800) {
          out[to++] = 0xc0 | (unit >> 6)
          out[to++] = 0x80 | (unit & 0x3f)
        } else if (unit < 0xd800 || unit > 0xdfff) {
          out[to++] = 0xe0 | (unit >> 12)
          out[to++] = 0x80 | ((unit >> 6) & 0x3f)
          out[to++] = 0x80 | (unit & 0x3f)
        } else {
          if (unit > 0xdbff) {
            out[to++] = NO_UTF8
            continue
          }
          if (at + 3 >= bytes.length) break
          const second = bytes[at + 2 + low]! | (bytes[at + 2 + high]! << 8)
          if (second < 0xdc00 || second > 0xdfff) {
            out[to++] = NO_UTF8
            continue
          }
          const point = 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00)
          out[to++] = 0xf0 | (point >> 18)
          out[to++] = 0x80 | ((point >> 12) & 0x3f)
          out[to++] = 0x80 | ((point >> 6) & 0x3f)
          out[to++] = 0x80 | (point & 0x3f)
          at += 2
        }
      }
      rest = at === bytes.length ? NOTHING : copied(bytes.subarray(at))
      return out.subarray(0, to)
    },
    finish: () => (rest.length === 0 ? NOTHING : Uint8Array.of(NO_UTF8)),
  }
}
