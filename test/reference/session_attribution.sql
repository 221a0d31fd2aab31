WITH known AS (
  SELECT
    s.session_id, s.user_id, s.date,
    coalesce(s.utm_source, 'direct') AS utm_source,
    coalesce(s.utm_medium, 'direct') AS utm_medium,
    coalesce(s.utm_campaign, 'direct') AS utm_campaign,
    s.country, s.device_type, s.platform,
    CAST(coalesce(o.order_count, 0) > 0 AS INTEGER) AS converted,
    coalesce(o.revenue, 0) AS revenue,
    o.first_order_id AS order_id,
    coalesce(o.order_count, 0) AS order_count,
    s.channel_group, s.landing_page, s.session_number,
    minutes_between(s.time, o.first_time) AS time_to_conversion_minutes
  FROM numbered_sessions AS s
  LEFT JOIN visit_orders AS o ON o.visit_id = s.session_id
),
only_from_orders AS (
  SELECT
    o.visit_id AS session_id, o.first_user_id AS user_id, o.first_date AS date,
    '(unattributed)' AS utm_source, '(unattributed)' AS utm_medium, '(unattributed)' AS utm_campaign,
    NULL AS country, NULL AS device_type, NULL AS platform,
    CAST(o.order_count > 0 AS INTEGER) AS converted, o.revenue, o.first_order_id AS order_id, o.order_count,
    '(unattributed)' AS channel_group, NULL AS landing_page, NULL AS session_number,
    NULL AS time_to_conversion_minutes
  FROM visit_orders AS o
  ANTI JOIN sessions ON sessions.session_id = o.visit_id
),
figures AS (SELECT * FROM known UNION ALL SELECT * FROM only_from_orders)
SELECT * REPLACE (money(f.revenue) AS revenue)
FROM figures AS f
ORDER BY f.date, f.session_id
