COPY (
  WITH people AS (SELECT user_id FROM users UNION SELECT user_id FROM orders),
  history AS (
    SELECT user_id, min(date) AS first_date, max(date) AS last_date, count(*) AS order_count,
      sum(total_price) AS revenue, sum(discount) AS discount, max(date) FILTER (user_rank = 2) AS second_date
    FROM orders
    GROUP BY user_id
  ),
  visits AS (
    SELECT user_id, count(*) AS session_count, max(channel_group) FILTER (session_number = 1) AS first_channel
    FROM sessions
    GROUP BY user_id
  ),
  as_of AS (
    SELECT max(date) AS as_of_date FROM (SELECT date FROM sessions UNION ALL SELECT date FROM orders)
  ),
  scored AS (
    SELECT *, as_of_date - last_date AS days,
      CASE WHEN days <= 30 THEN 5 WHEN days <= 90 THEN 4 WHEN days <= 180 THEN 3 WHEN days <= 365 THEN 2
        WHEN days IS NOT NULL THEN 1 END AS r,
      CASE WHEN order_count >= 10 THEN 5 WHEN order_count >= 5 THEN 4 WHEN order_count >= 3 THEN 3
        ELSE order_count END AS f,
      CASE WHEN revenue >= 1000 THEN 5 WHEN revenue >= 500 THEN 4 WHEN revenue >= 200 THEN 3
        WHEN revenue >= 50 THEN 2 WHEN revenue IS NOT NULL THEN 1 END AS m
    FROM people
    LEFT JOIN history USING (user_id)
    LEFT JOIN visits USING (user_id)
    LEFT JOIN users USING (user_id)
    CROSS JOIN as_of
  )
  SELECT user_id,
    first_date AS first_order_date,
    last_date AS last_order_date,
    coalesce(order_count, 0) AS total_orders,
    coalesce(revenue, 0) AS total_revenue,
    ratio(revenue, order_count) AS avg_order_value,
    days AS days_since_last_order,
    r AS rfm_recency_score,
    f AS rfm_frequency_score,
    m AS rfm_monetary_score,
    CAST(r AS VARCHAR) || f || m AS rfm_score,
    CASE
      WHEN order_count IS NULL THEN 'Prospect'
      WHEN r >= 4 AND f >= 4 AND m >= 4 THEN 'Champion'
      WHEN r >= 3 AND f >= 4 THEN 'Loyal Customer'
      WHEN r >= 3 AND f >= 2 THEN 'Potential Loyalist'
      WHEN r <= 2 AND f >= 3 THEN 'At Risk'
      WHEN r = 1 THEN 'Lost'
      WHEN r = 2 THEN 'Needs Attention'
      ELSE 'New Customer'
    END AS rfm_segment,
    has_purchase_last_year,
    has_purchase_last_qtr,
    coalesce(discount, 0) AS total_discount,
    coalesce(session_count, 0) AS total_sessions,
    CASE
      WHEN order_count IS NULL THEN '0 orders'
      WHEN order_count = 1 THEN '1 order'
      WHEN order_count = 2 THEN '2 orders'
      WHEN order_count <= 5 THEN '3-5 orders'
      WHEN order_count <= 10 THEN '6-10 orders'
      ELSE '11+ orders'
    END AS purchase_frequency_bucket,
    second_date - first_date AS days_between_order_1_and_order_2,
    ratio(last_date - first_date, order_count - 1) AS avg_days_between_orders,
    strftime(first_date, '%Y-%m') AS cohort_month,
    first_channel AS first_touch_channel
  FROM scored
  ORDER BY coalesce(revenue, 0) DESC, user_id
) TO 'user_lifetime_metrics.csv' (HEADER);
