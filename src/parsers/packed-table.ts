import { Dictionary, type DictionaryParts } from '../collections/dictionary.ts'
import type { Vector } from '../collections/vectors.ts'
import type { SharedDictionary } from '../raw/define.ts'
import { Accounting, type Reject } from './accounting.ts'
import type { LoadedTable } from './load-tables.ts'

type Numbers = Exclude<Vector, { readonly codes: Int32Array }>

/** A column on its way from one thread to another. */
type PackedVector =
  | { readonly numbers: Numbers }
  | { readonly codes: Int32Array; readonly shared: SharedDictionary }
  | { readonly codes: Int32Array; readonly own: DictionaryParts }

/** A table that has been read, on its way from one thread to another. */
export interface PackedTable {
  readonly name: string
  readonly loaded: Omit<LoadedTable, 'table' | 'collection' | 'ledger' | 'accounting'>
  readonly accounting: Pick<Accounting, keyof Accounting>
  readonly rowCount: number
  readonly columns: Readonly<Record<string, PackedVector>>
  readonly rejects: readonly Reject[]
}

/** What one thread knows of the ids and names that join tables. */
export type SharedParts = ReadonlyMap<SharedDictionary, DictionaryParts>

/** The codes in the run's dictionaries of a thread's codes. */
export type Recodings = ReadonlyMap<SharedDictionary, Int32Array>

/** Packs a table for another thread; it must not be used here any more. */
export function packTable(
  { table, collection, ledger: _, accounting, ...loaded }: LoadedTable,
  rejects: readonly Reject[],
): PackedTable {
  const columns: Record<string, PackedVector> = {}
  for (const [name, vector] of Object.entries(collection.columns)) {
    if (!('codes' in vector)) {
      columns[name] = { numbers: vector }
      continue
    }
    const shared = table.columns[name]!.dictionary
    columns[name] =
      shared === undefined
        ? { codes: vector.codes, own: vector.dictionary.parts() }
        : { codes: vector.codes, shared }
  }
  return { name: table.name, loaded, accounting, rowCount: collection.rowCount, columns, rejects }
}

/** The memory of packed tables and dictionaries, which changes hands and is not copied. */
export function buffersOf(tables: readonly PackedTable[], shared: SharedParts): ArrayBufferLike[] {
  const arrays = [
    ...tables.flatMap(({ columns }) => Object.values(columns)).flatMap(arraysOf),
    ...[...shared.values()].flatMap(arraysOfParts),
  ]
  return [...new Set(arrays.map(({ buffer }) => buffer))]
}

function arraysOf(vector: PackedVector): readonly ArrayBufferView[] {
  if ('numbers' in vector) return [vector.numbers]
  return 'own' in vector ? [vector.codes, ...arraysOfParts(vector.own)] : [vector.codes]
}

function arraysOfParts({ arena, starts, slots }: DictionaryParts): readonly ArrayBufferView[] {
  return [arena, starts, slots]
}

/** The table as if it had been read here. */
export function unpackTable(
  { loaded, accounting, rowCount, columns }: PackedTable,
  table: LoadedTable['table'],
  dictionaryOf: (shared: SharedDictionary) => Dictionary,
  recodings: Recodings,
): LoadedTable {
  const vectors: Record<string, Vector> = {}
  for (const [name, vector] of Object.entries(columns)) {
    if ('numbers' in vector) vectors[name] = vector.numbers
    else if ('own' in vector) {
      const dictionary = new Dictionary()
      dictionary.absorb(vector.own)
      vectors[name] = { codes: vector.codes, dictionary }
    } else {
      recode(vector.codes, recodings.get(vector.shared)!)
      vectors[name] = { codes: vector.codes, dictionary: dictionaryOf(vector.shared) }
    }
  }
  return {
    table,
    ...loaded,
    accounting: Object.assign(new Accounting(), accounting),
    collection: { rowCount, columns: vectors },
    ledger: undefined,
  }
}

function recode(codes: Int32Array, recoding: Int32Array): void {
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (code >= 0) codes[row] = recoding[code]!
  }
}
