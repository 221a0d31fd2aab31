import { count, date, money, quantity, ratio } from '../../tables/define.ts'

export const columns = {
  date: date('the calendar day'),
  total_revenue: money('sum of total_price of the orders and refunds of the day'),
  total_orders: count('orders of the day; refunds are none'),
  total_sessions: count('sessions that started on the day'),
  total_users: count('distinct users of the sessions of the day'),
  conversion_rate: ratio('%', 'total_orders ÷ total_sessions × 100'),
  avg_order_value: ratio('money', 'total_revenue ÷ total_orders'),
  new_customers: count('distinct users ordering that day whose has_purchase_last_year is 0'),
  repeat_customers: count('distinct users ordering that day whose has_purchase_last_year is 1'),
  gross_sales: money('sum of price × quantity of the line items of the day'),
  total_discount: money('sum of discount of the orders and refunds of the day'),
  total_shipping: money('sum of shipping_price of the orders and refunds of the day'),
  units_sold: quantity('sum of product_qty of the line items of the day'),
  converting_sessions: count('sessions of the day that have an order, whenever it was placed'),
  session_conversion_rate: ratio('%', 'converting_sessions ÷ total_sessions × 100'),
  first_time_customers: count('users whose first order is of that day'),
  returning_customers: count('users ordering that day whose first order is of an earlier day'),
  revenue_per_session: ratio('money', 'total_revenue ÷ total_sessions'),
} as const
