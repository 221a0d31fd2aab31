import { ExactVector } from '../../collections/exact-vector.ts'
import { type Dictionary, NO_CODE } from '../../collections/texts/dictionary.ts'
import type { TextVector } from '../../collections/vectors.ts'
import type { Whole } from '../../lib/numbers/exact.ts'
import { csvCell, escapeFormula } from '../../lib/texts/csv-text.ts'
import { markUnusual } from '../../lib/texts/words.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'
import { NO_DAY, type OutputColumn, type OutputVector } from '../../tables/define.ts'
import type { RowBytes } from './row-bytes.ts'

/** Most rows whose cells are looked up at a time. */
export const BATCH = 512
/** Longest cell, in bytes, for which a writer makes no room itself. */
export const SHORT_CELL = 64

/** The length of a text that is not written as it is. */
const SPECIAL = -1

const ZERO = 48

/** Writes the cells of one column. */
export interface CellWriter {
  /** Looks up the cells of some rows, BATCH at most. */
  look(rows: Int32Array): void
  /** Writes the cell of row number i of those looked up. */
  write(i: number): void
}

/** The writer of a column's cells, as its kind wants it. */
export function cellWriter(
  column: OutputColumn,
  vector: OutputVector,
  out: RowBytes,
  { escapeFormulas }: { readonly escapeFormulas: boolean },
): CellWriter {
  if (vector instanceof ExactVector) return new ExactWriter(vector, column.kind, out)
  if ('codes' in vector) return new TextWriter(vector, out, escapeFormulas)
  if (column.kind === 'date') return new DateWriter(vector, 10, out)
  if (column.kind === 'month') return new DateWriter(vector, 7, out)
  if (vector instanceof Int8Array) return new FlagWriter(vector, out)
  return new CountWriter(vector, out)
}

class FlagWriter implements CellWriter {
  readonly #values: Int8Array
  readonly #out: RowBytes
  readonly #found = new Int8Array(BATCH)

  constructor(values: Int8Array, out: RowBytes) {
    this.#values = values
    this.#out = out
  }

  look(rows: Int32Array): void {
    for (let i = 0; i < rows.length; i++) this.#found[i] = this.#values[rows[i]!]!
  }

  write(i: number): void {
    const value = this.#found[i]!
    if (value >= 0) this.#out.byte(ZERO + value)
  }
}

class CountWriter implements CellWriter {
  readonly #values: ArrayLike<number>
  readonly #out: RowBytes
  readonly #found = new Float64Array(BATCH)

  constructor(values: ArrayLike<number>, out: RowBytes) {
    this.#values = values
    this.#out = out
  }

  look(rows: Int32Array): void {
    for (let i = 0; i < rows.length; i++) this.#found[i] = this.#values[rows[i]!]!
  }

  write(i: number): void {
    const value = this.#found[i]!
    if (!Number.isNaN(value)) this.#out.integer(value)
  }
}

class ExactWriter implements CellWriter {
  readonly #vector: ExactVector
  readonly #kind: OutputColumn['kind']
  readonly #out: RowBytes
  readonly #found: (Whole | null)[] = new Array(BATCH).fill(null)

  constructor(vector: ExactVector, kind: OutputColumn['kind'], out: RowBytes) {
    this.#vector = vector
    this.#kind = kind
    this.#out = out
  }

  look(rows: Int32Array): void {
    for (let i = 0; i < rows.length; i++) this.#found[i] = this.#vector.get(rows[i]!)
  }

