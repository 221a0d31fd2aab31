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
  needs,
  columns,
  aggregate,
})
