import { sealedPrints } from '../../lib/texts/sealed-prints.ts'
import type { ReadOptions } from '../../parsers/load-options.ts'
import { readTables } from '../../parsers/load-tables.ts'
import type { ReadReport } from '../../parsers/loaded-table.ts'
import { type DeliveredRows, RowKeeper } from './delivered-rows.ts'

/** What the raw files of one run hold: all acceptable rows, not yet judged. */
export interface Delivery {
  /** In the order of the raw tables. */
  readonly tables: readonly DeliveredRows[]
  readonly reports: readonly ReadReport[]
}

/**
 * Reads the raw files of a folder, to be kept.
 *
 * @param stored the columns that are kept of each table
 * @param seed of the history's key hashes
 * @throws KnownError as readTables does
 */
export async function readDelivery(
  options: Omit<ReadOptions, 'keep'>,
  stored: ReadonlyMap<string, readonly string[]>,
  seed: number,
): Promise<Delivery> {
  const { onReject, rules, hashKey } = options
  const keep = new Map([...stored].map(([table, columns]) => [table, new Set(columns)]))
  const read = await readTables({ ...options, keep }, (table, shared) => {
    return new RowKeeper({ table, stored: stored.get(table.name)!, shared, rules, seed, onReject })
  })
  const isHashed = rules.privacy.hashIds.length > 0 && hashKey !== undefined
  return {
    tables: read.map(({ taker }) => {
      const rows = taker.finish()
      return rows.prints === undefined || !isHashed
        ? rows
        : { ...rows, prints: sealedPrints(rows.prints, hashKey) }
    }),
    reports: read.map(({ taker: _, ...report }) => report),
  }
}
