WITH walked AS (
  SELECT CAST(time AS DATE) AS date, path, user_id, session_id,
    session_id IS NOT NULL AND lag(time) OVER visit IS NULL AS is_first,
    session_id IS NOT NULL AND lead(time) OVER visit IS NULL AS is_last,
    session_id IS NOT NULL AND lead(time) OVER visit IS NOT NULL AS has_next,
    least(epoch_ms(lead(time) OVER visit) - epoch_ms(time), time_on_page_cap_ms()) AS stayed_ms
  FROM pageviews
  WINDOW visit AS (PARTITION BY session_id ORDER BY time, path)
),
-- least() passes over NULL: a session's last view would look capped, so it is filtered out.
viewed AS (
  SELECT date, path,
    count(*) AS pageviews,
    count(DISTINCT user_id) AS unique_users,
    count(DISTINCT session_id) AS sessions_with_page,
    count(*) FILTER (is_first) AS entrances,
    count(*) FILTER (is_last) AS exits,
    count(*) FILTER (is_first AND is_last) AS bounces,
    sum(stayed_ms) FILTER (has_next) AS stayed_ms,
    count(*) FILTER (has_next) AS stays
  FROM walked
  GROUP BY ALL
),
session_scrolls AS (
  SELECT CAST(time AS DATE) AS date, path, session_id,
    count(*) AS scrolls,
    sum(scroll_percent) AS percent_sum,
    max(scroll_percent) AS deepest
  FROM scrolls
  GROUP BY ALL
),
scrolled AS (
  SELECT date, path,
    sum(scrolls) AS scrolls,
    sum(percent_sum) AS percent_sum,
    sum(deepest) FILTER (session_id IS NOT NULL) AS deepest_sum,
    count(session_id) AS scroll_sessions
  FROM session_scrolls
  GROUP BY ALL
),
clicked AS (
  SELECT CAST(time AS DATE) AS date, path, count(*) AS clicks
  FROM clicks
  GROUP BY ALL
),
parts AS (
  SELECT * FROM viewed
  UNION ALL BY NAME SELECT * FROM scrolled
  UNION ALL BY NAME SELECT * FROM clicked
),
figures AS (
  SELECT date, path,
    coalesce(sum(pageviews), 0) AS pageviews,
    coalesce(sum(unique_users), 0) AS unique_users,
    coalesce(sum(sessions_with_page), 0) AS sessions_with_page,
    coalesce(sum(clicks), 0) AS clicks,
    coalesce(sum(entrances), 0) AS entrances,
    coalesce(sum(exits), 0) AS exits,
    coalesce(sum(bounces), 0) AS bounces,
    sum(stayed_ms) AS stayed_ms,
    sum(stays) AS stays,
    sum(scrolls) AS scrolls,
    sum(percent_sum) AS percent_sum,
    sum(deepest_sum) AS deepest_sum,
    sum(scroll_sessions) AS scroll_sessions
  FROM parts
  GROUP BY ALL
)
SELECT
  date,
  path,
  pageviews,
  unique_users,
  sessions_with_page,
  ratio(percent_sum, scrolls * 10000) AS avg_scroll_depth,
  clicks AS total_clicks,
  entrances,
  exits,
  bounces,
  percentage(bounces, entrances) AS bounce_rate,
  percentage(exits, pageviews) AS exit_rate,
  ratio(deepest_sum, scroll_sessions * 10000) AS avg_max_scroll_depth,
  ratio(stayed_ms, stays * 1000) AS avg_time_on_page_seconds
FROM figures AS f
ORDER BY f.date, f.pageviews DESC, f.path
