import type { Collections, TextVector } from '../collections/vectors.ts'
import { add, multiply, type Whole } from '../lib/numbers/exact.ts'
import type { RawTableName } from '../raw/index.ts'
import { UNATTRIBUTED } from '../rules/channels.ts'

/** What the control totals read of the accepted rows. */
export const controlNeeds = {
  session_table: ['session_id'],
  order_table: ['user_id', 'total_price', 'discount'],
  order_line_item_table: ['product_price', 'product_qty'],
  add_to_cart_table: ['session_id'],
  pageview_table: ['session_id'],
  click_table: ['time'],
} as const

export type ControlTables = Collections<typeof controlNeeds>
type Tables = ControlTables

/** How a total is written for people. */
export type TotalUnit = 'money' | 'count'

/** How one side is taken from an aggregate table, in memory or as it was published. */
export interface TableSide {
  readonly table: string
  /** The column to add up; undefined to count rows. */
  readonly column: string | undefined
  /** Rows whose text in this column is this one are not counted. */
  readonly except?: { readonly column: string; readonly text: string }
}

export interface ControlRule {
  readonly name: string
  readonly meaning: string
  readonly unit: TotalUnit
  /** The raw table that it is about, and the only one that `accepted` looks at. */
  readonly source: RawTableName
  readonly accepted: (tables: Tables) => Whole
  /** The column whose different ids are counted, if it is no sum. */
  readonly distinct?: 'session_id' | 'user_id'
  readonly sides: readonly TableSide[]
}

const side = (table: string, column?: string): TableSide => ({ table, column })

/** SPEC section 5, numbers 1 to 6: what accepted rows say, and every table that must say the same. */
export const controlRules: readonly ControlRule[] = [
  {
    name: 'revenue',
    meaning: 'sum of total_price',
    unit: 'money',
    source: 'order_table',
    accepted: ({ order_table }) => sum(order_table.total_price),
    sides: [
      side('daily_business_metrics', 'total_revenue'),
      side('coupon_performance', 'total_revenue'),
      side('user_lifetime_metrics', 'total_revenue'),
      side('session_attribution', 'revenue'),
    ],
  },
  {
    name: 'orders',
    meaning: 'orders',
    unit: 'count',
    source: 'order_table',
    accepted: ({ order_table }) => order_table.rowCount,
    sides: [
      side('daily_business_metrics', 'total_orders'),
      side('coupon_performance', 'usage_count'),
      side('user_lifetime_metrics', 'total_orders'),
      side('session_attribution', 'order_count'),
    ],
  },
  {
    name: 'sessions',
    meaning: 'sessions',
    unit: 'count',
    source: 'session_table',
    accepted: ({ session_table }) => session_table.rowCount,
    sides: [
      side('daily_business_metrics', 'total_sessions'),
      side('session_funnel'),
      { ...side('session_attribution'), except: { column: 'channel_group', text: UNATTRIBUTED } },
    ],
  },
  {
    name: 'gross_sales',
    meaning: 'sum of price × quantity of line items',
    unit: 'money',
    source: 'order_line_item_table',
    accepted: ({ order_line_item_table: { product_price, product_qty } }) =>
      sum(product_price, (price, row) => multiply(price, product_qty[row]!)),
    sides: [
      side('product_performance_daily', 'total_revenue'),
      side('daily_business_metrics', 'gross_sales'),
    ],
  },
  {
    name: 'units_sold',
    meaning: 'sum of quantity of line items',
    unit: 'count',
    source: 'order_line_item_table',
    accepted: ({ order_line_item_table }) => sum(order_line_item_table.product_qty),
    sides: [
      side('product_performance_daily', 'total_quantity_sold'),
      side('daily_business_metrics', 'units_sold'),
    ],
  },
  {
    name: 'cart_adds',
    meaning: 'cart adds',
    unit: 'count',
    source: 'add_to_cart_table',
    accepted: ({ add_to_cart_table }) => add_to_cart_table.rowCount,
    sides: [side('product_performance_daily', 'times_added_to_cart')],
  },
  {
    name: 'pageviews',
    meaning: 'pageviews',
    unit: 'count',
    source: 'pageview_table',
    accepted: ({ pageview_table }) => pageview_table.rowCount,
    sides: [side('page_engagement_metrics', 'pageviews')],
  },
  {
    name: 'clicks',
    meaning: 'clicks',
    unit: 'count',
    source: 'click_table',
    accepted: ({ click_table }) => click_table.rowCount,
    sides: [side('page_engagement_metrics', 'total_clicks')],
  },
  {
    name: 'sessions_with_pageview',
    meaning: 'distinct sessions with a pageview',
    unit: 'count',
    source: 'pageview_table',
    accepted: ({ pageview_table }) => countDistinct(pageview_table.session_id),
    distinct: 'session_id',
    sides: [side('page_engagement_metrics', 'entrances'), side('page_engagement_metrics', 'exits')],
  },
  {
    name: 'discount',
    meaning: 'sum of discount',
    unit: 'money',
    source: 'order_table',
    accepted: ({ order_table }) => sum(order_table.discount),
    sides: [
      side('daily_business_metrics', 'total_discount'),
      side('coupon_performance', 'total_discount_given'),
      side('user_lifetime_metrics', 'total_discount'),
    ],
  },
  {
    name: 'customers',
    meaning: 'users with an order',
    unit: 'count',
    source: 'order_table',
    accepted: ({ order_table }) => countDistinct(order_table.user_id),
    distinct: 'user_id',
    sides: [
      side('daily_business_metrics', 'first_time_customers'),
      side('coupon_performance', 'first_time_orders'),
    ],
  },
]

/** An exact sum; a null counts as 0. */
export function sum(values: ArrayLike<number>, amount?: (value: number, row: number) => Whole): Whole {
  let total: Whole = 0
  for (let row = 0; row < values.length; row++) {
    // `|| 0` makes a null, which is NaN, count as 0.
    total = add(total, amount === undefined ? values[row]! || 0 : amount(values[row]!, row))
  }
  return total
}

function countDistinct({ codes, dictionary }: TextVector): number {
  const seen = new Uint8Array(dictionary.size)
  let distinct = 0
  for (let row = 0; row < codes.length; row++) {
    if (seen[codes[row]!] === 1) continue
    seen[codes[row]!] = 1
    distinct++
  }
  return distinct
}
