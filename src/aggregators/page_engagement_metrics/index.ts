import { defineAggregate } from '../../tables/define.ts'
import { aggregate, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const page_engagement_metrics = defineAggregate({
  name: 'page_engagement_metrics',
  grain: 'one row per date and path with a pageview, scroll or click',
  key: ['date', 'path'],
  order: [{ column: 'date' }, { column: 'pageviews', descending: true }, { column: 'path' }],
  written: 'always',
  totals: {
    pageviews: { sum: 'pageviews' },
    clicks: { sum: 'total_clicks' },
    sessions_with_pageview: [{ sum: 'entrances' }, { sum: 'exits' }],
  },
  needs,
  columns,
  aggregate,
})
