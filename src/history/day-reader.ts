import { type Dictionary, NO_CODE } from '../collections/dictionary.ts'
import type { Collection, Vector } from '../collections/vectors.ts'
import { MS_PER_DAY } from '../lib/wall-clock.ts'
import type { KeyLanes } from '../parsers/row-ledger.ts'
import type { RawTable } from '../raw/define.ts'
import type { NumberKind } from '../raw/kinds.ts'
import type { IndexedId } from './day-writer.ts'
import { unpackNumbers } from './numbers.ts'
import { type Packed, type ReadAt, type SectionArray, SectionReader } from './sections.ts'

/** Rows of one raw table as they were kept. */
export interface KeptRows {
  readonly collection: Collection
  readonly fates: Uint8Array
  readonly keys: KeyLanes | undefined
  /** The place of each row among those of its day. */
  readonly places: Int32Array
}

/** The dictionary that the texts of a column get their codes from. */
export type DictionaryOf = (table: string, column: string) => Dictionary

/** Texts of a day's dictionary, with the codes they have in one of this run. */
class DayTexts {
  readonly #bytes: Uint8Array
  readonly #starts: Int32Array
  readonly #codes: Int32Array

  constructor(lengths: SectionArray, bytes: Uint8Array) {
    this.#bytes = bytes
    this.#starts = new Int32Array(lengths.length + 1)
    for (let i = 0; i < lengths.length; i++) this.#starts[i + 1] = this.#starts[i]! + lengths[i]!
    this.#codes = new Int32Array(lengths.length).fill(NO_CODE)
  }

  codeIn(dictionary: Dictionary, local: number): number {
    const known = this.#codes[local]!
    if (known !== NO_CODE) return known
    const code = dictionary.encode(this.#bytes, this.#starts[local]!, this.#starts[local + 1]!)
    this.#codes[local] = code
    return code
  }
}

/** The ids of a kind that stand in a day's rows. */
export interface DayIds {
  readonly hashes: Int32Array
  /** Bit i: the id stands in the i-th table. */
  readonly tables: Uint8Array
}

/** Reads what is asked for of one packed day. */
export class DayReader {
  readonly day: number | undefined
  readonly #sections: SectionReader
  readonly #dictionaryOf: DictionaryOf
  readonly #texts = new Map<string, DayTexts>()
  readonly #ids = new Map<IndexedId, DayIds>()

  /** @throws HistoryDamage, here and whenever it reads, if bytes are not those that were written */
  constructor(
    day: number | undefined,
    readAt: ReadAt,
    piece: Pick<Packed, 'lead' | 'check'>,
    dictionaryOf: DictionaryOf,
  ) {
    this.day = day
    this.#sections = new SectionReader(readAt, piece)
    this.#dictionaryOf = dictionaryOf
  }

  rowCount(table: string): number {
    return this.#sections.meta[table] ?? 0
  }

  /** Whether a column is kept, of a table that has rows. */
  hasColumn(table: string, column: string): boolean {
    return this.#sections.has(`column:${table}.${column}`)
  }

  /** The hashes of the ids of a kind, and for each in which tables it stands (bit i: the i-th). */
  ids(id: IndexedId): DayIds {
    let ids = this.#ids.get(id)
    if (ids === undefined) {
      const isThere = this.#sections.has(`hash:${id}`)
      ids = {
        hashes: isThere ? (this.#sections.read(`hash:${id}`) as Int32Array) : new Int32Array(0),
        tables: isThere ? (this.#sections.read(`tables:${id}`) as Uint8Array) : new Uint8Array(0),
      }
      this.#ids.set(id, ids)
    }
    return ids
  }

  /** The first lane of the key hashes; undefined if the table has no rows or its key is a column. */
  firstLane(table: string): Int32Array | undefined {
    const name = `key:${table}:0`
    return this.#sections.has(name) ? (this.#sections.read(name) as Int32Array) : undefined
  }

  /** The codes that a column's cells have within this day, plus one; 0 is null. */
  localCodes({ name }: RawTable, column: string): SectionArray {
    return this.#sections.read(`column:${name}.${column}`)
  }

  /** What became of each row of a table; undefined if all are live. */
  fates(table: string): Uint8Array | undefined {
    const name = `fate:${table}`
    return this.#sections.has(name) ? (this.#sections.read(name) as Uint8Array) : undefined
  }

  /**
   * @param columns those to read
   * @param places of the rows to read; all if undefined
   * @param withKeys whether the hashes of the keys are read, too
   */
  read(table: RawTable, columns: readonly string[], places?: Int32Array, withKeys = false): KeptRows {
    const rows = places ?? Int32Array.from({ length: this.rowCount(table.name) }, (_, row) => row)
    const fates = rows.length === 0 ? undefined : this.fates(table.name)
    return {
      collection: {
        rowCount: rows.length,
        columns: Object.fromEntries(columns.map((column) => [column, this.#column(table, column, rows)])),
      },
      fates: fates === undefined ? new Uint8Array(rows.length) : Uint8Array.from(rows, (row) => fates[row]!),
      keys: withKeys ? this.#keys(table.name, rows) : undefined,
      places: rows,
    }
  }

  #keys(table: string, rows: Int32Array): KeyLanes | undefined {
    const first = this.firstLane(table)
    if (first === undefined) return undefined
    const lane = (all: Int32Array) => rows.map((row) => all[row]!)
    const read = (number: number) => this.#sections.read(`key:${table}:${number}`) as Int32Array
    return [lane(first), lane(read(1)), lane(read(2))]
  }

  #column(table: RawTable, column: string, rows: Int32Array): Vector {
    const { kind, dictionary: shared } = table.columns[column]!
    const isText = kind === 'id' || kind === 'text'
    if (isText) {
      const dictionary = this.#dictionaryOf(table.name, column)
      if (rows.length === 0) return { codes: new Int32Array(0), dictionary }
      const locals = this.localCodes(table, column)
      const texts = this.#textsOf(shared ?? `${table.name}.${column}`)
      const codes = new Int32Array(rows.length)
      for (let i = 0; i < rows.length; i++) {
        const local = locals[rows[i]!]!
        codes[i] = local === 0 ? NO_CODE : texts.codeIn(dictionary, local - 1)
      }
      return { codes, dictionary }
    }
    const base = column === table.time ? (this.day ?? 0) * MS_PER_DAY : 0
    const packed =
      rows.length === 0 ? new Int8Array(0) : this.#sections.read(`column:${table.name}.${column}`)
    return unpackNumbers(kind as NumberKind, packed, rows, base)
  }

  #textsOf(name: string): DayTexts {
    const known = this.#texts.get(name)
    if (known !== undefined) return known
    const lengths = this.#sections.read(`lengths:${name}`)
    const texts = new DayTexts(lengths, this.#sections.read(`texts:${name}`) as Uint8Array)
    this.#texts.set(name, texts)
    return texts
  }
}
