import { knownCodes } from '../../collections/known-codes.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import { orderRows } from '../../facts/orders.ts'
import { add, type Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding, isMissing, share } from '../finding.ts'
import { knownOtherwise } from '../id-spellings.ts'

/** Events that name a session which session_table lacks. */
export const orphanEvents = defineFinding({
  needs: {
    session_table: ['session_id'],
    order_line_item_table: ['session_id'],
    add_to_cart_table: ['session_id'],
    pageview_table: ['session_id'],
    scroll_table: ['session_id'],
    click_table: ['session_id'],
  },
  find({ session_table, ...eventTables }, { inputs }) {
    if (isMissing('session_table', session_table.session_id.codes.length, inputs)) return []
    const isKnown = knownCodes(session_table.session_id)
    const details: Record<string, number> = {}
    let orphans = 0
    let events = 0
    for (const [name, { session_id }] of Object.entries(eventTables)) {
      let count = 0
      for (const session of session_id.codes) if (session !== NO_CODE && isKnown[session] !== 1) count++
      if (count > 0) details[name] = count
      orphans += count
      events += session_id.codes.length
    }
    if (orphans === 0) return []
    return [
      {
        code: 'orphan_events',
        severity: 'warning',
        message: `${plural(orphans, 'event')} (${share(orphans, events)}) name a session that session_table lacks`,
        advice:
          'they count wherever the session is not needed; check whether session_table was exported for the same period',
        details: { events: orphans, ...details },
      },
    ]
  },
})

/** Orders whose session is unknown, with their revenue, which takes in refunds of such sessions. */
export const orphanOrders = defineFinding({
  needs: { session_table: ['session_id'], order_table: ['session_id', 'total_price'] },
  find({ session_table, order_table }, { rules, inputs }) {
    if (isMissing('session_table', session_table.session_id.codes.length, inputs)) return []
    const isKnown = knownCodes(session_table.session_id)
    const { codes, dictionary } = order_table.session_id
    const isOrder = orderRows(order_table.total_price, rules)
    const unknown = new Set<number>()
    let orders = 0
    let revenue: Whole = 0
    for (let row = 0; row < codes.length; row++) {
      if (codes[row] === NO_CODE || isKnown[codes[row]!] === 1) continue
      unknown.add(codes[row]!)
      orders += isOrder[row]!
      revenue = add(revenue, order_table.total_price[row]!)
    }
    if (unknown.size === 0) return []
    const otherwise = knownOtherwise(dictionary, unknown, isKnown)
    return [
      {
        code: 'orphan_orders',
        severity: 'warning',
        message: `${plural(orders, 'order')} worth ${amount(revenue)} belong to sessions that session_table lacks`,
        advice:
          otherwise === undefined
            ? 'their revenue is shown as (unattributed); check whether session_table was exported for the same period'
            : `their revenue is shown as (unattributed); ${otherwise}: export session_id in one form in both tables`,
        details: { orders, revenue: amount(revenue) },
      },
    ]
  },
})
