import { type Dictionary, NO_CODE } from '../collections/dictionary.ts'
import type { Collection, TextVector } from '../collections/vectors.ts'
import { Growing } from '../lib/growing.ts'
import { KeyHash } from '../lib/key-hash.ts'
import { MS_PER_DAY } from '../lib/wall-clock.ts'
import type { KeyLanes } from '../parsers/row-ledger.ts'
import type { RawTable } from '../raw/define.ts'
import { packNumbers } from './numbers.ts'
import { type Packed, type SectionArray, SectionWriter } from './sections.ts'
import { packTexts } from './texts.ts'

/** Ids by which days are searched. */
export const INDEXED_IDS = ['user_id', 'session_id', 'order_id'] as const
export type IndexedId = (typeof INDEXED_IDS)[number]

/** The rows of one raw table that belong to a day, beside all others of the collection. */
export interface TableRows {
  readonly table: RawTable
  /** Only the columns that are to be kept. */
  readonly collection: Collection
  /** Of each row of the collection. */
  readonly fates: Uint8Array
  readonly keys: KeyLanes | undefined
  readonly rows: Int32Array
}

/** The codes that the texts of one dictionary have within a day. */
class LocalCodes {
  readonly dictionary: Dictionary
  readonly used = new Growing(Int32Array, 256)
  /** Bit i: the text stands in the i-th table. */
  readonly masks = new Growing(Uint8Array, 256)
  #locals = new Int32Array(0)

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary
  }

  of(code: number, mask: number): number {
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
      this.masks.push(0)
    }
    this.masks.values[local]! |= mask
    return local
  }

  clear(): void {
    for (let i = 0; i < this.used.length; i++) this.#locals[this.used.values[i]!] = NO_CODE
    this.used.length = 0
    this.masks.length = 0
  }
}

/** Packs days one after the other. */
export class DayWriter {
  readonly #seed: number
  readonly #locals = new Map<Dictionary, LocalCodes>()

  /** @param seed of the hashes by which ids are searched */
  constructor(seed: number) {
    this.#seed = seed
  }

  /** @param day undefined for tables whose rows have no date */
  pack(day: number | undefined, tables: readonly TableRows[]): Packed {
    const meta: Record<string, number> = {}
    const body: [string, SectionArray][] = []
    const lead: [string, SectionArray][] = []
    const dictionaries = new Map<string, LocalCodes>()
    const base = (day ?? 0) * MS_PER_DAY
    tables.forEach(({ table, collection, fates, keys, rows }, place) => {
      meta[table.name] = rows.length
      if (rows.length === 0) return
      if (keys !== undefined) {
        keys.forEach((values, i) => {
          body.push([`key:${table.name}:${i}`, lane(values, rows)])
        })
      }
      if (rows.some((row) => fates[row] !== 0))
        body.push([`fate:${table.name}`, Uint8Array.from(rows, (row) => fates[row]!)])
      for (const [column, vector] of Object.entries(collection.columns)) {
        const name = `column:${table.name}.${column}`
        if (!('codes' in vector)) {
          const isTime = column === table.time
          body.push([name, packNumbers(vector, rows, isTime ? base : 0)])
          continue
        }
        const dictionaryName = table.columns[column]?.dictionary ?? `${table.name}.${column}`
        const locals = this.#localsOf(vector.dictionary)
        dictionaries.set(dictionaryName, locals)
        body.push([name, localCodes(vector, rows, locals, 1 << place)])
      }
    })
    for (const [name, { dictionary, used, masks }] of dictionaries) {
      const codes = used.trim()
      if ((INDEXED_IDS as readonly string[]).includes(name)) {
        lead.push([`hash:${name}`, this.#hashes(dictionary, codes)], [`tables:${name}`, masks.trim()])
      }
      body.push(...texts(name, dictionary, codes))
    }
    const writer = new SectionWriter(meta)
    for (const [name, array] of lead) writer.add(name, array)
    writer.endLead()
    for (const [name, array] of body) writer.add(name, array)
    const packed = writer.finish()
    for (const locals of dictionaries.values()) locals.clear()
    return packed
  }

  #localsOf(dictionary: Dictionary): LocalCodes {
    const known = this.#locals.get(dictionary)
    if (known !== undefined) return known
    const locals = new LocalCodes(dictionary)
    this.#locals.set(dictionary, locals)
    return locals
  }

  #hashes(dictionary: Dictionary, codes: Int32Array): Int32Array {
    return codes.map((code) => idHash(dictionary, code, this.#seed))
  }
}

const hashers = new Map<number, KeyHash>()

/** The hash by which an id is searched; other ids may share it, so that what is found must be compared. */
export function idHash(dictionary: Dictionary, code: number, seed: number): number {
  let hasher = hashers.get(seed)
  if (hasher === undefined) {
    hasher = new KeyHash(seed)
    hashers.set(seed, hasher)
  }
  const start = dictionary.start(code)
  hasher.take(dictionary.arena, start, start + dictionary.byteLength(code))
  return hasher.a
}

function lane(values: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => values[row]!)
}

/** Local codes plus one, so that 0 stands for null, in the narrowest array. */
function localCodes({ codes }: TextVector, rows: Int32Array, locals: LocalCodes, mask: number): SectionArray {
  const result = new Int32Array(rows.length)
  let highest = 0
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!
    if (code === NO_CODE) continue
    result[i] = locals.of(code, mask) + 1
    if (result[i]! > highest) highest = result[i]!
  }
  if (highest < 0x100) return Uint8Array.from(result)
  return highest < 0x1_0000 ? Uint16Array.from(result) : result
}

/** The lengths and the bytes of the texts that a day uses. */
function texts(name: string, dictionary: Dictionary, codes: Int32Array): [string, SectionArray][] {
  const { lengths, bytes } = packTexts(dictionary, codes)
  const isShort = lengths.every((length) => length < 0x100)
  return [
    [`lengths:${name}`, isShort ? Uint8Array.from(lengths) : lengths],
    [`texts:${name}`, bytes],
  ]
}
