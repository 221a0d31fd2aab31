import { defineRawTable, optional, required } from './define.ts'

export const pageview_table = defineRawTable({
  name: 'pageview_table',
  grain: 'one row per page viewed',
  key: 'event_id',
  time: 'time',
  comparesDuplicates: false,
  mayBeMissing: true,
  totals: { pageviews: { rows: 'all' }, sessions_with_pageview: { distinct: 'session_id' } },
  columns: {
    event_id: required('id', 'the pageview'),
    user_id: required('id', 'the visitor', { dictionary: 'user_id' }),
    session_id: required('id', 'the session', { dictionary: 'session_id' }),
    time: required('timestamp', 'when the page was viewed'),
    domain: optional('text', 'domain of the page'),
    path: required('text', 'path of the page', { dictionary: 'path' }),
    hash: optional('text', 'fragment of the page'),
    query: optional('text', 'query string of the page'),
    previous_page: optional('text', 'page before this one'),
  },
})
