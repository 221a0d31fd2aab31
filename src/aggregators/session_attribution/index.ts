import { UNATTRIBUTED } from '../../rules/channels.ts'
import { defineAggregate } from '../../tables/define.ts'
import { aggregate, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const session_attribution = defineAggregate({
  name: 'session_attribution',
  grain: 'one row per session, plus one per session_id known only from orders or refunds',
  key: ['session_id'],
  order: [{ column: 'date' }, { column: 'session_id' }],
  written: 'always',
  totals: {
    revenue: { sum: 'revenue' },
    orders: { sum: 'order_count' },
    sessions: { rows: { except: 'channel_group', text: UNATTRIBUTED } },
  },
  needs,
  columns,
  aggregate,
})
