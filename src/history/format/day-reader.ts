import { type Dictionary, NO_CODE, TEXT_SEED } from '../../collections/texts/dictionary.ts'
import { prepareTexts } from '../../collections/texts/text-cells.ts'
import { MS_PER_DAY } from '../../lib/times/wall-clock.ts'
import type { RawTable } from '../../raw/define.ts'
import { HistoryDamage } from './damage.ts'
import { KEY_LANES, PRINT_LANES } from './kept-rows.ts'
import { unpackNumbers } from './numbers.ts'
import { type Packed, type ReadAt, type SectionArray, SectionReader } from './sections.ts'

/** Texts by their lengths, and their bytes one behind the other. */
interface DayTexts {
  readonly lengths: SectionArray
  readonly bytes: Uint8Array
}

/** Reads one packed day, table by table. */
export class DayReader {
  readonly day: number | undefined
  readonly #sections: SectionReader
  /** By the name of a shared dictionary: the codes of this run, by local code. */
  readonly #codes = new Map<string, Int32Array>()

  /** @throws HistoryDamage, here and whenever it reads, if bytes are not those that were written */
  constructor(day: number | undefined, readAt: ReadAt, piece: Pick<Packed, 'lead' | 'check'>) {
    this.day = day
    this.#sections = new SectionReader(readAt, piece)
  }

  rowCount(table: string): number {
    return this.#sections.meta[table] ?? 0
  }

  /** The texts of a shared dictionary that the day uses; undefined if it uses none. */
  texts(name: string): DayTexts | undefined {
    if (!this.#sections.has(`${name} lengths`)) return undefined
    const lengths = this.#sections.read(`${name} lengths`)
    return { lengths, bytes: this.#sections.read(`${name} texts`) as Uint8Array }
  }

  /** Gives the texts of a shared dictionary their codes of this run. */
  encode(name: string, dictionary: Dictionary): void {
    const texts = this.texts(name)
    if (texts !== undefined) this.setCodes(name, codesOf(dictionary, texts))
  }

  /** @param codes those of its texts, with NO_CODE in front of them */
  setCodes(name: string, codes: Int32Array): void {
    this.#codes.set(name, codes)
  }

  /** All shared dictionaries have been encoded. */
  forgetTexts(): void {
    this.#sections.forgetLead()
  }

  /** The rows of one table, read at once. @param columns those that will be asked for */
  table(table: RawTable, columns: readonly string[]): DayTable {
    const { name } = table
    const sections = this.#sections.readTogether([
      `${name} keys`,
      `${name} prints`,
      `${name} filtered`,
      ...columns.flatMap((column) => [
        `${name}.${column}`,
        `${name}.${column} lengths`,
        `${name}.${column} texts`,
      ]),
    ])
    return new DayTable(table, this.day, this.rowCount(name), sections, this.#codes)
  }

  /** The hashes of a table's keys alone, KEY_LANES numbers a row. */
  keys({ name }: RawTable): Int32Array {
    return this.#sections.read(`${name} keys`) as Int32Array
  }
}

/** The rows of one raw table on one day. */
export class DayTable {
  readonly rowCount: number
  readonly #table: RawTable
  readonly #base: number
  readonly #sections: ReadonlyMap<string, SectionArray>
  readonly #codes: ReadonlyMap<string, Int32Array>

  constructor(
    table: RawTable,
    day: number | undefined,
    rowCount: number,
    sections: ReadonlyMap<string, SectionArray>,
    codes: ReadonlyMap<string, Int32Array>,
  ) {
    this.#table = table
    this.#base = (day ?? 0) * MS_PER_DAY
    this.rowCount = rowCount
    this.#sections = sections
    this.#codes = codes
  }

  /** KEY_LANES numbers a row, of a table whose key is no column. */
  get keys(): Int32Array {
    return this.#numbers('keys', KEY_LANES)
  }

  /** PRINT_LANES numbers a row, of a table whose repeated keys are compared. */
  get prints(): Int32Array {
    return this.#numbers('prints', PRINT_LANES)
  }

  /** Undefined if no row is left out by its own cells. */
  get own(): Uint8Array | undefined {
    return this.#sections.get(`${this.#table.name} filtered`) as Uint8Array | undefined
  }

  /**
   * Puts the codes of a text column into `codes` from `at` on.
   *
   * @param dictionary that of a column which shares none
   */
  codes(column: string, dictionary: Dictionary, codes: Int32Array, at: number): void {
    const name = `${this.#table.name}.${column}`
    const locals = this.#section(name)
    const shared = this.#table.columns[column]!.dictionary
    const known =
      shared === undefined
        ? codesOf(dictionary, {
            lengths: this.#section(`${name} lengths`),
            bytes: this.#section(`${name} texts`) as Uint8Array,
          })
        : this.#codes.get(shared)
    // Brought into one kind of array at first: the loop would be slow on several.
    codes.set(locals, at)
    for (let row = at; row < at + locals.length; row++) codes[row] = known![codes[row]!]!
  }

  /** Puts the numbers of a column into `values` from `at` on. */
  numbers(column: string, values: Float64Array | Int32Array | Int8Array, at: number): void {
    const base = column === this.#table.time ? this.#base : 0
    unpackNumbers(this.#section(`${this.#table.name}.${column}`), base, values, at)
  }

  #numbers(what: string, lanes: number): Int32Array {
    const numbers = this.#section(`${this.#table.name} ${what}`) as Int32Array
    if (numbers.length !== this.rowCount * lanes) throw new HistoryDamage(`${this.#table.name} ${what}`)
    return numbers
  }

  #section(name: string): SectionArray {
    const section = this.#sections.get(name)
    if (section === undefined) throw new HistoryDamage(`section ${name}, which is missing`)
    return section
  }
}

/** The codes of texts in a dictionary, from place 1 on; place 0 is that of a null. */
function codesOf(dictionary: Dictionary, { lengths, bytes }: DayTexts): Int32Array {
  const count = lengths.length
  const starts = new Int32Array(count)
  const ends = new Int32Array(count)
  for (let i = 0, at = 0; i < count; i++) {
    starts[i] = at
    at += lengths[i]!
    ends[i] = at
  }
  const codes = new Int32Array(count + 1)
  codes[0] = NO_CODE
  const kinds = new Uint8Array(count)
  const cells = { bytes, starts, ends, count, kinds, hashes: new Int32Array(count), numbered: undefined }
  prepareTexts(cells, TEXT_SEED, 0)
  dictionary.encodeCells(cells, codes, 1)
  return codes
}
