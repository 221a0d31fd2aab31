import { definePreset } from './preset.ts'

const FILES = ['orders_export*.csv', 'orders_export*.csv.gz']
/** A customer, as the letters of an address do not tell two persons apart. */
const CUSTOMER = { column: 'Email', lower: true } as const
/** The export does not tell. */
const NOTHING = { constant: '' } as const
/** Of an order's rows only the first has a total, and it always has one: 0.00 where the order is free. */
const FIRST_ROW = { column: 'Total', not: '' } as const

/**
 * Shopify admin, Orders, Export: one row per line item, with the columns of the order on its first row.
 * Columns as of 2026-11: Shopify Help Center, "Exporting orders", order CSV file columns.
 */
export const shopify_orders = definePreset({
  name: 'shopify_orders',
  system: 'Shopify: the export of orders',
  knownBy: 'order_table',
  tables: {
    user_table: {
      files: FILES,
      where: [FIRST_ROW, { column: 'Email', not: '' }],
      columns: { user_id: CUSTOMER, has_purchase_last_year: NOTHING, has_purchase_last_qtr: NOTHING },
    },
    order_table: {
      files: FILES,
      where: [FIRST_ROW],
      optional: ['user_id', 'session_id'],
      keep: 'last',
      columns: {
        event_id: NOTHING,
        user_id: CUSTOMER,
        session_id: NOTHING,
        order_id: 'Name',
        time: 'Created at',
        total_price: 'Total',
        shipping_price: 'Shipping',
        discount: 'Discount Amount',
        discount_coupon_code: { column: 'Discount Code', split: ',', take: 'all' },
        total_items: NOTHING,
        total_qty: NOTHING,
      },
    },
    order_line_item_table: {
      files: FILES,
      where: [{ column: 'Lineitem name', not: '' }],
      carryDown: { key: 'Name', columns: ['Email', 'Created at'] },
      keep: 'last',
      columns: {
        event_id: { template: '{Name}#{row}' },
        user_id: CUSTOMER,
        session_id: NOTHING,
        order_id: 'Name',
        time: 'Created at',
        product_name: 'Lineitem name',
        product_price: 'Lineitem price',
        product_qty: 'Lineitem quantity',
      },
    },
  },
  filters: [
    {
      about: 'Cancelled orders',
      filter: { table: 'order_table', column: 'Cancelled at', matches: '.' },
    },
    {
      about: 'Test orders of the bogus gateway; add others that your shop makes, by Tags for example',
      filter: { table: 'order_table', column: 'Payment Method', matches: '[Bb]ogus' },
    },
  ],
})
