import type { Collection, Collections, Needs } from '../collections/vectors.ts'
import type { RawTable } from '../raw/define.ts'

/** A raw table with its rows in memory. */
export interface RawRows {
  readonly table: RawTable
  readonly collection: Collection
}

/** Just the tables and columns that a room has asked for. */
export function collectionsFor<const N extends Needs>(loaded: readonly RawRows[], needs: N): Collections<N> {
  const tables: Record<string, unknown> = {}
  for (const [name, columns] of Object.entries(needs as Needs)) {
    const { collection } = loaded.find(({ table }) => table.name === name)!
    const picked = columns.map((column) => [column, collection.columns[column]] as const)
    tables[name] = { rowCount: collection.rowCount, ...Object.fromEntries(picked) }
  }
  return tables as Collections<N>
}

/** The tables with the discounts that the coupon rules give, in the column of that role; what was loaded stays as it is. */
export function withDiscount(loaded: readonly RawRows[], discount: Float64Array): readonly RawRows[] {
  return loaded.map(({ table, collection }) => {
    const found = Object.entries(table.columns).find(([, { role }]) => role === 'discount')
    if (found === undefined) return { table, collection }
    return { table, collection: { ...collection, columns: { ...collection.columns, [found[0]]: discount } } }
  })
}
