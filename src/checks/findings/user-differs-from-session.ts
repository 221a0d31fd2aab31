import { NO_CODE } from '../../collections/texts/dictionary.ts'
import { orderRows } from '../../facts/orders.ts'
import { add, type Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding, idForPeople, share } from '../finding.ts'

/** Orders whose user is not that of their session: often a visitor who logs in before buying. */
export const userDiffersFromSession = defineFinding({
  needs: {
    session_table: ['session_id', 'user_id'],
    order_table: ['session_id', 'user_id', 'total_price'],
  },
  find({ session_table: sessions, order_table }, context) {
    const { session_id, user_id, total_price } = order_table
    const isOrder = orderRows(total_price, context.rules)
    const userOf = new Int32Array(session_id.dictionary.size).fill(NO_CODE)
    for (let row = 0; row < sessions.rowCount; row++)
      userOf[sessions.session_id.codes[row]!] = sessions.user_id.codes[row]!
    let compared = 0
    let differing = 0
    let revenue: Whole = 0
    let worst = -1
    for (let row = 0; row < order_table.rowCount; row++) {
      const session = session_id.codes[row]!
      const user = user_id.codes[row]!
      if (session === NO_CODE || user === NO_CODE || userOf[session] === NO_CODE) continue
      if (isOrder[row] === 0) continue
      compared++
      if (userOf[session] === user) continue
      differing++
      revenue = add(revenue, total_price[row]!)
      if (worst < 0 || total_price[row]! > total_price[worst]!) worst = row
    }
    if (differing === 0) return []
    const shown = (user: number) => idForPeople(user_id.dictionary.text(user), 'user_id', context)
    const inOrder = shown(user_id.codes[worst]!)
    const inSession = shown(userOf[session_id.codes[worst]!]!)
    return [
      {
        code: 'user_differs_from_session',
        severity: 'warning',
        message: `${plural(differing, 'order')} worth ${amount(revenue)} (${share(differing, compared)} of those with a known session) name another user than their session, the largest ${inOrder} in order_table and ${inSession} in session_table`,
        advice:
          'such an order counts for its own user in user_lifetime_metrics.csv, and the session for the other one, so that the buyer lacks sessions and first_touch_channel; if visitors log in during a session, export both tables with the user known at its end',
        details: {
          orders: differing,
          orders_compared: compared,
          revenue: amount(revenue),
          example_in_order_table: inOrder,
          example_in_session_table: inSession,
        },
      },
    ]
  },
})
