import { ExactVector } from '../../collections/exact-vector.ts'
import { groupDays } from '../../collections/groups/group-days.ts'
import { PairIndex } from '../../collections/groups/pair-index.ts'
import { moneyPerQuantity, percentages } from '../../collections/ratios.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import type { Collections } from '../../collections/vectors.ts'
import { orderLineRows, orderRows } from '../../facts/orders.ts'
import { lineAmount, MONEY_SCALE } from '../../lib/numbers/exact.ts'
import { Growing } from '../../lib/numbers/growing.ts'
import type { AggregateContext, AggregateRows } from '../../tables/define.ts'
import type { columns } from './columns.ts'

export const needs = {
  order_table: ['session_id', 'order_id', 'total_price'],
  order_line_item_table: ['session_id', 'order_id', 'time', 'product_name', 'product_price', 'product_qty'],
  add_to_cart_table: ['session_id', 'time', 'product_name', 'product_qty'],
} as const

type Tables = Collections<typeof needs>

export function aggregate(tables: Tables, { rules }: AggregateContext): AggregateRows<typeof columns> {
  const { order_line_item_table: lines, add_to_cart_table: carts } = tables
  const { dictionary } = lines.product_name
  const groups = new PairIndex(dictionary.size)
  const lineGroup = groupDays(groups, lines.time, lines.product_name.codes)
  const cartGroup = groupDays(groups, carts.time, carts.product_name.codes)
  const rowCount = groups.size
  const isOfOrder = orderLineRows(lines, tables.order_table, rules)
  const lineSession = sessionsOfLines(tables, rules)
  const { cart_sessions, purchased_cart_sessions } = cartSessions(
    tables,
    cartGroup,
    groups,
    lineSession.map((session, row) => (isOfOrder[row] === 1 ? session : NO_CODE)),
  )
  const sold = soldByGroup(tables, isOfOrder, lineGroup, rowCount)
  const times_added_to_cart = new Float64Array(rowCount)
  const quantity_added_to_cart = new ExactVector(rowCount)
  for (let row = 0; row < carts.rowCount; row++) {
    const quantity = carts.product_qty[row]!
    times_added_to_cart[cartGroup[row]!]!++
    quantity_added_to_cart.add(cartGroup[row]!, Number.isNaN(quantity) ? MONEY_SCALE : quantity)
  }
  return {
    rowCount,
    columns: {
      date: Int32Array.from({ length: rowCount }, (_, group) => groups.first(group)),
      product_name: {
        codes: Int32Array.from({ length: rowCount }, (_, group) => groups.second(group)),
        dictionary,
      },
      ...sold,
      times_added_to_cart,
      cart_to_purchase_rate: percentages(
        rowCount,
        (row) => sold.times_purchased[row]!,
        (row) => times_added_to_cart[row]!,
      ),
      quantity_added_to_cart,
      avg_unit_price: moneyPerQuantity(
        rowCount,
        (row) => sold.total_revenue.get(row)!,
        (row) => sold.total_quantity_sold.get(row)!,
      ),
      cart_sessions,
      purchased_cart_sessions,
      cart_abandonment_rate: percentages(
        rowCount,
        (row) => cart_sessions[row]! - purchased_cart_sessions[row]!,
        (row) => cart_sessions[row]!,
      ),
    },
  }
}

function soldByGroup(
  { order_line_item_table: lines }: Tables,
  isOfOrder: Uint8Array,
  lineGroup: Int32Array,
  rowCount: number,
) {
  const times_purchased = new Float64Array(rowCount)
  const total_quantity_sold = new ExactVector(rowCount)
  const total_revenue = new ExactVector(rowCount)
  const orders = new Float64Array(rowCount)
  const seen = new PairIndex(lines.order_id.dictionary.size)
  for (let row = 0; row < lines.rowCount; row++) {
    const group = lineGroup[row]!
    total_quantity_sold.add(group, lines.product_qty[row]!)
    total_revenue.add(group, lineAmount(lines.product_price[row]!, lines.product_qty[row]!))
    if (isOfOrder[row] === 0) continue
    times_purchased[group]!++
    const pairs = seen.size
    if (seen.add(group, lines.order_id.codes[row]!) === pairs) orders[group]!++
  }
  return { times_purchased, total_quantity_sold, total_revenue, orders }
}

/**
 * Sessions that added the product of a group on its day, and those that bought it then or later.
 *
 * @param lineSession the session in which each line item was bought, NO_CODE if none
 */
function cartSessions(tables: Tables, cartGroup: Int32Array, groups: PairIndex, lineSession: Int32Array) {
  const { order_line_item_table: lines, add_to_cart_table: carts } = tables
  const sessions = carts.session_id.dictionary.size
  // The latest purchase of each product in each session decides: is it at or after the first add?
  const purchases = new PairIndex(sessions)
  const lastPurchase = new Growing(Float64Array)
  for (let row = 0; row < lines.rowCount; row++) {
    if (lineSession[row] === NO_CODE) continue
    const pairs = purchases.size
    const pair = purchases.add(lines.product_name.codes[row]!, lineSession[row]!)
    if (pair === pairs) lastPurchase.push(lines.time[row]!)
    else if (lines.time[row]! > lastPurchase.values[pair]!) lastPurchase.values[pair] = lines.time[row]!
  }
  const adds = new PairIndex(sessions)
  const firstAdd = new Growing(Float64Array)
  for (let row = 0; row < carts.rowCount; row++) {
    const session = carts.session_id.codes[row]!
    if (session === NO_CODE) continue
    const pairs = adds.size
    const pair = adds.add(cartGroup[row]!, session)
    if (pair === pairs) firstAdd.push(carts.time[row]!)
    else if (carts.time[row]! < firstAdd.values[pair]!) firstAdd.values[pair] = carts.time[row]!
  }
  const cart_sessions = new Float64Array(groups.size)
  const purchased_cart_sessions = new Float64Array(groups.size)
  for (let pair = 0; pair < adds.size; pair++) {
    const group = adds.first(pair)
    cart_sessions[group]!++
    const purchase = purchases.find(groups.second(group), adds.second(pair))
    if (purchase >= 0 && lastPurchase.values[purchase]! >= firstAdd.values[pair]!)
      purchased_cart_sessions[group]!++
  }
  return { cart_sessions, purchased_cart_sessions }
}

/** The session of each line item: its own, or if it names none that of its order; else NO_CODE. */
function sessionsOfLines(
  { order_table: orders, order_line_item_table: lines }: Tables,
  rules: AggregateContext['rules'],
): Int32Array {
  const isOrder = orderRows(orders.total_price, rules)
  const sessionOfOrder = new Int32Array(orders.order_id.dictionary.size).fill(NO_CODE)
  orders.order_id.codes.forEach((order, row) => {
    if (isOrder[row] === 1) sessionOfOrder[order] = orders.session_id.codes[row]!
  })
  return lines.session_id.codes.map((session, row) =>
    session === NO_CODE ? sessionOfOrder[lines.order_id.codes[row]!]! : session,
  )
}
