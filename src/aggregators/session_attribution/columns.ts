import { count, date, flag, id, money, ratio, text } from '../../tables/define.ts'

export const columns = {
  session_id: id('the session; order:<order_id> for orders without one'),
  user_id: id(
    'its user; of a session known only from orders or refunds, that of its first order, else refund',
  ),
  date: date(
    'day of the session start; of a session known only from orders or refunds, that of its first order, else refund',
  ),
  utm_source: text('campaign source; direct where there was none'),
  utm_medium: text('campaign medium; direct where there was none'),
  utm_campaign: text('campaign name; direct where there was none'),
  country: text('country of the session'),
  device_type: text('device of the session'),
  platform: text('platform of the session'),
  converted: flag('1 if the session has an order'),
  revenue: money('sum of total_price of its orders and refunds'),
  order_id: id('its first order by (time, order_id)'),
  order_count: count('its orders, refunds apart'),
  channel_group: text(
    'GA4 default channel group; (unattributed) of a session known only from orders or refunds',
  ),
  landing_page: text('path of its first page'),
  session_number: count("its place among the user's sessions by (time, session_id), from 1"),
  time_to_conversion_minutes: ratio(
    'minutes',
    'session start to first order; empty if none or before the start',
  ),
} as const
