import { defineRawTable, optional, required } from './define.ts'

export const session_table = defineRawTable({
  name: 'session_table',
  grain: 'one row per session',
  key: 'session_id',
  time: 'time',
  comparesDuplicates: true,
  mayBeMissing: true,
  unknownWithout:
    'sessions, conversion rates, channels, devices and countries: counts of sessions are 0, and rates over them empty',
  setsAsOf: true,
  totals: { sessions: { rows: 'all' } },
  columns: {
    user_id: required('id', 'the user whose session it is', { dictionary: 'user_id' }),
    session_id: required('id', 'the session', { dictionary: 'session_id' }),
    time: required('timestamp', 'when the session started'),
    platform: optional('text', 'web, iOS, Android or the like'),
    device_type: optional('text', 'desktop, mobile, tablet or the like'),
    country: optional('text', 'country; NA is Namibia, not null'),
    region: optional('text', 'region or state'),
    city: optional('text', 'city'),
    IP: optional('text', 'address of the visitor; read, never written to an aggregate table', {
      role: 'ip_address',
    }),
    referrer: optional('text', 'page that led to the session'),
    landing_page: optional('text', 'path of the first page'),
    landing_page_query: optional('text', 'query string of the first page'),
    landing_page_hash: optional('text', 'fragment of the first page'),
    browser: optional('text', 'browser of the visitor'),
    utm_source: optional('text', 'campaign source'),
    utm_medium: optional('text', 'campaign medium'),
    utm_campaign: optional('text', 'campaign name'),
  },
})
