import { defineAggregate } from '../../tables/define.ts'
import { aggregate, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const user_lifetime_metrics = defineAggregate({
  name: 'user_lifetime_metrics',
  grain: 'one row per user_id in user_table or order_table, and one for orders and refunds without a user',
  key: ['user_id'],
  order: [{ column: 'total_revenue', descending: true }, { column: 'user_id' }],
  written: 'always',
  totals: {
    revenue: { sum: 'total_revenue' },
    orders: { sum: 'total_orders' },
    discount: { sum: 'total_discount' },
  },
  needs,
  columns,
  aggregate,
})
