COPY (
  SELECT s.session_id, s.user_id, s.date,
    coalesce(s.utm_source, 'direct') AS utm_source,
    coalesce(s.utm_medium, 'direct') AS utm_medium,
    coalesce(s.utm_campaign, 'direct') AS utm_campaign,
    s.country, s.device_type, s.platform,
    CASE WHEN o.session_id IS NULL THEN 0 ELSE 1 END AS converted,
    coalesce(o.revenue, 0) AS revenue,
    o.first_order_id AS order_id,
    coalesce(o.order_count, 0) AS order_count,
    s.channel_group, s.landing_page, s.session_number,
    CASE WHEN o.first_time >= s.time THEN ratio(epoch_ms(o.first_time) - epoch_ms(s.time), 60000) END
      AS time_to_conversion_minutes
  FROM sessions AS s LEFT JOIN session_orders AS o USING (session_id)
  ORDER BY s.date, s.session_id
) TO 'session_attribution.csv' (HEADER);
