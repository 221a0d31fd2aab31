/** The eight raw tables (SPEC section 1), written down once more: not what the program says of itself. */
export const RAW_TABLE_NAMES: readonly string[] = [
  'user_table',
  'session_table',
  'order_table',
  'order_line_item_table',
  'add_to_cart_table',
  'pageview_table',
  'scroll_table',
  'click_table',
]
