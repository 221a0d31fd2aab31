import { add_to_cart_table } from './add_to_cart_table.ts'
import { click_table } from './click_table.ts'
import { marketing_spend_table } from './marketing_spend_table.ts'
import { order_line_item_table } from './order_line_item_table.ts'
import { order_table } from './order_table.ts'
import { pageview_table } from './pageview_table.ts'
import { refund_table } from './refund_table.ts'
import { scroll_table } from './scroll_table.ts'
import { session_table } from './session_table.ts'
import { user_table } from './user_table.ts'

/** The eight raw tables that every run reads, in the order in which they are read and reported. */
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

/** The raw tables that a run reads only if something needs them, behind the others and in this order. */
export const optionalRawTables = {
  marketing_spend_table,
  refund_table,
} as const

/** All raw tables that there can be, in the order in which they are read. */
export const allRawTables = { ...rawTables, ...optionalRawTables } as const

export type AllRawTables = typeof allRawTables
export type RawTableName = keyof AllRawTables
/** Those that every run reads. */
export type UsualRawTableName = keyof typeof rawTables
