import { defineRawTable, optional, required } from './define.ts'

export const scroll_table = defineRawTable({
  name: 'scroll_table',
  grain: 'one row per scroll event',
  key: 'event_id',
  time: 'time',
  comparesDuplicates: false,
  mayBeMissing: true,
  columns: {
    event_id: required('id', 'the scroll event'),
    user_id: optional('id', 'the visitor', { dictionary: 'user_id' }),
    session_id: optional('id', 'the session', { dictionary: 'session_id' }),
    time: required('timestamp', 'when it happened'),
    scroll_percent: required('percent', 'how far down the page, 0 to 100'),
    domain: optional('text', 'domain of the page'),
    path: required('text', 'path of the page', { dictionary: 'path' }),
    hash: optional('text', 'fragment of the page'),
    query: optional('text', 'query string of the page'),
    previous_page: optional('text', 'page before this one'),
  },
})
