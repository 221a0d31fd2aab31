WITH views AS (
  SELECT session_id,
    count(*) AS pageviews,
    count(*) FILTER (is_product_view(path)) AS product_views,
    count(*) FILTER (is_checkout_view(path)) AS checkout_views
  FROM pageviews
  GROUP BY session_id
),
carts AS (
  SELECT session_id, min(time) AS first_time
  FROM cart_adds
  GROUP BY session_id
),
-- The greedy walk: each step's earliest time at or after the step before it.
reached_pageview AS (
  SELECT s.session_id, min(v.time) AS time
  FROM sessions AS s JOIN pageviews AS v ON v.session_id = s.session_id AND v.time >= s.time
  GROUP BY s.session_id
),
reached_product_view AS (
  SELECT s.session_id, min(v.time) AS time
  FROM reached_pageview AS s JOIN pageviews AS v ON v.session_id = s.session_id AND v.time >= s.time
  WHERE is_product_view(v.path)
  GROUP BY s.session_id
),
reached_add_to_cart AS (
  SELECT s.session_id, min(c.time) AS time
  FROM reached_product_view AS s JOIN cart_adds AS c ON c.session_id = s.session_id AND c.time >= s.time
  GROUP BY s.session_id
),
reached_order AS (
  SELECT s.session_id, min(o.time) AS time
  FROM reached_add_to_cart AS s JOIN orders AS o ON o.is_order AND o.session_id = s.session_id AND o.time >= s.time
  GROUP BY s.session_id
)
SELECT
  s.session_id,
  s.user_id,
  s.date,
  CAST(v.session_id IS NOT NULL AS INTEGER) AS had_pageview,
  CAST(coalesce(v.product_views, 0) > 0 AS INTEGER) AS had_product_view,
  CAST(c.session_id IS NOT NULL AS INTEGER) AS had_add_to_cart,
  CAST(o.session_id IS NOT NULL AS INTEGER) AS had_order,
  minutes_between(s.time, c.first_time) AS time_to_cart_minutes,
  minutes_between(s.time, o.first_time) AS time_to_order_minutes,
  CAST(coalesce(v.checkout_views, 0) > 0 AS INTEGER) AS had_checkout_view,
  coalesce(v.pageviews, 0) AS pageviews,
  CAST(v.pageviews = 1 AS INTEGER) AS is_bounce,
  CASE WHEN c.session_id IS NOT NULL THEN CAST(coalesce(o.last_time < c.first_time, true) AS INTEGER) END
    AS cart_abandoned,
  CASE
    WHEN o.session_id IS NOT NULL THEN 'order'
    WHEN v.checkout_views > 0 THEN 'checkout_view'
    WHEN c.session_id IS NOT NULL THEN 'add_to_cart'
    WHEN v.product_views > 0 THEN 'product_view'
    WHEN v.session_id IS NOT NULL THEN 'pageview'
    ELSE 'session'
  END AS furthest_step,
  CASE
    WHEN r4.session_id IS NOT NULL THEN 'order'
    WHEN r3.session_id IS NOT NULL THEN 'add_to_cart'
    WHEN r2.session_id IS NOT NULL THEN 'product_view'
    WHEN r1.session_id IS NOT NULL THEN 'pageview'
    ELSE 'session'
  END AS furthest_ordered_step,
  CAST(coalesce(c.first_time < s.time, false)
    OR coalesce(o.first_time < s.time, false)
    OR coalesce(o.first_time < c.first_time, false) AS INTEGER) AS out_of_order
FROM numbered_sessions AS s
LEFT JOIN views AS v ON v.session_id = s.session_id
LEFT JOIN carts AS c ON c.session_id = s.session_id
LEFT JOIN session_orders AS o ON o.session_id = s.session_id
LEFT JOIN reached_pageview AS r1 ON r1.session_id = s.session_id
LEFT JOIN reached_product_view AS r2 ON r2.session_id = s.session_id
LEFT JOIN reached_add_to_cart AS r3 ON r3.session_id = s.session_id
LEFT JOIN reached_order AS r4 ON r4.session_id = s.session_id
ORDER BY s.date, s.session_id
