import { defineAggregate } from '../../tables/define.ts'
import { aggregate, columnsByRules, needs } from './aggregate.ts'
import { columns } from './columns.ts'

export const session_funnel = defineAggregate({
  name: 'session_funnel',
  grain: 'one row per session of session_table',
  key: ['session_id'],
  order: [{ column: 'date' }, { column: 'session_id' }],
  written: 'always',
  totals: { sessions: { rows: 'all' } },
  needs,
  columns,
  columnsByRules,
  aggregate,
})
