import { gzipSync } from 'node:zlib'
import type { Random } from './random.ts'

/** How a table is written to a file. */
export interface Dialect {
  readonly delimiter: ',' | ';' | '\t' | '|'
  readonly encoding: 'utf-8' | 'windows-1252' | 'iso-8859-1' | 'iso-8859-15' | 'utf-16'
  readonly quotes: 'doubled' | 'backslash'
  readonly lineEnd: '\n' | '\r\n'
  readonly skipLines: number
  /** Whether a byte order mark stands at the start; UTF-16 always has one. */
  readonly bom: boolean
}

export const PLAIN: Dialect = {
  delimiter: ',',
  encoding: 'utf-8',
  quotes: 'doubled',
  lineEnd: '\n',
  skipLines: 0,
  bom: false,
}

export function randomDialect(random: Random): Dialect {
  return {
    delimiter: random.pick([',', ';', '\t', '|']),
    encoding: random.pick(['utf-8', 'utf-8', 'windows-1252', 'iso-8859-1', 'iso-8859-15', 'utf-16']),
    quotes: random.pick(['doubled', 'doubled', 'backslash']),
    lineEnd: random.pick(['\n', '\r\n']),
    skipLines: random.pick([0, 0, 0, 1, 3]),
    bom: random.chance(0.2),
  }
}

/** What a user declares of a file in a dialect. */
export function dialectSettings({ delimiter, encoding, quotes, skipLines }: Dialect) {
  return { delimiter, encoding, quotes, skipLines }
}

export interface Written {
  readonly bytes: Buffer
  /** The line where each record starts, from 1. */
  readonly lines: readonly number[]
}

/** Writes records, the header among them, in a dialect. An empty cell is an empty one, or NULL as MySQL writes it. */
export function written(records: readonly (readonly string[])[], dialect: Dialect): Written {
  const { lineEnd, skipLines, encoding } = dialect
  const lines: number[] = []
  let text = Array.from({ length: skipLines }, (_, i) => `Report "${i}\uFEFF'${lineEnd}`).join('')
  let line = skipLines + 1
  for (const record of records) {
    lines.push(line)
    const written = record.map((cell) => cellText(cell, dialect)).join(dialect.delimiter)
    // A single empty cell would be a blank line.
    const whole = written === '' ? '""' : written
    text += whole + lineEnd
    line += 1 + (whole.match(/\r\n|\n|\r/g)?.length ?? 0)
  }
  const isMarked = encoding === 'utf-16' || (encoding === 'utf-8' && dialect.bom)
  return { bytes: encoded((isMarked ? '\uFEFF' : '') + text, encoding), lines }
}

/** The bytes of a file, as its name asks. */
export function zippedIf(name: string, bytes: Buffer): Buffer {
  return name.endsWith('.gz') ? gzipSync(bytes) : bytes
}

function cellText(cell: string, { delimiter, quotes }: Dialect): string {
  if (quotes === 'doubled')
    return /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell
  if (cell === '') return '\\N'
  return `"${cell.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function encoded(text: string, encoding: Dialect['encoding']): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8')
  if (encoding === 'utf-16') return Buffer.from(text, 'utf16le')
  const bytes = bytesOf(encoding)
  return Buffer.from([...text].map((character) => bytes.get(character) ?? UNENCODABLE))
}

const UNENCODABLE = 0x3f
const tables = new Map<string, ReadonlyMap<string, number>>()

/** The byte of each character of an encoding of single bytes. */
function bytesOf(encoding: Dialect['encoding']): ReadonlyMap<string, number> {
  const known = tables.get(encoding)
  if (known !== undefined) return known
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  // What the platform calls ISO-8859-1 is Windows-1252.
  const isLatin1 = encoding === 'iso-8859-1'
  const text = isLatin1 ? String.fromCharCode(...all) : new TextDecoder(encoding).decode(all)
  const table = new Map([...text].map((character, byte) => [character, byte]))
  tables.set(encoding, table)
  return table
}

/** The text with all characters replaced that a file in this encoding cannot hold: different ones by different texts. */
export function encodable(text: string, encoding: Dialect['encoding']): string {
  if (encoding === 'utf-8' || encoding === 'utf-16') return text
  const bytes = bytesOf(encoding)
  return [...text]
    .map((character) => (bytes.has(character) ? character : `U${character.codePointAt(0)!.toString(16)}`))
    .join('')
}
