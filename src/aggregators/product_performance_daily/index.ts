import { defineAggregate } from '../define.ts'
import { aggregate, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const product_performance_daily = defineAggregate({
  name: 'product_performance_daily',
  grain: 'one row per date and product_name with a line item or a cart add',
  key: ['date', 'product_name'],
  order: [{ column: 'date' }, { column: 'total_revenue', descending: true }, { column: 'product_name' }],
  needs,
  reach: {
    // Purchases on any date of sessions that added the product on this one.
    session_id: ['order_table', 'order_line_item_table', 'add_to_cart_table'],
    // A line item without a session belongs to that of its order.
    order_id: ['order_table', 'order_line_item_table'],
  },
  columns,
  aggregate,
})
