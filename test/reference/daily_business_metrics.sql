WITH dated_line_items AS (
  SELECT CAST(time AS DATE) AS date, quantity, amount FROM line_items
),
dates AS (
  SELECT date FROM numbered_sessions
  UNION ALL SELECT date FROM ranked_orders
  UNION ALL SELECT date FROM dated_line_items
),
calendar AS (
  SELECT CAST(unnest(generate_series(min(date), max(date), INTERVAL 1 DAY)) AS DATE) AS date FROM dates
),
session_days AS (
  SELECT date,
    count(*) AS total_sessions,
    count(DISTINCT user_id) AS total_users,
    count(session_orders.session_id) AS converting_sessions
  FROM numbered_sessions
  LEFT JOIN session_orders USING (session_id)
  GROUP BY date
),
order_days AS (
  SELECT date,
    count(*) FILTER (is_order) AS total_orders,
    sum(total_price) AS total_revenue,
    sum(discount) AS total_discount,
    sum(shipping_price) AS total_shipping
  FROM ranked_orders
  GROUP BY date
),
-- One row per day and ordering user; the user's first order is that day exactly if the day holds rank 1.
buyers AS (
  SELECT date, user_id, min(user_rank) = 1 AS is_first_time
  FROM ranked_orders
  WHERE is_order AND user_id IS NOT NULL
  GROUP BY date, user_id
),
buyer_days AS (
  SELECT date,
    count(*) FILTER (has_purchase_last_year = 0) AS new_customers,
    count(*) FILTER (has_purchase_last_year = 1) AS repeat_customers,
    count(*) FILTER (is_first_time) AS first_time_customers,
    count(*) FILTER (NOT is_first_time) AS returning_customers
  FROM buyers
  LEFT JOIN users USING (user_id)
  GROUP BY date
),
line_item_days AS (
  SELECT date, sum(amount) AS gross_sales, sum(quantity) AS units_sold
  FROM dated_line_items
  GROUP BY date
),
figures AS (
  SELECT date,
    coalesce(total_revenue, 0) AS total_revenue,
    coalesce(total_orders, 0) AS total_orders,
    coalesce(total_sessions, 0) AS total_sessions,
    coalesce(total_users, 0) AS total_users,
    coalesce(new_customers, 0) AS new_customers,
    coalesce(repeat_customers, 0) AS repeat_customers,
    coalesce(gross_sales, 0) AS gross_sales,
    coalesce(total_discount, 0) AS total_discount,
    coalesce(total_shipping, 0) AS total_shipping,
    coalesce(units_sold, 0) AS units_sold,
    coalesce(converting_sessions, 0) AS converting_sessions,
    coalesce(first_time_customers, 0) AS first_time_customers,
    coalesce(returning_customers, 0) AS returning_customers
  FROM calendar
  LEFT JOIN session_days USING (date)
  LEFT JOIN order_days USING (date)
  LEFT JOIN buyer_days USING (date)
  LEFT JOIN line_item_days USING (date)
)
SELECT
  date,
  money(f.total_revenue) AS total_revenue,
  total_orders,
  total_sessions,
  total_users,
  percentage(total_orders, total_sessions) AS conversion_rate,
  mean_money(f.total_revenue, total_orders) AS avg_order_value,
  new_customers,
  repeat_customers,
  money(f.gross_sales) AS gross_sales,
  money(f.total_discount) AS total_discount,
  money(f.total_shipping) AS total_shipping,
  quantity_text(f.units_sold) AS units_sold,
  converting_sessions,
  percentage(converting_sessions, total_sessions) AS session_conversion_rate,
  first_time_customers,
  returning_customers,
  mean_money(f.total_revenue, total_sessions) AS revenue_per_session
FROM figures AS f
ORDER BY f.date
