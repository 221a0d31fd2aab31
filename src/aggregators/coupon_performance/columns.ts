import { count, date, money, ratio, text } from '../../tables/define.ts'

export const columns = {
  date: date('day of the orders and refunds'),
  discount_coupon_code: text('the coupon; NO_COUPON for orders without one'),
  usage_count: count('orders with it; refunds are none'),
  total_discount_given: money('sum of their discount, that of refunds too'),
  total_revenue: money('sum of their total_price, that of refunds too'),
  avg_order_value: ratio('money', 'total_revenue ÷ usage_count'),
  discount_percentage: ratio('%', 'total_discount_given ÷ total_revenue × 100'),
  customers: count('distinct users who used it'),
  first_time_orders: count("orders that are their user's first"),
  first_time_order_rate: ratio('%', 'first_time_orders ÷ usage_count × 100'),
  avg_discount_per_order: ratio('money', 'total_discount_given ÷ usage_count'),
} as const
