import { defineRawTable, optional, required } from './define.ts'

export const click_table = defineRawTable({
  name: 'click_table',
  grain: 'one row per click',
  key: 'event_id',
  time: 'time',
  comparesDuplicates: false,
  mayBeMissing: true,
  totals: { clicks: { rows: 'all' } },
  columns: {
    event_id: required('id', 'the click'),
    user_id: optional('id', 'the visitor', { dictionary: 'user_id' }),
    session_id: optional('id', 'the session', { dictionary: 'session_id' }),
    time: required('timestamp', 'when it happened'),
    domain: optional('text', 'domain of the page'),
    path: required('text', 'path of the page', { dictionary: 'path' }),
    hash: optional('text', 'fragment of the page'),
    query: optional('text', 'query string of the page'),
    href: optional('text', 'where the link leads'),
    target_id: optional('text', 'id of the element'),
    target_tag: optional('text', 'tag of the element'),
    target_text: optional('text', 'text of the element'),
    previous_page: optional('text', 'page before this one'),
  },
})
