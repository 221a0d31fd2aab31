import { isAscii, isUtf8 } from 'node:buffer'
import type { FileSample } from '../../../parsers/records/file-sample.ts'
import type { Encoding } from '../../../rules/sources/files.ts'
import { singleByteStep } from '../../bytes/single-byte.ts'
import { utf16Step } from '../../bytes/utf-16.ts'

/** How the texts of a file seem to be written in bytes. */
export interface SeenEncoding {
  /** Undefined if it is none that can be declared, or nobody can tell. */
  readonly encoding: Encoding | undefined
  readonly hasMark: boolean
  /** Whether all bytes seen are ASCII, so that most encodings would do. */
  readonly isAscii: boolean
  /** Whether other encodings would look alike, so that a person should look at the texts. */
  readonly isLikely: boolean
  /** What keeps the file from being read. */
  readonly fault: string | undefined
}

/** Files that are often taken for CSV, by how they start. */
const OTHER_FILES: readonly (readonly [start: string, what: string])[] = [
  ['PK\u0003\u0004', 'a spreadsheet (.xlsx) or another zip file: export it as CSV'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old spreadsheet (.xls): export it as CSV'],
  ['%PDF', 'a PDF: export the data as CSV'],
  ['PAR1', 'a Parquet file: export it as CSV'],
]

/** Bytes that Windows-1252 does not define. */
const UNDEFINED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])
/** Bytes beyond ASCII and the letters of Western Europe that are usual in Windows-1252: €, quotes, dashes, signs. */
const USUAL_SIGNS = new Set([
  0x80, 0x85, 0x8a, 0x8c, 0x8e, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9a, 0x9c, 0x9e, 0xa0, 0xa3,
  0xa7, 0xa9, 0xab, 0xae, 0xb0, 0xb2, 0xb3, 0xb4, 0xb5, 0xbb, 0xbd,
])

/** @example a sample with the bytes EF BB BF first → { encoding: 'utf-8', hasMark: true, … } */
export function seenEncoding({ head, parts }: FileSample): SeenEncoding {
  const seen = (encoding: Encoding | undefined, more: Partial<SeenEncoding> = {}): SeenEncoding => ({
    encoding,
    hasMark: false,
    isAscii: false,
    isLikely: false,
    fault: undefined,
    ...more,
  })
  const [a, b, c, d] = head
  const start = Buffer.from(head.subarray(0, 4)).toString('latin1')
  const other = OTHER_FILES.find(([sign]) => start === sign)
  if (other !== undefined) return seen(undefined, { fault: `it is ${other[1]}` })
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return seen('utf-16', { hasMark: true })
  const hasMark = a === 0xef && b === 0xbb && c === 0xbf
  if (head.length >= 4 && ((a === 0 && b !== 0 && c === 0) || (a !== 0 && b === 0 && d === 0))) {
    const order = a === 0 ? 'BE' : 'LE'
    const fault = `it is UTF-16 without a byte order mark: convert it with iconv -f UTF-16${order} -t UTF-8`
    return seen(undefined, { fault })
  }
  const all = [head, ...parts]
  if (all.some((bytes) => bytes.includes(0)))
    return seen(undefined, { fault: 'it holds NUL bytes, so it is no text' })
  if (all.every(isUtf8Part)) return seen('utf-8', { hasMark, isAscii: all.every(isAscii) })
  if (hasMark) return seen(undefined, { fault: 'it starts as UTF-8, but some bytes are none' })
  return seen(windowsLikely(all) ? 'windows-1252' : undefined, {
    isLikely: true,
    fault: windowsLikely(all)
      ? undefined
      : 'it is not UTF-8, and nobody can tell what else: export it as UTF-8',
  })
}

/** A part of a file may begin and end within a character. */
function isUtf8Part(bytes: Uint8Array): boolean {
  let from = 0
  while (from < 3 && (bytes[from]! & 0xc0) === 0x80) from++
  let to = bytes.length
  for (let at = bytes.length - 1; at >= Math.max(from, bytes.length - 3); at--) {
    if ((bytes[at]! & 0xc0) === 0x80) continue
    if (bytes[at]! >= 0xc0) to = at
    break
  }
  return isUtf8(bytes.subarray(from, to)) || isUtf8(bytes.subarray(from))
}

function windowsLikely(all: readonly Uint8Array[]): boolean {
  let [usual, high] = [0, 0]
  for (const bytes of all)
    for (const byte of bytes) {
      if (byte < 0x80) continue
      if (UNDEFINED.has(byte)) return false
      high++
      if ((byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7) || USUAL_SIGNS.has(byte)) usual++
    }
  return usual >= high / 2
}

/** The bytes of a sample in UTF-8 without a byte order mark: those of the head first. */
export function decodedSample(
  { head, parts }: FileSample,
  { encoding, hasMark }: SeenEncoding,
): Uint8Array[] {
  if (encoding === 'utf-16') {
    const order = head[0] === 0xff ? 'little' : 'big'
    return [head.subarray(2), ...parts].map((bytes) => new Uint8Array(utf16Step(order).push(bytes)))
  }
  const all = [hasMark ? head.subarray(3) : head, ...parts]
  if (encoding === undefined || encoding === 'utf-8') return all
  return all.map((bytes) => new Uint8Array(singleByteStep(encoding).push(bytes)))
}
