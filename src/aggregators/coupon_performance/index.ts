import { defineAggregate } from '../../tables/define.ts'
import { aggregate, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const coupon_performance = defineAggregate({
  name: 'coupon_performance',
  grain: 'one row per date and coupon code',
  key: ['date', 'discount_coupon_code'],
  order: [
    { column: 'date' },
    { column: 'usage_count', descending: true },
    { column: 'discount_coupon_code' },
  ],
  written: 'always',
  totals: {
    revenue: { sum: 'total_revenue' },
    orders: { sum: 'usage_count' },
    discount: { sum: 'total_discount_given' },
    customers: { sum: 'first_time_orders' },
  },
  needs,
  columns,
  aggregate,
})
