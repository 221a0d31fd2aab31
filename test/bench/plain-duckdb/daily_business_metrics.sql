COPY (
  WITH dates AS (
    SELECT date FROM sessions UNION ALL SELECT date FROM orders UNION ALL SELECT date FROM line_items
  ),
  calendar AS (
    SELECT CAST(unnest(generate_series(min(date), max(date), INTERVAL 1 DAY)) AS DATE) AS date FROM dates
  ),
  session_days AS (
    SELECT date, count(*) AS total_sessions, count(DISTINCT user_id) AS total_users,
      count(o.session_id) AS converting_sessions
    FROM sessions LEFT JOIN session_orders AS o USING (session_id)
    GROUP BY date
  ),
  order_days AS (
    SELECT date, count(*) AS total_orders, sum(total_price) AS total_revenue,
      sum(discount) AS total_discount, sum(shipping_price) AS total_shipping,
      count(DISTINCT user_id) FILTER (has_purchase_last_year = 0) AS new_customers,
      count(DISTINCT user_id) FILTER (has_purchase_last_year = 1) AS repeat_customers,
      count(DISTINCT user_id) AS customers,
      count(*) FILTER (user_rank = 1) AS first_time_customers
    FROM orders LEFT JOIN users USING (user_id)
    GROUP BY date
  ),
  line_item_days AS (
    SELECT date, sum(amount) AS gross_sales, sum(product_qty) AS units_sold FROM line_items GROUP BY date
  )
  SELECT date,
    coalesce(o.total_revenue, 0) AS total_revenue,
    coalesce(o.total_orders, 0) AS total_orders,
    coalesce(s.total_sessions, 0) AS total_sessions,
    coalesce(s.total_users, 0) AS total_users,
    ratio(coalesce(o.total_orders, 0) * 100, s.total_sessions) AS conversion_rate,
    ratio(o.total_revenue, o.total_orders) AS avg_order_value,
    coalesce(o.new_customers, 0) AS new_customers,
    coalesce(o.repeat_customers, 0) AS repeat_customers,
    coalesce(l.gross_sales, 0) AS gross_sales,
    coalesce(o.total_discount, 0) AS total_discount,
    coalesce(o.total_shipping, 0) AS total_shipping,
    coalesce(l.units_sold, 0) AS units_sold,
    coalesce(s.converting_sessions, 0) AS converting_sessions,
    ratio(s.converting_sessions * 100, s.total_sessions) AS session_conversion_rate,
    coalesce(o.first_time_customers, 0) AS first_time_customers,
    coalesce(o.customers - o.first_time_customers, 0) AS returning_customers,
    ratio(coalesce(o.total_revenue, 0), s.total_sessions) AS revenue_per_session
  FROM calendar
  LEFT JOIN session_days AS s USING (date)
  LEFT JOIN order_days AS o USING (date)
  LEFT JOIN line_item_days AS l USING (date)
  ORDER BY date
) TO 'daily_business_metrics.csv' (HEADER);
