import { count, date, money, quantity, ratio, text } from '../../tables/define.ts'

export const columns = {
  date: date('the day'),
  product_name: text('the product'),
  times_purchased: count('line items of it, those of refunds apart'),
  total_quantity_sold: quantity('sum of product_qty of its line items'),
  total_revenue: money('sum of price × quantity of its line items'),
  times_added_to_cart: count('cart adds of it'),
  cart_to_purchase_rate: ratio('%', 'times_purchased ÷ times_added_to_cart × 100; same day, can exceed 100'),
  orders: count('distinct orders with it, refunds apart'),
  quantity_added_to_cart: quantity('sum of product_qty of its cart adds; a null counts as 1'),
  avg_unit_price: ratio('money', 'total_revenue ÷ total_quantity_sold'),
  cart_sessions: count('distinct sessions that added it that day'),
  purchased_cart_sessions: count('those among them that bought it at or after their first add of that day'),
  cart_abandonment_rate: ratio('%', '(cart_sessions − purchased_cart_sessions) ÷ cart_sessions × 100'),
} as const
