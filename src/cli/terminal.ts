import pc from 'picocolors'

/** Where a command writes, and what the terminal can do. Results go to stdout, the rest to stderr. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly isOutTty: boolean
  readonly isErrTty: boolean
  readonly paint: Paint
}

/** Colours, which are plain where there is no terminal; nothing depends on them. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly warn: (text: string) => string
}

export function paintFor(isTty: boolean): Paint {
  const colors = pc.createColors(isTty && pc.isColorSupported)
  return { bold: colors.bold, dim: colors.dim, good: colors.green, bad: colors.red, warn: colors.yellow }
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
