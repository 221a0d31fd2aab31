COPY (
  -- The first page view at or after the start is no later than the first such product view.
  WITH views AS (
    SELECT session_id, count(*) AS pageviews,
      count(*) FILTER (is_product) AS product_views,
      count(*) FILTER (contains(path, '/checkout')) AS checkout_views,
      min(v.time) FILTER (v.time >= s.time) AS pageview_reached,
      min(v.time) FILTER (v.time >= s.time AND is_product) AS product_view_reached
    FROM (SELECT *, contains(path, '/product/') OR contains(path, '/products/') AS is_product FROM pageviews) AS v
    JOIN sessions AS s USING (session_id)
    GROUP BY session_id
  ),
  carts AS (
    SELECT session_id, min(c.time) AS first_time,
      min(c.time) FILTER (c.time >= product_view_reached) AS cart_reached
    FROM cart_adds AS c LEFT JOIN views USING (session_id)
    GROUP BY session_id
  ),
  reached_order AS (
    SELECT DISTINCT session_id FROM orders JOIN carts USING (session_id) WHERE orders.time >= cart_reached
  )
  SELECT s.session_id, s.user_id, s.date,
    CASE WHEN v.pageviews > 0 THEN 1 ELSE 0 END AS had_pageview,
    CASE WHEN v.product_views > 0 THEN 1 ELSE 0 END AS had_product_view,
    CASE WHEN c.session_id IS NULL THEN 0 ELSE 1 END AS had_add_to_cart,
    CASE WHEN o.session_id IS NULL THEN 0 ELSE 1 END AS had_order,
    CASE WHEN c.first_time >= s.time THEN ratio(epoch_ms(c.first_time) - epoch_ms(s.time), 60000) END
      AS time_to_cart_minutes,
    CASE WHEN o.first_time >= s.time THEN ratio(epoch_ms(o.first_time) - epoch_ms(s.time), 60000) END
      AS time_to_order_minutes,
    CASE WHEN v.checkout_views > 0 THEN 1 ELSE 0 END AS had_checkout_view,
    coalesce(v.pageviews, 0) AS pageviews,
    CASE WHEN v.pageviews = 1 THEN 1 WHEN v.pageviews > 1 THEN 0 END AS is_bounce,
    CASE WHEN o.last_time >= c.first_time THEN 0 WHEN c.session_id IS NOT NULL THEN 1 END AS cart_abandoned,
    CASE
      WHEN o.session_id IS NOT NULL THEN 'order'
      WHEN v.checkout_views > 0 THEN 'checkout_view'
      WHEN c.session_id IS NOT NULL THEN 'add_to_cart'
      WHEN v.product_views > 0 THEN 'product_view'
      WHEN v.pageviews > 0 THEN 'pageview'
      ELSE 'session'
    END AS furthest_step,
    CASE
      WHEN r.session_id IS NOT NULL THEN 'order'
      WHEN c.cart_reached IS NOT NULL THEN 'add_to_cart'
      WHEN v.product_view_reached IS NOT NULL THEN 'product_view'
      WHEN v.pageview_reached IS NOT NULL THEN 'pageview'
      ELSE 'session'
    END AS furthest_ordered_step,
    CASE WHEN c.first_time < s.time OR o.first_time < s.time OR o.first_time < c.first_time THEN 1 ELSE 0 END
      AS out_of_order
  FROM sessions AS s
  LEFT JOIN views AS v USING (session_id)
  LEFT JOIN carts AS c USING (session_id)
  LEFT JOIN session_orders AS o USING (session_id)
  LEFT JOIN reached_order AS r USING (session_id)
  ORDER BY s.date, s.session_id
) TO 'session_funnel.csv' (HEADER);
