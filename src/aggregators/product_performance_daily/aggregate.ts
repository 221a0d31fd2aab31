import { ExactVector } from '../../collections/exact-vector.ts'
import { groupDays } from '../../collections/groups/group-days.ts'
import { PairIndex } from '../../collections/groups/pair-index.ts'
import { moneyPer, percentages } from '../../collections/ratios.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import { type Collections, NO_INTEGER } from '../../collections/vectors.ts'
import { multiply } from '../../lib/numbers/exact.ts'
import { Growing } from '../../lib/numbers/growing.ts'
import type { AggregateRows } from '../../tables/define.ts'
import type { columns } from './columns.ts'

export const needs = {
  order_table: ['session_id', 'order_id'],
  order_line_item_table: ['session_id', 'order_id', 'time', 'product_name', 'product_price', 'product_qty'],
  add_to_cart_table: ['session_id', 'time', 'product_name', 'product_qty'],
} as const

type Tables = Collections<typeof needs>

export function aggregate(tables: Tables): AggregateRows<typeof columns> {
  const { order_line_item_table: lines, add_to_cart_table: carts } = tables
  const { dictionary } = lines.product_name
  const groups = new PairIndex(dictionary.size)
  const lineGroup = groupDays(groups, lines.time, lines.product_name.codes)
  const cartGroup = groupDays(groups, carts.time, carts.product_name.codes)
  const rowCount = groups.size
  const { cart_sessions, purchased_cart_sessions } = cartSessions(tables, cartGroup, groups)
  const sold = soldByGroup(tables, lineGroup, rowCount)
  const times_added_to_cart = new Float64Array(rowCount)
  const quantity_added_to_cart = new Float64Array(rowCount)
  for (let row = 0; row < carts.rowCount; row++) {
    const quantity = carts.product_qty[row]!
    times_added_to_cart[cartGroup[row]!]!++
    quantity_added_to_cart[cartGroup[row]!]! += quantity === NO_INTEGER ? 1 : quantity
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
      avg_unit_price: moneyPer(
        rowCount,
        (row) => sold.total_revenue.get(row)!,
        (row) => sold.total_quantity_sold[row]!,
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

function soldByGroup({ order_line_item_table: lines }: Tables, lineGroup: Int32Array, rowCount: number) {
  const times_purchased = new Float64Array(rowCount)
  const total_quantity_sold = new Float64Array(rowCount)
  const total_revenue = new ExactVector(rowCount)
  const orders = new Float64Array(rowCount)
  const seen = new PairIndex(lines.order_id.dictionary.size)
  for (let row = 0; row < lines.rowCount; row++) {
    const group = lineGroup[row]!
    times_purchased[group]!++
    total_quantity_sold[group]! += lines.product_qty[row]!
    total_revenue.add(group, multiply(lines.product_price[row]!, lines.product_qty[row]!))
    const pairs = seen.size
    if (seen.add(group, lines.order_id.codes[row]!) === pairs) orders[group]!++
  }
  return { times_purchased, total_quantity_sold, total_revenue, orders }
}

/** Sessions that added the product of a group on its day, and those that bought it then or later. */
function cartSessions(tables: Tables, cartGroup: Int32Array, groups: PairIndex) {
  const { order_line_item_table: lines, add_to_cart_table: carts } = tables
  const sessions = carts.session_id.dictionary.size
  // The latest purchase of each product in each session decides: is it at or after the first add?
  const purchases = new PairIndex(sessions)
  const lastPurchase = new Growing(Float64Array)
  const lineSession = sessionsOfLines(tables)
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
    const pairs = adds.size
    const pair = adds.add(cartGroup[row]!, carts.session_id.codes[row]!)
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
function sessionsOfLines({ order_table: orders, order_line_item_table: lines }: Tables): Int32Array {
  const sessionOfOrder = new Int32Array(orders.order_id.dictionary.size).fill(NO_CODE)
  orders.order_id.codes.forEach((order, row) => {
    sessionOfOrder[order] = orders.session_id.codes[row]!
  })
  return lines.session_id.codes.map((session, row) =>
    session === NO_CODE ? sessionOfOrder[lines.order_id.codes[row]!]! : session,
  )
}
