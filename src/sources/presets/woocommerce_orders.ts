import { definePreset } from './preset.ts'

const FILES = ['orders-*.csv', 'orders-*.csv.gz']
const STARTED = '_wc_order_attribution_session_start_time'
/** A customer, as the letters of an address do not tell two persons apart. */
const CUSTOMER = { column: 'Email (Billing)', lower: true } as const
/** The visit in which the order was placed: nothing, where WooCommerce saw none. */
const VISIT = { template: `{Order Number} {${STARTED}}` } as const
/** The export does not tell. */
const NOTHING = { constant: '' } as const
/** Items of an order are numbered from 1. */
const FIRST_ROW = { column: 'Item #', equals: '1' } as const
/** What stands where a visit has no such value. */
const NONE = ['(none)', '(not set)']

/**
 * Advanced Order Export For WooCommerce, products as rows, under its usual labels.
 * Columns as of 2026-11: the plugin's default fields; meta fields of WooCommerce's "Order Attribution Tracking".
 */
export const woocommerce_orders = definePreset({
  name: 'woocommerce_orders',
  system: 'WooCommerce: Advanced Order Export',
  knownBy: 'order_table',
  tables: {
    user_table: {
      files: FILES,
      where: [FIRST_ROW, { column: 'Email (Billing)', not: '' }],
      columns: { user_id: CUSTOMER, has_purchase_last_year: NOTHING, has_purchase_last_qtr: NOTHING },
    },
    session_table: {
      files: FILES,
      where: [FIRST_ROW, { column: STARTED, not: '' }],
      optional: ['user_id'],
      keep: 'last',
      timezone: 'UTC',
      columns: {
        user_id: CUSTOMER,
        session_id: VISIT,
        time: STARTED,
        platform: NOTHING,
        device_type: { column: '_wc_order_attribution_device_type', lower: true },
        country: NOTHING,
        region: NOTHING,
        city: NOTHING,
        IP: NOTHING,
        referrer: { column: '_wc_order_attribution_referrer', nullIf: NONE },
        landing_page: { column: '_wc_order_attribution_session_entry', url: 'path' },
        landing_page_query: { column: '_wc_order_attribution_session_entry', url: 'query' },
        landing_page_hash: { column: '_wc_order_attribution_session_entry', url: 'hash' },
        browser: '_wc_order_attribution_user_agent',
        utm_source: { column: '_wc_order_attribution_utm_source', nullIf: NONE },
        utm_medium: {
          first: ['_wc_order_attribution_utm_medium', '_wc_order_attribution_source_type'],
          nullIf: [...NONE, 'typein', 'utm', 'admin'],
        },
        utm_campaign: { column: '_wc_order_attribution_utm_campaign', nullIf: NONE },
      },
    },
    order_table: {
      files: FILES,
      where: [FIRST_ROW],
      optional: ['user_id', 'session_id'],
      keep: 'last',
      columns: {
        event_id: NOTHING,
        user_id: CUSTOMER,
        session_id: VISIT,
        order_id: 'Order Number',
        time: 'Order Date',
        total_price: 'Order Total Amount',
        shipping_price: 'Order Shipping Amount',
        discount: 'Cart Discount Amount',
        discount_coupon_code: { column: 'Coupon Code', lower: true },
        total_items: NOTHING,
        total_qty: NOTHING,
      },
    },
    order_line_item_table: {
      files: FILES,
      where: [{ column: 'Item #', not: '' }],
      carryDown: { key: 'Order Number', columns: ['Email (Billing)', 'Order Date', STARTED] },
      keep: 'last',
      columns: {
        event_id: { template: '{Order Number}#{Item #}' },
        user_id: CUSTOMER,
        session_id: VISIT,
        order_id: 'Order Number',
        time: 'Order Date',
        product_name: { column: 'Item Name', decode: 'html' },
        product_price: 'Item Cost',
        product_qty: 'Quantity (- Refund)',
      },
    },
  },
  filters: [
    {
      about: 'Orders that were never paid or were cancelled; write the states in the language of your shop',
      filter: {
        table: 'order_table',
        column: 'Order Status',
        in: ['Pending payment', 'Failed', 'Cancelled', 'Draft'],
      },
    },
  ],
})
