import { defineAggregate } from '../../tables/define.ts'
import { aggregate, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const daily_business_metrics = defineAggregate({
  name: 'daily_business_metrics',
  grain: 'one row per calendar day from the first to the last date of any session, order or line item',
  key: ['date'],
  order: [{ column: 'date' }],
  written: 'always',
  spansCalendar: true,
  totals: {
    revenue: { sum: 'total_revenue' },
    orders: { sum: 'total_orders' },
    sessions: { sum: 'total_sessions' },
    gross_sales: { sum: 'gross_sales' },
    units_sold: { sum: 'units_sold' },
    discount: { sum: 'total_discount' },
    customers: { sum: 'first_time_customers' },
  },
  needs,
  columns,
  aggregate,
})
