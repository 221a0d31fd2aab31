import pc from 'picocolors'
import { jsonText } from '../../lib/json-text.ts'
import { printable } from '../../lib/texts/printable.ts'

/** Where a command writes, and what the terminal can do. Results go to stdout, the rest to stderr. */
export interface Terminal {
  /**
   * Lines for people, to stdout. They may hold what stood in files of others: whatever could end a line or
   * steer the terminal is escaped here, and only here. Colours are those of `paint`.
   */
  readonly out: (...lines: readonly string[]) => void
  /** The same to stderr. */
  readonly err: (...lines: readonly string[]) => void
  /** JSON for machines, to stdout; it may hold what stood in files of others, and steers no terminal either. */
  readonly json: (value: unknown) => void
  /** A text for machines and files, to stdout as it is: a JSON schema, an entry for a scheduler. */
  readonly data: (text: string) => void
  /** Draws on the line of the cursor, on stderr; nothing that was read from anywhere. */
  readonly draw: (text: string) => void
  readonly isOutTty: boolean
  readonly isErrTty: boolean
  readonly paint: Paint
}

/** Colours, which are plain where there is no terminal; nothing depends on them. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly warn: (text: string) => string
}

/** What a terminal needs of a stream. */
export interface Stream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** The only door to the terminal. Colours are on if both streams lead to one that has them. */
export function terminalOn(stdout: Stream, stderr: Stream, hasColors = pc.isColorSupported): Terminal {
  const isOutTty = stdout.isTTY === true
  const isErrTty = stderr.isTTY === true
  const isColored = hasColors && isOutTty && isErrTty
  const written = (lines: readonly string[]) =>
    lines.map((line) => `${withColors(printable(line), isColored)}\n`).join('')
  return {
    out: (...lines) => void stdout.write(written(lines)),
    err: (...lines) => void stderr.write(written(lines)),
    json: (value) => void stdout.write(jsonText(value)),
    data: (text) => void stdout.write(text),
    draw: (text) => void stderr.write(text),
    isOutTty,
    isErrTty,
    paint: isColored ? markers : plain,
  }
}

const same = (text: string) => text
const plain: Paint = { bold: same, good: same, bad: same, warn: same }

/**
 * Escapes of colours cannot be told from those in data, so a painted text bears marks, which become escapes
 * once all else is escaped. They are noncharacters of Unicode, which no text of others has any use for.
 */
const { bold, green, red, yellow } = pc.createColors(true)
const CODES: ReadonlyMap<string, string> = new Map(
  [bold, green, red, yellow].flatMap((paint, i) =>
    paint('|')
      .split('|')
      .map((code, side) => [String.fromCodePoint(0xfdd0 + 2 * i + side), code] as const),
  ),
)
const marker = (i: number) => (text: string) =>
  `${String.fromCodePoint(0xfdd0 + 2 * i)}${text}${String.fromCodePoint(0xfdd0 + 2 * i + 1)}`
const markers: Paint = { bold: marker(0), good: marker(1), bad: marker(2), warn: marker(3) }

function withColors(line: string, isColored: boolean): string {
  return line.replace(/[\ufdd0-\ufdef]/g, (mark) => (isColored ? (CODES.get(mark) ?? '?') : '?'))
}

/** The lines of a text that the program itself has laid out. */
export function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}

export type Align = 'left' | 'right'

/**
 * Rows of texts as lines with aligned columns, two spaces apart.
 *
 * @example tableLines([['a', '1'], ['bb', '10']], ['left', 'right']) → ['a    1', 'bb  10']
 */
export function tableLines(rows: readonly (readonly string[])[], align: readonly Align[]): string[] {
  const widths = align.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  return rows.map((row) =>
    row
      .map((cell, i) => (align[i] === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** @example sizeText(1200) → '2 kB'; sizeText(1234567) → '1.2 MB' */
export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/**
 * A text in lines of at most that width, indented.
 *
 * @example wrapped('a bb ccc', 6, '  ') → ['  a bb', '  ccc']
 */
export function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width - indent.length) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, indent + line]
}
