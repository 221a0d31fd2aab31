WITH people AS (
  SELECT user_id FROM users
  UNION
  SELECT coalesce(user_id, '(unknown)') FROM orders
),
order_history AS (
  SELECT coalesce(user_id, '(unknown)') AS user_id,
    min(date) FILTER (user_rank IS NOT NULL) AS first_order_date,
    max(date) FILTER (user_rank IS NOT NULL) AS last_order_date,
    max(date) FILTER (user_rank = 2) AS second_order_date,
    count(*) FILTER (is_order) AS total_orders,
    sum(total_price) AS total_revenue,
    sum(discount) AS total_discount
  FROM ranked_orders
  GROUP BY ALL
),
session_history AS (
  SELECT coalesce(user_id, '(unknown)') AS user_id,
    count(*) AS total_sessions,
    max(channel_group) FILTER (session_number = 1) AS first_touch_channel
  FROM numbered_sessions
  GROUP BY ALL
),
as_of AS (
  SELECT coalesce(
    CAST(getvariable('as_of') AS DATE),
    (SELECT max(date) FROM (SELECT date FROM numbered_sessions UNION ALL SELECT date FROM ranked_orders))
  ) AS date
),
figures AS (
  SELECT user_id, first_order_date, last_order_date, second_order_date,
    coalesce(total_orders, 0) AS total_orders,
    coalesce(total_revenue, 0) AS total_revenue,
    coalesce(total_discount, 0) AS total_discount,
    coalesce(total_sessions, 0) AS total_sessions,
    first_touch_channel, has_purchase_last_year, has_purchase_last_qtr,
    greatest(as_of.date - last_order_date, 0) AS days_since_last_order
  FROM people
  LEFT JOIN order_history USING (user_id)
  LEFT JOIN session_history USING (user_id)
  LEFT JOIN users USING (user_id)
  CROSS JOIN as_of
),
scored AS (
  SELECT *,
    CASE
      WHEN first_order_date IS NULL THEN NULL
      WHEN days_since_last_order <= 30 THEN 5
      WHEN days_since_last_order <= 90 THEN 4
      WHEN days_since_last_order <= 180 THEN 3
      WHEN days_since_last_order <= 365 THEN 2
      ELSE 1
    END AS recency,
    CASE
      WHEN first_order_date IS NULL THEN NULL
      WHEN total_orders >= 10 THEN 5
      WHEN total_orders >= 5 THEN 4
      WHEN total_orders >= 3 THEN 3
      ELSE total_orders
    END AS frequency,
    CASE
      WHEN first_order_date IS NULL THEN NULL
      WHEN total_revenue >= 1000 * 10000 THEN 5
      WHEN total_revenue >= 500 * 10000 THEN 4
      WHEN total_revenue >= 200 * 10000 THEN 3
      WHEN total_revenue >= 50 * 10000 THEN 2
      ELSE 1
    END AS monetary
  FROM figures
)
SELECT
  user_id,
  first_order_date,
  last_order_date,
  total_orders,
  money(f.total_revenue) AS total_revenue,
  mean_money(f.total_revenue, total_orders) AS avg_order_value,
  CASE WHEN first_order_date IS NOT NULL THEN days_since_last_order END AS days_since_last_order,
  recency AS rfm_recency_score,
  frequency AS rfm_frequency_score,
  monetary AS rfm_monetary_score,
  CAST(recency AS VARCHAR) || CAST(frequency AS VARCHAR) || CAST(monetary AS VARCHAR) AS rfm_score,
  CASE
    WHEN user_id = '(unknown)' THEN 'Unknown'
    WHEN total_orders = 0 THEN 'Prospect'
    WHEN recency >= 4 AND frequency >= 4 AND monetary >= 4 THEN 'Champion'
    WHEN recency >= 3 AND frequency >= 4 THEN 'Loyal Customer'
    WHEN recency >= 3 AND frequency >= 2 THEN 'Potential Loyalist'
    WHEN recency <= 2 AND frequency >= 3 THEN 'At Risk'
    WHEN recency = 1 THEN 'Lost'
    WHEN recency = 2 THEN 'Needs Attention'
    ELSE 'New Customer'
  END AS rfm_segment,
  has_purchase_last_year,
  has_purchase_last_qtr,
  money(f.total_discount) AS total_discount,
  total_sessions,
  CASE
    WHEN user_id = '(unknown)' THEN NULL
    WHEN total_orders = 0 THEN '0 orders'
    WHEN total_orders = 1 THEN '1 order'
    WHEN total_orders = 2 THEN '2 orders'
    WHEN total_orders <= 5 THEN '3-5 orders'
    WHEN total_orders <= 10 THEN '6-10 orders'
    ELSE '11+ orders'
  END AS purchase_frequency_bucket,
  second_order_date - first_order_date AS days_between_order_1_and_order_2,
  ratio(last_order_date - first_order_date, total_orders - 1) AS avg_days_between_orders,
  strftime(first_order_date, '%Y-%m') AS cohort_month,
  first_touch_channel
FROM scored AS f
ORDER BY f.total_revenue DESC, f.user_id
