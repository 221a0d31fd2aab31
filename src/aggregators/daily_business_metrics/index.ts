import { defineAggregate } from '../../tables/define.ts'
import { aggregate, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const daily_business_metrics = defineAggregate({
  name: 'daily_business_metrics',
  grain: 'one row per calendar day from the first to the last date of any session, order or line item',
  key: ['date'],
  order: [{ column: 'date' }],
  needs,
  columns,
  aggregate,
})
