import { type Dictionary, NO_CODE } from '../../collections/texts/dictionary.ts'
import type { TextVector } from '../../collections/vectors.ts'
import { Growing } from '../../lib/numbers/growing.ts'
import { MS_PER_DAY } from '../../lib/times/wall-clock.ts'
import { KEY_LANES, type KeptRows, PRINT_LANES, selectLanes } from './kept-rows.ts'
import { packNumbers } from './numbers.ts'
import { type Packed, type SectionArray, SectionWriter } from './sections.ts'
import { packTexts } from './texts.ts'

/** The rows of one raw table that belong to a day, beside all others. */
export interface TableRows {
  readonly of: KeptRows
  readonly rows: Int32Array
}

/** The codes that the texts of one dictionary have within a day. */
class LocalCodes {
  readonly dictionary: Dictionary
  readonly used = new Growing(Int32Array, 256)
  #locals = new Int32Array(0)

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary
  }

  of(code: number): number {
    if (this.#locals.length < this.dictionary.size) {
      const longer = new Int32Array(this.dictionary.size).fill(NO_CODE)
      longer.set(this.#locals)
      this.#locals = longer
    }
    let local = this.#locals[code]!
    if (local === NO_CODE) {
      local = this.used.length
      this.#locals[code] = local
      this.used.push(code)
    }
    return local
  }

  clear(): void {
    for (let i = 0; i < this.used.length; i++) this.#locals[this.used.values[i]!] = NO_CODE
    this.used.length = 0
  }
}

/**
 * Packs days one after the other. The same rows in the same order give the same bytes. First lie the texts of
 * the dictionaries that tables share, then the sections of one table after the other.
 */
export class DayWriter {
  readonly #locals = new Map<Dictionary, LocalCodes>()

  /** @param day undefined for tables whose rows have no date */
  pack(day: number | undefined, tables: readonly TableRows[]): Packed {
    const writer = new SectionWriter(
      Object.fromEntries(tables.map(({ of, rows }) => [of.table.name, rows.length])),
    )
    const shared = new Map<string, LocalCodes>()
    const body = tables.flatMap((rows) => this.#packTable(day, rows, shared))
    for (const [name, locals] of shared) for (const section of texts(name, locals)) writer.add(...section)
    writer.endLead()
    for (const section of body) writer.add(...section)
    for (const locals of shared.values()) locals.clear()
    return writer.finish()
  }

  #packTable(
    day: number | undefined,
    { of: { table, collection, keys, prints, own }, rows }: TableRows,
    shared: Map<string, LocalCodes>,
  ): [string, SectionArray][] {
    const sections: [string, SectionArray][] = []
    if (rows.length === 0) return sections
    if (keys !== undefined) sections.push([`${table.name} keys`, selectLanes(keys, KEY_LANES, rows)])
    if (prints !== undefined) sections.push([`${table.name} prints`, selectLanes(prints, PRINT_LANES, rows)])
    if (own !== undefined && rows.some((row) => own[row] !== 0))
      sections.push([`${table.name} filtered`, selectLanes(own, 1, rows)])
    for (const [column, vector] of Object.entries(collection.columns)) {
      const name = `${table.name}.${column}`
      if (!('codes' in vector)) {
        const base = column === table.time ? (day ?? 0) * MS_PER_DAY : 0
        sections.push([name, packNumbers(vector, rows, base)])
        continue
      }
      const locals = this.#localsOf(vector.dictionary)
      sections.push([name, localCodes(vector, rows, locals)])
      const { dictionary } = table.columns[column]!
      if (dictionary !== undefined) shared.set(dictionary, locals)
      else {
        sections.push(...texts(name, locals))
        locals.clear()
      }
    }
    return sections
  }

  #localsOf(dictionary: Dictionary): LocalCodes {
    const known = this.#locals.get(dictionary) ?? new LocalCodes(dictionary)
    this.#locals.set(dictionary, known)
    return known
  }
}

/** Local codes plus one, so that 0 stands for null, in the narrowest array. */
function localCodes({ codes }: TextVector, rows: Int32Array, locals: LocalCodes): SectionArray {
  const result = new Int32Array(rows.length)
  let highest = 0
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!
    if (code === NO_CODE) continue
    result[i] = locals.of(code) + 1
    if (result[i]! > highest) highest = result[i]!
  }
  if (highest < 0x100) return Uint8Array.from(result)
  return highest < 0x1_0000 ? Uint16Array.from(result) : result
}

/** The lengths and the bytes of the texts that a day uses. */
function texts(name: string, { dictionary, used }: LocalCodes): [string, SectionArray][] {
  const { lengths, bytes } = packTexts(dictionary, used.trim())
  const isShort = lengths.every((length) => length < 0x100)
  return [
    [`${name} lengths`, isShort ? Uint8Array.from(lengths) : lengths],
    [`${name} texts`, bytes],
  ]
}
