import { keyDictionary, type RawColumn, type RawTable, type SharedDictionary } from '../../raw/define.ts'
import { allRawTables } from '../../raw/index.ts'
import type { FilterRules } from '../../rules/filters.ts'
import { type FilterReason, numberOfReason } from './accounting.ts'

const CASCADES: Partial<Record<SharedDictionary, FilterReason>> = {
  user_id: 'of_filtered_user',
  session_id: 'of_filtered_session',
  order_id: 'of_filtered_order',
}

/**
 * Why rows are left out that name an id, if the row that bears it as its key is; undefined if that leaves
 * nothing out. Users are left out by their id, which all of their rows name, unless the shop asks other
 * cells of theirs.
 */
export function cascadeReason(
  dictionary: SharedDictionary | undefined,
  { columns }: FilterRules,
): FilterReason | undefined {
  if (dictionary === undefined) return undefined
  const mayCascade =
    dictionary !== 'user_id' || columns.some(({ table }) => keyDictionary(allRawTables[table]) === dictionary)
  return mayCascade ? CASCADES[dictionary] : undefined
}

/** The columns that name the row to which a row of this table belongs, in their order. */
export function cascadeColumns(
  table: RawTable,
  filters: FilterRules,
): { column: string; dictionary: SharedDictionary; reason: FilterReason }[] {
  return Object.entries(table.columns).flatMap(([column, { dictionary }]) => {
    const reason = column === table.key ? undefined : cascadeReason(dictionary, filters)
    return reason === undefined ? [] : [{ column, dictionary: dictionary!, reason }]
  })
}

/** The reason that a column's cells can give for leaving their row out, whatever the column is called. */
export function ownReason({ dictionary, role }: RawColumn): FilterReason | undefined {
  if (role === 'ip_address') return 'ip'
  if (role === 'order_amount') return role
  if (dictionary === 'user_id') return 'user'
  if (dictionary === 'session_id') return 'session'
  return dictionary === 'path' ? 'path' : undefined
}

/** By the number of a reason: the number of the column of this table whose cells can give it. */
export function ownReasonColumns(table: RawTable): Map<number, number> {
  return new Map(
    Object.values(table.columns).flatMap((column, place) => {
      const reason = ownReason(column)
      return reason === undefined ? [] : [[numberOfReason(reason), place] as const]
    }),
  )
}
