COPY (
  WITH sold AS (
    SELECT date, product_name, count(*) AS times_purchased, sum(product_qty) AS total_quantity_sold,
      sum(amount) AS total_revenue, count(DISTINCT order_id) AS orders
    FROM line_items
    GROUP BY date, product_name
  ),
  -- A line item of the session that is late enough exists exactly if its last one is.
  bought AS (
    SELECT product_name, coalesce(line_items.session_id, orders.session_id) AS session_id,
      max(line_items.time) AS last_bought
    FROM line_items LEFT JOIN orders USING (order_id)
    GROUP BY ALL
  ),
  session_carts AS (
    SELECT date, product_name, session_id, count(*) AS times_added, sum(quantity) AS quantity_added,
      min(time) AS first_added
    FROM cart_adds
    GROUP BY ALL
  ),
  added AS (
    SELECT date, product_name, sum(times_added) AS times_added_to_cart,
      sum(quantity_added) AS quantity_added_to_cart, count(*) AS cart_sessions,
      count(*) FILTER (last_bought >= first_added) AS purchased_cart_sessions
    FROM session_carts LEFT JOIN bought USING (product_name, session_id)
    GROUP BY date, product_name
  )
  SELECT date, product_name,
    coalesce(times_purchased, 0) AS times_purchased,
    coalesce(total_quantity_sold, 0) AS total_quantity_sold,
    coalesce(total_revenue, 0) AS total_revenue,
    coalesce(times_added_to_cart, 0) AS times_added_to_cart,
    ratio(coalesce(sold.times_purchased, 0) * 100, added.times_added_to_cart) AS cart_to_purchase_rate,
    coalesce(orders, 0) AS orders,
    coalesce(quantity_added_to_cart, 0) AS quantity_added_to_cart,
    ratio(sold.total_revenue, sold.total_quantity_sold) AS avg_unit_price,
    coalesce(cart_sessions, 0) AS cart_sessions,
    coalesce(purchased_cart_sessions, 0) AS purchased_cart_sessions,
    ratio((added.cart_sessions - added.purchased_cart_sessions) * 100, added.cart_sessions)
      AS cart_abandonment_rate
  FROM sold FULL JOIN added USING (date, product_name)
  ORDER BY date, coalesce(sold.total_revenue, 0) DESC, product_name
) TO 'product_performance_daily.csv' (HEADER);
