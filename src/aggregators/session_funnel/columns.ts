import { count, date, flag, id, ratio, text } from '../../tables/define.ts'

export const columns = {
  session_id: id('the session'),
  user_id: id('its user'),
  date: date('day of the session start'),
  had_pageview: flag('1 if it has a pageview'),
  had_product_view: flag('1 if it has a pageview of a product page (rule funnel.productView)'),
  had_add_to_cart: flag('1 if it has a cart add'),
  had_order: flag('1 if it has an order'),
  time_to_cart_minutes: ratio(
    'minutes',
    'session start to first cart add; empty if none or before the start',
  ),
  time_to_order_minutes: ratio('minutes', 'session start to first order; empty if none or before the start'),
  had_checkout_view: flag('1 if it has a pageview of a checkout page (rule funnel.checkoutView)'),
  pageviews: count('its pageviews'),
  is_bounce: flag('1 if it has exactly one pageview; empty if none'),
  cart_abandoned: flag('1 if no order follows its first cart add, 0 if one does; empty without a cart add'),
  furthest_step: text(
    'the last of session, pageview, product_view, add_to_cart, checkout_view, order that happened at all',
  ),
  furthest_ordered_step: text(
    'the last of session, pageview, product_view, add_to_cart, order reached with each step at or after the one before',
  ),
  out_of_order: flag(
    '1 if its first cart add or order precedes its start, or its first order its first cart add',
  ),
} as const
