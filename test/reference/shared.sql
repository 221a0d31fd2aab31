-- What several aggregate tables need, computed once, after duplicates and the date range.

CREATE TABLE ranked_orders AS
SELECT *,
  CAST(time AS DATE) AS date,
  row_number() OVER (PARTITION BY user_id ORDER BY time, order_id) AS user_rank,
  row_number() OVER (PARTITION BY session_id ORDER BY time, order_id) AS session_rank
FROM orders;

CREATE TABLE session_orders AS
SELECT session_id,
  count(*) AS order_count,
  sum(total_price) AS revenue,
  min(time) AS first_time,
  max(time) AS last_time,
  max(order_id) FILTER (session_rank = 1) AS first_order_id,
  max(user_id) FILTER (session_rank = 1) AS first_user_id
FROM ranked_orders
GROUP BY session_id;

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
  row_number() OVER (PARTITION BY user_id ORDER BY time, session_id) AS session_number
FROM sessions
JOIN channels
  ON channels.utm_source IS NOT DISTINCT FROM sessions.utm_source
  AND channels.utm_medium IS NOT DISTINCT FROM sessions.utm_medium
  AND channels.utm_campaign IS NOT DISTINCT FROM sessions.utm_campaign;
