import { ExactVector } from '../../collections/exact-vector.ts'
import { PairIndex } from '../../collections/groups/pair-index.ts'
import { moneyPer, percentages } from '../../collections/ratios.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import type { Collections } from '../../collections/vectors.ts'
import { orderRows } from '../../facts/orders.ts'
import { orderRanks } from '../../facts/ranks.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'
import { NO_COUPON } from '../../rules/prices.ts'
import type { AggregateContext, AggregateRows } from '../../tables/define.ts'
import type { columns } from './columns.ts'

export const needs = {
  order_table: ['user_id', 'order_id', 'time', 'total_price', 'discount', 'discount_coupon_code'],
} as const

export function aggregate(
  { order_table }: Collections<typeof needs>,
  { rules }: AggregateContext,
): AggregateRows<typeof columns> {
  const { user_id, time, total_price, discount, discount_coupon_code } = order_table
  const { dictionary, codes: coupons } = discount_coupon_code
  const noCoupon = dictionary.encodeText(NO_COUPON)
  const groups = new PairIndex(dictionary.size)
  const groupOfOrder = new Int32Array(order_table.rowCount)
  for (let order = 0; order < order_table.rowCount; order++) {
    const coupon = coupons[order] === NO_CODE ? noCoupon : coupons[order]!
    groupOfOrder[order] = groups.add(dayOf(time[order]!), coupon)
  }
  const rowCount = groups.size
  const date = Int32Array.from({ length: rowCount }, (_, group) => groups.first(group))
  const codes = Int32Array.from({ length: rowCount }, (_, group) => groups.second(group))
  const usage_count = new Float64Array(rowCount)
  const total_discount_given = new ExactVector(rowCount)
  const total_revenue = new ExactVector(rowCount)
  const customers = new Float64Array(rowCount)
  const first_time_orders = new Float64Array(rowCount)
  const ranks = orderRanks(order_table, rules)
  const isOrder = orderRows(total_price, rules)
  const seen = new PairIndex(user_id.dictionary.size)
  for (let order = 0; order < order_table.rowCount; order++) {
    const group = groupOfOrder[order]!
    total_revenue.add(group, total_price[order]!)
    total_discount_given.add(group, discount[order]! || 0)
    if (isOrder[order] === 0) continue
    usage_count[group]!++
    if (ranks[order] === 1) first_time_orders[group]!++
    const user = user_id.codes[order]!
    const pairs = seen.size
    if (user !== NO_CODE && seen.add(group, user) === pairs) customers[group]!++
  }
  const orders = (row: number) => usage_count[row]!
  const revenue = (row: number) => total_revenue.get(row)!
  const discounts = (row: number) => total_discount_given.get(row)!
  return {
    rowCount,
    columns: {
      date,
      discount_coupon_code: { codes, dictionary },
      usage_count,
      total_discount_given,
      total_revenue,
      avg_order_value: moneyPer(rowCount, revenue, orders),
      discount_percentage: percentages(rowCount, discounts, revenue),
      customers,
      first_time_orders,
      first_time_order_rate: percentages(rowCount, (row) => first_time_orders[row]!, orders),
      avg_discount_per_order: moneyPer(rowCount, discounts, orders),
    },
  }
}
