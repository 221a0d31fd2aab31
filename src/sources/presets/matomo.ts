import { definePreset } from './preset.ts'

/** Results of the queries, as the mysql client writes them: tabs between cells, in UTC. */
const result = (table: string) => ({
  files: [`${table}.tsv`, `${table}.tsv.gz`],
  delimiter: '\t' as const,
  timezone: 'UTC',
})
/** Matomo does not know. */
const NOTHING = { constant: '' } as const
const LANDING = 'landing_url'

/**
 * Matomo's own database, by the queries of the page `docs/sources/matomo.md`. Schema as of 2026-11: Matomo for
 * developers, "Database schema".
 */
export const matomo = definePreset({
  name: 'matomo',
  system: 'Matomo: queries of its database',
  tables: {
    user_table: {
      ...result('user_table'),
      columns: { has_purchase_last_year: NOTHING, has_purchase_last_qtr: NOTHING },
    },
    session_table: {
      ...result('session_table'),
      columns: {
        platform: NOTHING,
        landing_page: { column: LANDING, url: 'path' },
        landing_page_query: { column: LANDING, url: 'query' },
        landing_page_hash: { column: LANDING, url: 'hash' },
      },
    },
    order_table: { ...result('order_table'), columns: { event_id: NOTHING, discount_coupon_code: NOTHING } },
    order_line_item_table: result('order_line_item_table'),
    pageview_table: {
      ...result('pageview_table'),
      columns: {
        domain: { column: 'url', url: 'host' },
        path: { column: 'url', url: 'path' },
        query: { column: 'url', url: 'query' },
        hash: { column: 'url', url: 'hash' },
      },
    },
  },
})
