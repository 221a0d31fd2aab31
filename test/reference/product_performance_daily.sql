WITH sold AS (
  SELECT CAST(time AS DATE) AS date, product_name,
    sum(quantity) AS total_quantity_sold,
    sum(amount) AS total_revenue
  FROM line_items
  GROUP BY ALL
),
bought AS (
  SELECT CAST(time AS DATE) AS date, product_name,
    count(*) AS times_purchased,
    count(DISTINCT order_id) AS orders
  FROM ordered_lines
  GROUP BY ALL
),
-- One row per day, product and session.
cart_sessions AS (
  SELECT CAST(time AS DATE) AS date, product_name, session_id,
    count(*) AS times_added,
    sum(quantity) AS quantity_added,
    min(time) AS first_added
  FROM cart_adds
  GROUP BY ALL
),
-- A later line item of the session exists exactly if its last one is late enough.
purchases AS (
  SELECT product_name, coalesce(lines.session_id, orders.session_id) AS session_id,
    max(lines.time) AS last_bought
  FROM ordered_lines AS lines
  LEFT JOIN (FROM orders WHERE is_order) AS orders USING (order_id)
  GROUP BY ALL
),
added AS (
  SELECT date, product_name,
    sum(times_added) AS times_added_to_cart,
    sum(quantity_added) AS quantity_added_to_cart,
    count(session_id) AS cart_sessions,
    count(*) FILTER (last_bought >= first_added) AS purchased_cart_sessions
  FROM cart_sessions
  LEFT JOIN purchases USING (product_name, session_id)
  GROUP BY ALL
),
figures AS (
  SELECT date, product_name,
    coalesce(times_purchased, 0) AS times_purchased,
    coalesce(total_quantity_sold, 0) AS total_quantity_sold,
    coalesce(total_revenue, 0) AS total_revenue,
    coalesce(orders, 0) AS orders,
    coalesce(times_added_to_cart, 0) AS times_added_to_cart,
    coalesce(quantity_added_to_cart, 0) AS quantity_added_to_cart,
    coalesce(cart_sessions, 0) AS cart_sessions,
    coalesce(purchased_cart_sessions, 0) AS purchased_cart_sessions
  FROM sold
  LEFT JOIN bought USING (date, product_name)
  FULL JOIN added USING (date, product_name)
)
SELECT
  date,
  product_name,
  times_purchased,
  quantity_text(f.total_quantity_sold) AS total_quantity_sold,
  money(f.total_revenue) AS total_revenue,
  times_added_to_cart,
  percentage(times_purchased, times_added_to_cart) AS cart_to_purchase_rate,
  orders,
  quantity_text(f.quantity_added_to_cart) AS quantity_added_to_cart,
  ratio(f.total_revenue, f.total_quantity_sold) AS avg_unit_price,
  cart_sessions,
  purchased_cart_sessions,
  percentage(cart_sessions - purchased_cart_sessions, cart_sessions) AS cart_abandonment_rate
FROM figures AS f
ORDER BY f.date, f.total_revenue DESC, f.product_name
