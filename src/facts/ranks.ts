import { groupRows, sortGroup } from '../collections/groups/group-rows.ts'
import { NO_CODE } from '../collections/texts/dictionary.ts'
import type { TextVector } from '../collections/vectors.ts'
import type { Rules } from '../rules/rules.ts'
import { orderRows } from './orders.ts'

/**
 * The rank of each order: its place among its user's accepted orders by (time, order_id), from 1
 * (SPEC section 2). A first order has rank 1. Refunds and orders without a user have none: 0.
 */
export function orderRanks(
  orders: { user_id: TextVector; order_id: TextVector; time: Float64Array; total_price: Float64Array },
  rules: Pick<Rules, 'negativeOrders'>,
): Int32Array {
  const isOrder = orderRows(orders.total_price, rules)
  const owners = orders.user_id.codes.map((user, row) => (isOrder[row] === 1 ? user : NO_CODE))
  return ranksWithin({ ...orders.user_id, codes: owners }, orders.time, orders.order_id)
}

/** The place of each session among its user's sessions by (time, session_id), from 1; 0 without a user. */
export function sessionNumbers(sessions: {
  user_id: TextVector
  session_id: TextVector
  time: Float64Array
}): Int32Array {
  return ranksWithin(sessions.user_id, sessions.time, sessions.session_id)
}

function ranksWithin(owner: TextVector, time: Float64Array, tieBreak: TextVector): Int32Array {
  const grouped = groupRows(owner.codes, owner.dictionary.size)
  const ties = tieBreak.dictionary.ranks()
  const { codes } = tieBreak
  const ranks = new Int32Array(time.length)
  for (let group = 0; group < owner.dictionary.size; group++) {
    sortGroup(grouped, group, (a, b) => time[a]! - time[b]! || ties[codes[a]!]! - ties[codes[b]!]!)
    const from = grouped.offsets[group]!
    for (let i = from; i < grouped.offsets[group + 1]!; i++) ranks[grouped.rows[i]!] = i - from + 1
  }
  return ranks
}
