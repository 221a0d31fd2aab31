import { definePreset } from './preset.ts'

/** Results of the queries: times in microseconds since 1970 in UTC. */
const TIMES = { timeFormats: ['unix_us'] }
/** BigQuery does not know, or not per visit. */
const NOTHING = { constant: '' } as const
/** Without consent, events have no visitor, and so no visit. */
const NOBODY = ['user_id', 'session_id'] as ('user_id' | 'session_id')[]
/** Where a page was: parts of its URL. */
const PAGE = {
  domain: { column: 'url', url: 'host' },
  path: { column: 'url', url: 'path' },
  query: { column: 'url', url: 'query' },
  hash: { column: 'url', url: 'hash' },
} as const

/**
 * The export of Google Analytics 4 to BigQuery, by the queries of the page `docs/sources/ga4_bigquery.md`.
 * Schema as of 2026-11: Analytics Help, "[GA4] BigQuery Export schema".
 */
export const ga4_bigquery = definePreset({
  name: 'ga4_bigquery',
  system: 'Google Analytics 4: queries of its export to BigQuery',
  tables: {
    user_table: { columns: { has_purchase_last_year: NOTHING, has_purchase_last_qtr: NOTHING } },
    session_table: {
      ...TIMES,
      columns: {
        IP: NOTHING,
        landing_page: { column: 'landing_url', url: 'path' },
        landing_page_query: { column: 'landing_url', url: 'query' },
        landing_page_hash: { column: 'landing_url', url: 'hash' },
        utm_campaign: { column: 'utm_campaign', nullIf: ['(direct)', '(none)', '(not set)'] },
      },
    },
    order_table: { ...TIMES, optional: NOBODY, columns: { event_id: NOTHING, discount: NOTHING } },
    order_line_item_table: TIMES,
    add_to_cart_table: { ...TIMES, optional: ['session_id'], columns: PAGE },
    pageview_table: { ...TIMES, optional: NOBODY, columns: PAGE },
    scroll_table: { ...TIMES, columns: PAGE },
    click_table: { ...TIMES, columns: { ...PAGE, target_tag: NOTHING, target_text: NOTHING } },
  },
})
