COPY (
  SELECT date,
    coalesce(o.discount_coupon_code, 'NO_COUPON') AS discount_coupon_code,
    count(*) AS usage_count,
    sum(discount) AS total_discount_given,
    sum(total_price) AS total_revenue,
    ratio(sum(total_price), count(*)) AS avg_order_value,
    ratio(sum(discount) * 100, sum(total_price)) AS discount_percentage,
    count(DISTINCT user_id) AS customers,
    count(*) FILTER (user_rank = 1) AS first_time_orders,
    ratio(count(*) FILTER (user_rank = 1) * 100, count(*)) AS first_time_order_rate,
    ratio(sum(discount), count(*)) AS avg_discount_per_order
  FROM orders AS o
  GROUP BY ALL
  ORDER BY date, usage_count DESC, discount_coupon_code
) TO 'coupon_performance.csv' (HEADER);
