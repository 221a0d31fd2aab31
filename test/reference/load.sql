-- Typed tables from the views raw_<table> (every declared column, trimmed text, empty is NULL; see duckdb.ts).
-- Only the columns some aggregate table reads. rowid is file order.

CREATE TABLE users AS
SELECT
  user_id,
  to_flag(has_purchase_last_year) AS has_purchase_last_year,
  to_flag(has_purchase_last_qtr) AS has_purchase_last_qtr
FROM raw_user_table;

CREATE TABLE sessions AS
SELECT session_id, user_id, to_time(time) AS time, platform, device_type, country, landing_page,
  utm_source, utm_medium, utm_campaign
FROM raw_session_table;

CREATE TABLE orders AS
SELECT order_id, user_id, session_id, to_time(time) AS time,
  to_ten_thousandths(total_price) AS total_price,
  coalesce(to_ten_thousandths(shipping_price), 0) AS shipping_price,
  coalesce(to_ten_thousandths(discount), 0) AS discount,
  discount_coupon_code,
  is_order(to_ten_thousandths(total_price)) AS is_order,
  -- An order and a refund are never duplicates of one another.
  CASE WHEN is_order(to_ten_thousandths(total_price)) THEN order_id
    ELSE concat_ws(E'\x01', order_id, epoch_ms(to_time(time)), to_ten_thousandths(total_price))
  END AS dedupe_key
FROM raw_order_table;

CREATE TABLE line_items AS
SELECT event_id, session_id, order_id, to_time(time) AS time, product_name,
  to_ten_thousandths(product_qty) AS quantity,
  line_amount(to_ten_thousandths(product_price), to_ten_thousandths(product_qty)) AS amount
FROM raw_order_line_item_table;

CREATE TABLE cart_adds AS
SELECT event_id, session_id, to_time(time) AS time, product_name,
  coalesce(to_ten_thousandths(product_qty), 10000) AS quantity
FROM raw_add_to_cart_table;

CREATE TABLE pageviews AS
SELECT event_id, user_id, session_id, to_time(time) AS time, path
FROM raw_pageview_table;

CREATE TABLE scrolls AS
SELECT event_id, session_id, to_time(time) AS time, path, to_ten_thousandths(scroll_percent) AS scroll_percent
FROM raw_scroll_table;

CREATE TABLE clicks AS
SELECT event_id, to_time(time) AS time, path
FROM raw_click_table;
