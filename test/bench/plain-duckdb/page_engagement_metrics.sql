COPY (
  WITH walked AS (
    SELECT *,
      lag(time) OVER visit IS NULL AS is_first,
      lead(time) OVER visit IS NULL AS is_last,
      epoch_ms(lead(time) OVER visit) - epoch_ms(time) AS stayed_ms
    FROM pageviews
    WINDOW visit AS (PARTITION BY session_id ORDER BY time, path)
  ),
  viewed AS (
    SELECT date, path, count(*) AS pageviews, count(DISTINCT user_id) AS unique_users,
      count(DISTINCT session_id) AS sessions_with_page,
      count(*) FILTER (is_first) AS entrances,
      count(*) FILTER (is_last) AS exits,
      count(*) FILTER (is_first AND is_last) AS bounces,
      sum(CASE WHEN stayed_ms > 1800000 THEN 1800000 ELSE stayed_ms END) AS stayed_ms,
      count(stayed_ms) AS stays
    FROM walked
    GROUP BY date, path
  ),
  session_scrolls AS (
    SELECT CAST(time AS DATE) AS date, path, session_id, count(*) AS scrolls, sum(scroll_percent) AS total,
      max(scroll_percent) AS deepest
    FROM read_csv('scroll_table.csv', types = {scroll_percent: 'DECIMAL(7, 4)'})
    GROUP BY ALL
  ),
  scrolled AS (
    SELECT date, path, sum(scrolls) AS scrolls, sum(total) AS total,
      sum(deepest) FILTER (session_id IS NOT NULL) AS deepest, count(session_id) AS sessions
    FROM session_scrolls
    GROUP BY date, path
  ),
  clicked AS (
    SELECT CAST(time AS DATE) AS date, path, count(*) AS clicks
    FROM read_csv('click_table.csv')
    GROUP BY ALL
  )
  SELECT date, path,
    coalesce(pageviews, 0) AS pageviews,
    coalesce(unique_users, 0) AS unique_users,
    coalesce(sessions_with_page, 0) AS sessions_with_page,
    ratio(scrolled.total, scrolled.scrolls) AS avg_scroll_depth,
    coalesce(clicks, 0) AS total_clicks,
    coalesce(entrances, 0) AS entrances,
    coalesce(exits, 0) AS exits,
    coalesce(bounces, 0) AS bounces,
    ratio(viewed.bounces * 100, viewed.entrances) AS bounce_rate,
    ratio(viewed.exits * 100, viewed.pageviews) AS exit_rate,
    ratio(scrolled.deepest, scrolled.sessions) AS avg_max_scroll_depth,
    ratio(viewed.stayed_ms, viewed.stays * 1000) AS avg_time_on_page_seconds
  FROM viewed
  FULL JOIN scrolled USING (date, path)
  FULL JOIN clicked USING (date, path)
  ORDER BY date, coalesce(viewed.pageviews, 0) DESC, path
) TO 'page_engagement_metrics.csv' (HEADER);
