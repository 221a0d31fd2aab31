/** SPEC section 1, retyped: what the second source takes from each raw table. */
export interface RawColumns {
  name: string
  table: string
  key: string
  columns: readonly string[]
}

const page = ['domain', 'path', 'hash', 'query', 'previous_page']

export const rawTables: readonly RawColumns[] = [
  {
    name: 'user_table',
    table: 'users',
    key: 'user_id',
    columns: ['user_id', 'has_purchase_last_year', 'has_purchase_last_qtr'],
  },
  {
    name: 'session_table',
    table: 'sessions',
    key: 'session_id',
    columns: [
      ...['user_id', 'session_id', 'time', 'platform', 'device_type', 'country', 'region', 'city', 'IP'],
      ...['referrer', 'landing_page', 'landing_page_query', 'landing_page_hash', 'browser'],
      ...['utm_source', 'utm_medium', 'utm_campaign'],
    ],
  },
  {
    name: 'order_table',
    table: 'orders',
    key: 'dedupe_key',
    columns: [
      ...['event_id', 'user_id', 'session_id', 'order_id', 'time', 'total_price', 'shipping_price'],
      ...['discount', 'discount_coupon_code', 'total_items', 'total_qty'],
    ],
  },
  {
    name: 'order_line_item_table',
    table: 'line_items',
    key: 'event_id',
    columns: [
      ...['event_id', 'user_id', 'session_id', 'order_id', 'time'],
      ...['product_name', 'product_price', 'product_qty'],
    ],
  },
  {
    name: 'add_to_cart_table',
    table: 'cart_adds',
    key: 'event_id',
    columns: [
      ...['event_id', 'user_id', 'session_id', 'time', ...page],
      ...['product_name', 'product_price', 'product_qty'],
    ],
  },
  {
    name: 'pageview_table',
    table: 'pageviews',
    key: 'event_id',
    columns: ['event_id', 'user_id', 'session_id', 'time', ...page],
  },
  {
    name: 'scroll_table',
    table: 'scrolls',
    key: 'event_id',
    columns: ['event_id', 'user_id', 'session_id', 'time', 'scroll_percent', ...page],
  },
  {
    name: 'click_table',
    table: 'clicks',
    key: 'event_id',
    columns: [
      ...['event_id', 'user_id', 'session_id', 'time', 'domain', 'path', 'hash', 'query'],
      ...['href', 'target_id', 'target_tag', 'target_text', 'previous_page'],
    ],
  },
]
