import { add_to_cart_table } from './add_to_cart_table.ts'
import { click_table } from './click_table.ts'
import { order_line_item_table } from './order_line_item_table.ts'
import { order_table } from './order_table.ts'
import { pageview_table } from './pageview_table.ts'
import { scroll_table } from './scroll_table.ts'
import { session_table } from './session_table.ts'
import { user_table } from './user_table.ts'

/** The eight raw tables, in the order in which they are read and reported. */
export const rawTables = {
  user_table,
  session_table,
  order_table,
  order_line_item_table,
  add_to_cart_table,
  pageview_table,
  scroll_table,
  click_table,
} as const

export type RawTables = typeof rawTables
export type RawTableName = keyof RawTables

/** Raw tables that shops may have and that nothing needs yet. */
export const unneededTables = ['marketing_spend_table', 'refund_table'] as const
