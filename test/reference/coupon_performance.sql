WITH figures AS (
  SELECT date,
    coalesce(discount_coupon_code, 'NO_COUPON') AS discount_coupon_code,
    count(*) FILTER (is_order) AS usage_count,
    sum(discount) AS total_discount,
    sum(total_price) AS total_revenue,
    count(DISTINCT user_id) FILTER (is_order) AS customers,
    count(*) FILTER (user_rank = 1) AS first_time_orders
  FROM ranked_orders
  GROUP BY ALL
)
SELECT
  date,
  discount_coupon_code,
  usage_count,
  money(f.total_discount) AS total_discount_given,
  money(f.total_revenue) AS total_revenue,
  mean_money(f.total_revenue, usage_count) AS avg_order_value,
  percentage(f.total_discount, f.total_revenue) AS discount_percentage,
  customers,
  first_time_orders,
  percentage(first_time_orders, usage_count) AS first_time_order_rate,
  mean_money(f.total_discount, usage_count) AS avg_discount_per_order
FROM figures AS f
ORDER BY f.date, f.usage_count DESC, f.discount_coupon_code
