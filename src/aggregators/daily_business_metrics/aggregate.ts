import { ExactVector } from '../../collections/exact-vector.ts'
import { countOwners } from '../../collections/groups/distinct.ts'
import { groupRows } from '../../collections/groups/group-rows.ts'
import { PairIndex } from '../../collections/groups/pair-index.ts'
import { moneyPer, percentages } from '../../collections/ratios.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import type { Collections } from '../../collections/vectors.ts'
import { orderRows } from '../../facts/orders.ts'
import { orderRanks } from '../../facts/ranks.ts'
import { lineAmount } from '../../lib/numbers/exact.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'
import type { AggregateContext, AggregateRows } from '../../tables/define.ts'
import type { columns } from './columns.ts'

export const needs = {
  user_table: ['user_id', 'has_purchase_last_year'],
  session_table: ['user_id', 'session_id', 'time'],
  order_table: ['user_id', 'session_id', 'order_id', 'time', 'total_price', 'shipping_price', 'discount'],
  order_line_item_table: ['time', 'product_price', 'product_qty'],
} as const

type Tables = Collections<typeof needs>

export function aggregate(tables: Tables, { rules }: AggregateContext): AggregateRows<typeof columns> {
  const { firstDay, days } = calendarOf(tables)
  const dates = Int32Array.from({ length: days }, (_, i) => firstDay + i)
  const isOrder = orderRows(tables.order_table.total_price, rules)
  const sessions = sessionColumns(tables, isOrder, firstDay, days)
  const orders = orderColumns(tables, isOrder, firstDay, days)
  const ranks = orderRanks(tables.order_table, rules)
  const customers = customerColumns(tables, isOrder, ranks, firstDay, days)
  const lines = lineItemColumns(tables, firstDay, days)
  const revenue = (day: number) => orders.total_revenue.get(day)!
  const orderCount = (day: number) => orders.total_orders[day]!
  const sessionCount = (day: number) => sessions.total_sessions[day]!
  return {
    rowCount: days,
    columns: {
      date: dates,
      ...orders,
      ...sessions,
      conversion_rate: percentages(days, orderCount, sessionCount),
      avg_order_value: moneyPer(days, revenue, orderCount),
      ...customers,
      ...lines,
      session_conversion_rate: percentages(days, (day) => sessions.converting_sessions[day]!, sessionCount),
      revenue_per_session: moneyPer(days, revenue, sessionCount),
    },
  }
}

/** The days from the first to the last date of any session, order or line item. */
function calendarOf(tables: Tables): { firstDay: number; days: number } {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { time } of [tables.session_table, tables.order_table, tables.order_line_item_table]) {
    for (let row = 0; row < time.length; row++) {
      if (time[row]! < first) first = time[row]!
      if (time[row]! > last) last = time[row]!
    }
  }
  if (first > last) return { firstDay: 0, days: 0 }
  return { firstDay: dayOf(first), days: dayOf(last) - dayOf(first) + 1 }
}

function sessionColumns(
  { session_table, order_table }: Tables,
  isOrder: Uint8Array,
  firstDay: number,
  days: number,
) {
  const { user_id, session_id, time } = session_table
  const ordered = new Uint8Array(session_id.dictionary.size)
  order_table.session_id.codes.forEach((session, row) => {
    if (session !== NO_CODE && isOrder[row] === 1) ordered[session] = 1
  })
  const total_sessions = new Float64Array(days)
  const converting_sessions = new Float64Array(days)
  const dayOfSession = new Int32Array(time.length)
  for (let row = 0; row < time.length; row++) {
    const day = dayOf(time[row]!) - firstDay
    dayOfSession[row] = day
    total_sessions[day]!++
    if (ordered[session_id.codes[row]!] === 1) converting_sessions[day]!++
  }
  const total_users = countOwners(groupRows(user_id.codes, user_id.dictionary.size), dayOfSession, days)
  return { total_sessions, total_users, converting_sessions }
}

function orderColumns({ order_table }: Tables, isOrder: Uint8Array, firstDay: number, days: number) {
  const { time, total_price, discount, shipping_price } = order_table
  const total_revenue = new ExactVector(days)
  const total_discount = new ExactVector(days)
  const total_shipping = new ExactVector(days)
  const total_orders = new Float64Array(days)
  for (let row = 0; row < time.length; row++) {
    const day = dayOf(time[row]!) - firstDay
    total_orders[day]! += isOrder[row]!
    total_revenue.add(day, total_price[row]!)
    // `|| 0` makes a null, which is NaN, count as 0.
    total_discount.add(day, discount[row]! || 0)
    total_shipping.add(day, shipping_price[row]! || 0)
  }
  return { total_revenue, total_orders, total_discount, total_shipping }
}

function customerColumns(
  { user_table, order_table }: Tables,
  isOrder: Uint8Array,
  ranks: Int32Array,
  firstDay: number,
  days: number,
) {
  const { user_id, time } = order_table
  const users = user_id.dictionary.size
  const boughtLastYear = new Int8Array(users).fill(-1)
  user_table.user_id.codes.forEach((user, row) => {
    boughtLastYear[user] = user_table.has_purchase_last_year[row]!
  })
  const firstOrderDay = new Int32Array(users)
  for (let row = 0; row < time.length; row++) {
    if (ranks[row] === 1) firstOrderDay[user_id.codes[row]!] = dayOf(time[row]!) - firstDay
  }
  const new_customers = new Float64Array(days)
  const repeat_customers = new Float64Array(days)
  const first_time_customers = new Float64Array(days)
  const returning_customers = new Float64Array(days)
  const seen = new PairIndex(users)
  for (let row = 0; row < time.length; row++) {
    const day = dayOf(time[row]!) - firstDay
    const user = user_id.codes[row]!
    if (isOrder[row] === 0 || user === NO_CODE) continue
    const pairs = seen.size
    if (seen.add(day, user) !== pairs) continue
    if (boughtLastYear[user] === 0) new_customers[day]!++
    if (boughtLastYear[user] === 1) repeat_customers[day]!++
    if (firstOrderDay[user] === day) first_time_customers[day]!++
    else returning_customers[day]!++
  }
  return { new_customers, repeat_customers, first_time_customers, returning_customers }
}

function lineItemColumns({ order_line_item_table }: Tables, firstDay: number, days: number) {
  const { time, product_price, product_qty } = order_line_item_table
  const gross_sales = new ExactVector(days)
  const units_sold = new ExactVector(days)
  for (let row = 0; row < time.length; row++) {
    const day = dayOf(time[row]!) - firstDay
    gross_sales.add(day, lineAmount(product_price[row]!, product_qty[row]!))
    units_sold.add(day, product_qty[row]!)
  }
  return { gross_sales, units_sold }
}