  write(i: number): void {
    const value = this.#found[i]!
    if (value === null) return
    if (this.#kind === 'money') this.#out.money(value)
    else if (this.#kind === 'quantity') this.#out.quantity(value)
    else this.#out.hundredths(value)
  }
}

/** Dates, or their first seven characters; each is made once. */
class DateWriter implements CellWriter {
  readonly #days: ArrayLike<number>
  readonly #length: number
  readonly #out: RowBytes
  readonly #found = new Int32Array(BATCH)
  readonly #texts = new Map<number, string>()
  #lastDay = NO_DAY
  #lastText = ''

  constructor(days: ArrayLike<number>, length: number, out: RowBytes) {
    this.#days = days
    this.#length = length
    this.#out = out
  }

  look(rows: Int32Array): void {
    for (let i = 0; i < rows.length; i++) this.#found[i] = this.#days[rows[i]!]!
  }

  write(i: number): void {
    const day = this.#found[i]!
    if (day === NO_DAY) return
    if (day !== this.#lastDay) {
      this.#lastDay = day
      this.#lastText = this.#textOf(day)
    }
    this.#out.ascii(this.#lastText)
  }

  #textOf(day: number): string {
    const known = this.#texts.get(day)
    if (known !== undefined) return known
    const text = formatDay(day).slice(0, this.#length)
    this.#texts.set(day, text)
    return text
  }
}

/** Copies the bytes of the dictionary; the few texts that need quotes or escapes are made once. */
class TextWriter implements CellWriter {
  readonly #codes: Int32Array
  readonly #dictionary: Dictionary
  readonly #out: RowBytes
  readonly #arena: Uint8Array
  readonly #words: DataView
  readonly #special: ReadonlyMap<number, Buffer>
  readonly #isSpecial: Uint8Array
  readonly #found = new Int32Array(BATCH)
  readonly #starts = new Float64Array(BATCH)
  readonly #lengths = new Int32Array(BATCH)
  /** Only there so that the first bytes of all texts are fetched at once. */
  #firstBytes = 0

  constructor({ codes, dictionary }: TextVector, out: RowBytes, escapeFormulas: boolean) {
    this.#codes = codes
    this.#dictionary = dictionary
    this.#out = out
    this.#arena = dictionary.arena
    this.#words = new DataView(this.#arena.buffer, this.#arena.byteOffset, this.#arena.byteLength)
    this.#special = specialCells(dictionary, this.#words, escapeFormulas)
    this.#isSpecial = new Uint8Array(dictionary.size)
    for (const code of this.#special.keys()) this.#isSpecial[code] = 1
  }

  look(rows: Int32Array): void {
    const dictionary = this.#dictionary
    const codes = this.#found
    for (let i = 0; i < rows.length; i++) codes[i] = this.#codes[rows[i]!]!
    for (let i = 0; i < rows.length; i++) {
      const code = codes[i]!
      if (code === NO_CODE) {
        this.#starts[i] = this.#lengths[i] = 0
        continue
      }
      this.#starts[i] = dictionary.start(code)
      this.#lengths[i] = this.#isSpecial[code] === 1 ? SPECIAL : dictionary.byteLength(code)
    }
    let sum = 0
    for (let i = 0; i < rows.length; i++) sum += this.#arena[this.#starts[i]!]!
    this.#firstBytes ^= sum
  }

  write(i: number): void {
    const length = this.#lengths[i]!
    const start = this.#starts[i]!
    if (length === SPECIAL) {
      const cell = this.#special.get(this.#found[i]!)!
      this.#out.long(cell, 0, cell.length)
    } else if (length <= SHORT_CELL) this.#out.short(this.#arena, this.#words, start, length)
    else this.#out.long(this.#arena, start, start + length)
  }
}

/** By code: the cells of texts that are not written as they are. */
function specialCells(dictionary: Dictionary, words: DataView, escapeFormulas: boolean): Map<number, Buffer> {
  const special = new Map<number, Buffer>()
  for (let code = 0; code < dictionary.size; code++) {
    const start = dictionary.start(code)
    if (!mayBeSpecial(dictionary.arena, words, start, start + dictionary.byteLength(code))) continue
    const text = dictionary.text(code)
    const cell = csvCell(escapeFormulas ? escapeFormula(text) : text)
    if (cell !== text) special.set(code, Buffer.from(cell, 'utf8'))
  }
  return special
}

const STARTS = classesOf('=@+-')
const INSIDE = classesOf(',"\r\n')

function classesOf(characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const character of characters) table[character.charCodeAt(0)] = 1
  return table
}

/** Whether a text starts like a formula or holds a comma, quote, CR or LF. */
function mayBeSpecial(bytes: Uint8Array, words: DataView, start: number, end: number): boolean {
  if (STARTS[bytes[start]!] === 1) return true
  let at = start
  while (at + 4 <= end && markUnusual(words.getInt32(at, true)) === 0) at += 4
  for (; at < end; at++) if (INSIDE[bytes[at]!] === 1) return true
  return false
}
