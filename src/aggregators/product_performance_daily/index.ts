import { defineAggregate } from '../../tables/define.ts'
import { aggregate, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const product_performance_daily = defineAggregate({
  name: 'product_performance_daily',
  grain: 'one row per date and product_name with a line item or a cart add',
  key: ['date', 'product_name'],
  order: [{ column: 'date' }, { column: 'total_revenue', descending: true }, { column: 'product_name' }],
  written: 'always',
  totals: {
    gross_sales: { sum: 'total_revenue' },
    units_sold: { sum: 'total_quantity_sold' },
    cart_adds: { sum: 'times_added_to_cart' },
  },
  needs,
  columns,
  aggregate,
})
