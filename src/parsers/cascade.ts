import { NO_CODE } from '../collections/dictionary.ts'
import type { Collection, TextVector } from '../collections/vectors.ts'
import type { RawTable, SharedDictionary } from '../raw/define.ts'
import { CASCADES } from './row-filter.ts'
import { DROPPED, FILTERED, fateOf, LIVE } from './row-ledger.ts'

/** Rows of one raw table with what becomes of each. */
export interface FatedRows {
  readonly table: RawTable
  readonly collection: Collection
  /** Rewritten: what hangs on a filtered row is marked, what no longer does is live. */
  readonly fates: Uint8Array
}

/**
 * Decides again which rows are left out because they belong to a filtered session or order, as if all
 * tables had been read in one run. Tables come in the order in which they are read.
 */
export function applyCascades(tables: readonly FatedRows[]): void {
  const excluded = new Map<SharedDictionary, Uint8Array>()
  for (const { table, collection, fates } of tables) {
    const own = cascadeKey(table)
    const ownCodes = own === undefined ? undefined : codesOf(collection, table.key)
    const owners = cascadeColumns(table).map(({ column, dictionary }) => ({
      vector: collection.columns[column] as TextVector | undefined,
      dictionary,
      fate: fateOf(CASCADES[dictionary]!),
    }))
    for (let row = 0; row < fates.length; row++) {
      if (fates[row] === DROPPED) continue
      if (fates[row]! > FILTERED) fates[row] = LIVE
      if (fates[row] === LIVE) {
        for (const { vector, dictionary, fate } of owners) {
          const code = vector?.codes[row] ?? NO_CODE
          if (code === NO_CODE || excluded.get(dictionary)?.[code] !== 1) continue
          fates[row] = fate
          break
        }
      }
      if (own === undefined || ownCodes === undefined || fates[row] === LIVE) continue
      let ids = excluded.get(own)
      if (ids === undefined) {
        ids = new Uint8Array(ownCodes.dictionary.size)
        excluded.set(own, ids)
      }
      ids[ownCodes.codes[row]!] = 1
    }
  }
}

/** The dictionary of a table's key, if other rows are left out together with the rows of the table. */
export function cascadeKey(table: RawTable): SharedDictionary | undefined {
  const dictionary = table.columns[table.key]?.dictionary
  return dictionary !== undefined && CASCADES[dictionary] !== undefined ? dictionary : undefined
}

/** The columns that name the row on which a row of this table hangs. */
export function cascadeColumns(table: RawTable): { column: string; dictionary: SharedDictionary }[] {
  return Object.entries(table.columns).flatMap(([column, { dictionary }]) =>
    dictionary !== undefined && CASCADES[dictionary] !== undefined && column !== table.key
      ? [{ column, dictionary }]
      : [],
  )
}

function codesOf(collection: Collection, column: string): TextVector {
  const vector = collection.columns[column]
  if (vector === undefined || !('codes' in vector)) throw new Error(`${column} is not kept`)
  return vector
}
