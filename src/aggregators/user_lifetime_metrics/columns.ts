import { count, date, flag, id, money, month, ratio, text } from '../../tables/define.ts'

export const columns = {
  user_id: id('the user; (unknown) for orders and refunds without one'),
  first_order_date: date('day of the first order'),
  last_order_date: date('day of the last order'),
  total_orders: count('orders; refunds are none'),
  total_revenue: money('sum of total_price of the orders and refunds'),
  avg_order_value: ratio('money', 'total_revenue ÷ total_orders'),
  days_since_last_order: count('days from last_order_date to the as-of date, not below 0'),
  rfm_recency_score: count(
    '5 up to 30 days since the last order, 4 up to 90, 3 up to 180, 2 up to 365, else 1 (rule rfm.recency)',
  ),
  rfm_frequency_score: count(
    '5 from 10 orders on, 4 from 5, 3 from 3, 2 for two, 1 for one (rule rfm.frequency)',
  ),
  rfm_monetary_score: count('5 from 1000 on, 4 from 500, 3 from 200, 2 from 50, else 1 (rule rfm.monetary)'),
  rfm_score: count('the three digits'),
  rfm_segment: text(
    'segment by the three scores (rule rfm.segments); Prospect without an order, Unknown of (unknown)',
  ),
  has_purchase_last_year: flag('as user_table says'),
  has_purchase_last_qtr: flag('as user_table says'),
  total_discount: money('sum of discount of the orders and refunds'),
  total_sessions: count('sessions of the user'),
  purchase_frequency_bucket: text(
    '0 orders, 1 order, 2 orders, 3-5 orders, 6-10 orders or 11+ orders (rule purchaseFrequencyBuckets)',
  ),
  days_between_order_1_and_order_2: count('days between the first and the second order'),
  avg_days_between_orders: ratio('days', '(last_order_date − first_order_date) ÷ (total_orders − 1)'),
  cohort_month: month('month of the first order'),
  first_touch_channel: text("channel group of the user's first session"),
} as const
