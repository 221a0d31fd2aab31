import type { RawColumn, RawTable, SharedDictionary } from '../../raw/define.ts'
import { type FilterReason, numberOfReason } from './accounting.ts'

/** The ids whose rows are left out together with the row that bears the id as its key. */
export const CASCADES: Partial<Record<SharedDictionary, FilterReason>> = {
  session_id: 'of_filtered_session',
  order_id: 'of_filtered_order',
}

/** The columns that name the row to which a row of this table belongs, in their order. */
export function cascadeColumns(table: RawTable): { column: string; dictionary: SharedDictionary }[] {
  return Object.entries(table.columns).flatMap(([column, { dictionary }]) =>
    dictionary !== undefined && CASCADES[dictionary] !== undefined && column !== table.key
      ? [{ column, dictionary }]
      : [],
  )
}

/** The reason that a column's cells can give for leaving their row out. */
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
