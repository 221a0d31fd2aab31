-- What several aggregate tables need, computed once, after duplicates and the date range.

-- Orders and refunds. An order without a session is a visit of its own.
CREATE TABLE ranked_orders AS
SELECT *,
  CAST(time AS DATE) AS date,
  coalesce(session_id, 'order:' || order_id) AS visit_id,
  CASE WHEN is_order AND user_id IS NOT NULL
    THEN row_number() OVER (PARTITION BY is_order, user_id ORDER BY time, order_id) END AS user_rank,
  -- Orders first, and refunds behind them.
  row_number() OVER (PARTITION BY coalesce(session_id, 'order:' || order_id)
    ORDER BY is_order DESC, time, order_id) AS visit_rank
FROM orders;

CREATE TABLE visit_orders AS
SELECT visit_id,
  count(*) FILTER (is_order) AS order_count,
  sum(total_price) AS revenue,
  min(time) FILTER (is_order) AS first_time,
  max(time) FILTER (is_order) AS last_time,
  max(order_id) FILTER (is_order AND visit_rank = 1) AS first_order_id,
  max(user_id) FILTER (visit_rank = 1) AS first_user_id,
  max(date) FILTER (visit_rank = 1) AS first_date
FROM ranked_orders
GROUP BY visit_id;

CREATE TABLE session_orders AS
SELECT visit_id AS session_id, * EXCLUDE (visit_id) FROM visit_orders WHERE order_count > 0;

-- Line items of orders: not those whose order_id names refunds only, and none with a negative amount.
CREATE TABLE ordered_lines AS
SELECT line_items.*
FROM line_items
LEFT JOIN (SELECT order_id, bool_or(is_order) AS has_order FROM orders GROUP BY order_id) USING (order_id)
WHERE is_order(amount) AND coalesce(has_order, true);

CREATE TABLE channels AS
WITH lowered AS (
  SELECT DISTINCT utm_source, utm_medium, utm_campaign,
    ascii_lower(coalesce(utm_source, '')) AS source,
    ascii_lower(coalesce(utm_medium, '')) AS medium,
    ascii_lower(coalesce(utm_campaign, '')) AS campaign
  FROM sessions
),
judged AS (
  SELECT *,
    label_category(source_label(source)) AS category,
    is_paid_medium(medium) AS paid
  FROM lowered
)
SELECT utm_source, utm_medium, utm_campaign,
  channel_group(source, medium, campaign, category, paid, category = 'shopping' OR is_shop_campaign(campaign))
    AS channel_group
FROM judged;

CREATE TABLE numbered_sessions AS
SELECT sessions.*,
  CAST(sessions.time AS DATE) AS date,
  channels.channel_group,
  CASE WHEN user_id IS NOT NULL
    THEN row_number() OVER (PARTITION BY user_id ORDER BY time, session_id) END AS session_number
FROM sessions
JOIN channels
  ON channels.utm_source IS NOT DISTINCT FROM sessions.utm_source
  AND channels.utm_medium IS NOT DISTINCT FROM sessions.utm_medium
  AND channels.utm_campaign IS NOT DISTINCT FROM sessions.utm_campaign;
