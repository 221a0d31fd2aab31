import { isAscii } from 'node:buffer'
import { type ByteStep, NO_UTF8, NOTHING } from './byte-step.ts'

export type SingleByteEncoding = 'windows-1252' | 'iso-8859-1' | 'iso-8859-15'

/** Most bytes of UTF-8 that one byte becomes. */
const LONGEST = 3
/** ASCII is looked for, and copied, in blocks of so many bytes. */
const BLOCK = 2048

/** The characters of windows-1252 from 80 to 9F; a blank where there is none. */
const WINDOWS_80_TO_9F = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'
/** The characters of ISO 8859-15 from A4 to BE, where it differs from ISO 8859-1; blanks where it does not. */
const LATIN_9_A4_TO_BE = '€ Š š           Ž   ž   ŒœŸ'

/**
 * Turns one of the encodings with a byte for each character into UTF-8. Bytes that windows-1252 does not define
 * (81 8D 8F 90 9D) become bytes that are no UTF-8.
 *
 * The tables stand here and do not come from the platform: its decoder takes `iso-8859-1` for windows-1252, gives
 * control characters for undefined bytes, and in some versions of Node reads windows-1252 as ISO 8859-1.
 *
 * @example singleByteStep('windows-1252').push(Buffer.of(0x80)) → the bytes of '€': E2 82 AC
 */
export function singleByteStep(encoding: SingleByteEncoding): ByteStep {
  const { first, second, third } = tableOf(encoding)
  let out = new Uint8Array(0)
  return {
    push(chunk) {
      if (isAscii(chunk)) return chunk
      if (out.length < LONGEST * chunk.length) out = new Uint8Array(LONGEST * chunk.length)
      let to = 0
      for (let from = 0; from < chunk.length; from += BLOCK) {
        const block = chunk.subarray(from, from + BLOCK)
        if (isAscii(block)) {
          out.set(block, to)
          to += block.length
          continue
        }
        // Hot: once for each byte of the file.
        for (let i = 0; i < block.length; i++) {
          const byte = block[i]!
          if (byte < 0x80) {
            out[to++] = byte
            continue
          }
          out[to++] = first[byte]!
          if (second[byte] !== 0) out[to++] = second[byte]!
          if (third[byte] !== 0) out[to++] = third[byte]!
        }
      }
      return out.subarray(0, to)
    },
    finish: () => NOTHING,
  }
}

/** The bytes of UTF-8 that each byte becomes, one table for each place; 0 where it becomes fewer. */
function tableOf(encoding: SingleByteEncoding) {
  const places = [new Uint8Array(256), new Uint8Array(256), new Uint8Array(256)] as const
  for (let byte = 0; byte < 256; byte++) {
    const character = characterOf(encoding, byte)
    const bytes = character === undefined ? [NO_UTF8] : Buffer.from(character, 'utf8')
    for (const [place, value] of bytes.entries()) places[place as 0 | 1 | 2][byte] = value
  }
  return { first: places[0], second: places[1], third: places[2] }
}

/** Undefined where the encoding defines none. */
function characterOf(encoding: SingleByteEncoding, byte: number): string | undefined {
  if (encoding === 'windows-1252' && byte >= 0x80 && byte <= 0x9f) {
    const character = WINDOWS_80_TO_9F[byte - 0x80]
    return character === ' ' ? undefined : character
  }
  const own = encoding === 'iso-8859-15' ? (LATIN_9_A4_TO_BE[byte - 0xa4] ?? ' ') : ' '
  return own === ' ' ? String.fromCharCode(byte) : own
}
