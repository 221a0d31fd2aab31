-- The queries of this folder are what one writes by hand for clean exports: no check of a cell, no look for
-- duplicates, no account of rows, no rows for orders whose session is missing. Only the columns that are needed.
-- Rounding is exact all the same, or the tables could not be compared.

-- n ÷ d to two decimals, half away from zero, empty when d is 0; exact as long as n × 100 fits a double.
CREATE MACRO ratio(n, d) AS CAST(round(n * 100 / nullif(d, 0)) / 100 AS DECIMAL(18, 2));

CREATE TABLE users AS
SELECT user_id, has_purchase_last_year, has_purchase_last_qtr
FROM read_csv('user_table.csv');

CREATE TABLE orders AS
SELECT order_id, user_id, session_id, time, CAST(time AS DATE) AS date, total_price, shipping_price,
  coalesce(discount, 0) AS discount, discount_coupon_code,
  row_number() OVER (PARTITION BY user_id ORDER BY time, order_id) AS user_rank
FROM read_csv('order_table.csv', types = {
  total_price: 'DECIMAL(12, 2)', shipping_price: 'DECIMAL(12, 2)', discount: 'DECIMAL(12, 2)',
  discount_coupon_code: 'VARCHAR'
});

CREATE TABLE session_orders AS
SELECT session_id, count(*) AS order_count, sum(total_price) AS revenue,
  min(time) AS first_time, max(time) AS last_time, arg_min(order_id, (time, order_id)) AS first_order_id
FROM orders
GROUP BY session_id;

CREATE TABLE line_items AS
SELECT order_id, session_id, time, CAST(time AS DATE) AS date, product_name,
  product_qty, product_price * product_qty AS amount
FROM read_csv('order_line_item_table.csv', types = {product_price: 'DECIMAL(12, 2)', product_qty: 'INTEGER'});

CREATE TABLE cart_adds AS
SELECT session_id, time, CAST(time AS DATE) AS date, product_name, coalesce(product_qty, 1) AS quantity
FROM read_csv('add_to_cart_table.csv', types = {product_qty: 'INTEGER'});

CREATE TABLE pageviews AS
SELECT session_id, user_id, time, CAST(time AS DATE) AS date, path
FROM read_csv('pageview_table.csv');

CREATE TABLE sessions AS
WITH raw AS (
  SELECT session_id, user_id, time, CAST(time AS DATE) AS date, platform, device_type, country, landing_page,
    utm_source, utm_medium, utm_campaign,
    row_number() OVER (PARTITION BY user_id ORDER BY time, session_id) AS session_number
  FROM read_csv('session_table.csv')
),
campaigns AS (
  SELECT DISTINCT utm_source, utm_medium, utm_campaign,
    lower(coalesce(utm_source, '')) AS source,
    lower(coalesce(utm_medium, '')) AS medium,
    lower(coalesce(utm_campaign, '')) AS campaign,
    regexp_matches(medium, '^(.*cp.*|ppc|retargeting|paid.*)$') AS paid,
    regexp_matches(campaign, '^(.*(([^a-df-z]|^)shop|shopping).*)$') AS shop,
    CASE
      WHEN source IN ('google', 'bing', 'yahoo', 'duckduckgo', 'baidu', 'yandex', 'ecosia') THEN 'search'
      WHEN source IN ('facebook', 'instagram', 'twitter', 'x', 'tiktok', 'linkedin', 'pinterest', 'reddit',
                      'snapchat', 'whatsapp', 'threads') THEN 'social'
      WHEN source IN ('youtube', 'vimeo', 'twitch') THEN 'video'
      WHEN source IN ('amazon', 'ebay', 'etsy', 'walmart', 'shopping', 'google_shopping') THEN 'shopping'
      ELSE 'none'
    END AS category
  FROM raw
),
channels AS (
  SELECT utm_source, utm_medium, utm_campaign,
    CASE
      WHEN source IN ('', 'direct', '(direct)') AND medium IN ('', 'direct', 'none', '(none)', '(not set)')
        THEN 'Direct'
      WHEN contains(campaign, 'cross-network') THEN 'Cross-network'
      WHEN (category = 'shopping' OR shop) AND paid THEN 'Paid Shopping'
      WHEN category = 'search' AND paid THEN 'Paid Search'
      WHEN category = 'social' AND paid THEN 'Paid Social'
      WHEN category = 'video' AND paid THEN 'Paid Video'
      WHEN medium IN ('display', 'banner', 'expandable', 'interstitial', 'cpm') THEN 'Display'
      WHEN paid THEN 'Paid Other'
      WHEN category = 'shopping' OR shop THEN 'Organic Shopping'
      WHEN category = 'social' OR medium IN ('social', 'social-network', 'social-media', 'sm', 'social network',
                                             'social media') THEN 'Organic Social'
      WHEN category = 'video' OR contains(medium, 'video') THEN 'Organic Video'
      WHEN category = 'search' OR medium = 'organic' THEN 'Organic Search'
      WHEN medium IN ('referral', 'app', 'link') THEN 'Referral'
      WHEN source IN ('email', 'e-mail', 'e_mail', 'e mail', 'newsletter')
        OR medium IN ('email', 'e-mail', 'e_mail', 'e mail', 'newsletter') THEN 'Email'
      WHEN medium IN ('affiliate', 'affiliates') THEN 'Affiliates'
      WHEN medium = 'audio' THEN 'Audio'
      WHEN source = 'sms' OR medium = 'sms' THEN 'SMS'
      WHEN suffix(medium, 'push') OR contains(medium, 'mobile') OR contains(medium, 'notification')
        THEN 'Mobile Push'
      ELSE 'Unassigned'
    END AS channel_group
  FROM campaigns
)
SELECT raw.*, channel_group
FROM raw
JOIN channels
  ON channels.utm_source IS NOT DISTINCT FROM raw.utm_source
  AND channels.utm_medium IS NOT DISTINCT FROM raw.utm_medium
  AND channels.utm_campaign IS NOT DISTINCT FROM raw.utm_campaign;
