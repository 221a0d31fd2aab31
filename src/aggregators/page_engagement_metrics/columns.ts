import { count, date, ratio, text } from '../../tables/define.ts'

export const columns = {
  date: date('the day'),
  path: text('path of the page'),
  pageviews: count('pageviews of it'),
  unique_users: count('distinct users among its pageviews'),
  sessions_with_page: count('distinct sessions among its pageviews'),
  avg_scroll_depth: ratio('%', 'mean scroll_percent of its scroll events'),
  total_clicks: count('clicks on it'),
  entrances: count("pageviews that are their session's first by (time, path)"),
  exits: count("pageviews that are their session's last by (time, path)"),
  bounces: count('entrances of sessions with one pageview'),
  bounce_rate: ratio('%', 'bounces ÷ entrances × 100'),
  exit_rate: ratio('%', 'exits ÷ pageviews × 100'),
  avg_max_scroll_depth: ratio('%', 'mean over sessions of their deepest scroll on that date and path'),
  avg_time_on_page_seconds: ratio('seconds', "mean time to the session's next pageview, each capped"),
} as const
