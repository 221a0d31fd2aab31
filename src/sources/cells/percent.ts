/**
 * The text with its percent-encoded characters. Bytes that are no UTF-8 stay as they are written, as does a
 * percent sign that encodes nothing, and %00: no cell may hold a NUL. It is decoded once.
 *
 * @example percentDecoded('caf%C3%A9 100% %2525 %FF') → 'café 100% %25 %FF'
 */
export function percentDecoded(text: string): string {
  let result = ''
  let from = 0
  for (let at = text.indexOf('%'); at >= 0; ) {
    const lead = byteAt(text, at)
    const length = lengthBehind(lead)
    const point = length === 1 ? lead : pointAt(text, at, lead, length)
    if (point > 0) {
      result += text.slice(from, at) + String.fromCodePoint(point)
      from = at + 3 * length
    }
    at = text.indexOf('%', point > 0 ? from : at + 1)
  }
  return from === 0 ? text : result + text.slice(from)
}

const PERCENT = 37

/** The byte that %XX stands for; -1 if there is none. */
function byteAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== PERCENT) return -1
  const high = digitOf(text.charCodeAt(at + 1))
  const low = digitOf(text.charCodeAt(at + 2))
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** How many bytes a character has by its first one; 0 if none starts so. */
function lengthBehind(lead: number): number {
  if (lead < 0) return 0
  if (lead < 0x80) return 1
  if (lead < 0xc2) return 0
  if (lead < 0xe0) return 2
  if (lead < 0xf0) return 3
  return lead < 0xf5 ? 4 : 0
}

/** Smallest code point of as many bytes: a smaller one is written too long, and no UTF-8. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x1_0000]

/** The code point of several bytes; 0 if they are no UTF-8. */
function pointAt(text: string, at: number, lead: number, length: number): number {
  if (length === 0) return 0
  let point = lead & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const byte = byteAt(text, at + 3 * i)
    if (byte < 0 || (byte & 0xc0) !== 0x80) return 0
    point = point * 64 + (byte & 0x3f)
  }
  const isSurrogate = point >= 0xd800 && point < 0xe000
  return point < (SMALLEST[length] ?? 0) || point > 0x10_ffff || isSurrogate ? 0 : point
}
