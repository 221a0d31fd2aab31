-- Shared rules of SPEC sections 1, 2 and 4. Money and percents are whole ten-thousandths; no DOUBLE anywhere.

-- Cells ------------------------------------------------------------------------------------------------------
CREATE MACRO cell(raw) AS nullif(trim(raw, E' \t'), '');

CREATE MACRO to_flag(text) AS CASE
  WHEN lower(text) IN ('1', '1.0', 'true') THEN 1
  WHEN lower(text) IN ('0', '0.0', 'false') THEN 0
END;

-- DuckDB's text to DECIMAL cast is exact and rounds half away from zero at the last digit kept.
CREATE MACRO to_ten_thousandths(text) AS CAST(CAST(text AS DECIMAL(18, 4)) * 10000 AS BIGINT);

-- DuckDB's own cast to TIMESTAMP drops an offset, so it is read apart. The shop's timezone is UTC here.
CREATE MACRO local_time(text) AS CAST(
  regexp_extract(text, '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?') AS TIMESTAMP);

-- +05:30, +0530 or +05 in minutes.
CREATE MACRO offset_minutes(text) AS
  CASE WHEN contains(text, '-') THEN -1 ELSE 1 END
  * (CAST(text[2:3] AS INTEGER) * 60 + CASE WHEN length(text) > 3 THEN CAST(text[-2:] AS INTEGER) ELSE 0 END);

CREATE MACRO to_time(text) AS CASE
  WHEN length(text) = 10 OR (length(text) = 19 AND text[17] = ':') THEN CAST(text AS TIMESTAMP)
  WHEN regexp_matches(text, '^.{10}[T ][0-9:.]+ ?[+-]') THEN
    local_time(text) - to_minutes(offset_minutes(regexp_extract(text, '[+-][0-9:]+$')))
  ELSE local_time(text)
END;

-- Exact rounding, half away from zero ------------------------------------------------------------------------
-- Whole hundredths of numerator / denominator, NULL when the denominator is 0.
CREATE MACRO hundredths(numerator, denominator) AS CASE
  WHEN denominator <> 0 THEN
    CASE WHEN (numerator < 0) = (denominator < 0) THEN 1 ELSE -1 END
    * ((abs(CAST(numerator AS HUGEINT)) * 200 + abs(CAST(denominator AS HUGEINT)))
       // (abs(CAST(denominator AS HUGEINT)) * 2))
END;

-- Price × quantity, all three in ten-thousandths.
CREATE MACRO line_amount(price, quantity) AS
  sign(price) * sign(quantity)
  * ((abs(CAST(price AS HUGEINT)) * abs(quantity) * 2 + 10000) // 20000);

CREATE MACRO two_decimals(whole_hundredths) AS
  CASE WHEN whole_hundredths < 0 THEN '-' ELSE '' END
  || CAST(abs(whole_hundredths) // 100 AS VARCHAR)
  || '.' || lpad(CAST(abs(whole_hundredths) % 100 AS VARCHAR), 2, '0');

CREATE MACRO ratio(numerator, denominator) AS two_decimals(hundredths(numerator, denominator));
CREATE MACRO percentage(part, whole) AS ratio(CAST(part AS HUGEINT) * 100, whole);
CREATE MACRO money(ten_thousandths) AS ratio(ten_thousandths, 10000);
-- A whole number, or as many decimals as it takes.
CREATE MACRO quantity_text(ten_thousandths) AS
  CASE WHEN ten_thousandths < 0 THEN '-' ELSE '' END
  || CAST(abs(ten_thousandths) // 10000 AS VARCHAR)
  || CASE WHEN abs(ten_thousandths) % 10000 = 0 THEN ''
     ELSE '.' || rtrim(lpad(CAST(abs(ten_thousandths) % 10000 AS VARCHAR), 4, '0'), '0') END;
CREATE MACRO mean_money(ten_thousandths, how_many) AS ratio(ten_thousandths, CAST(how_many AS HUGEINT) * 10000);
CREATE MACRO minutes_between(earlier, later) AS
  CASE WHEN later >= earlier THEN ratio(epoch_ms(later) - epoch_ms(earlier), 60000) END;

-- Refunds are told from orders by their amount, unless the shop counts them as orders.
CREATE MACRO is_order(amount) AS amount >= 0 OR getvariable('negative_orders') = 'order';

-- Output cells -----------------------------------------------------------------------------------------------
CREATE MACRO formula_safe(text) AS CASE
  WHEN regexp_matches(text, '^[=@\r\n]') THEN '''' || text
  WHEN regexp_matches(text, '^[+-]') AND NOT regexp_matches(text, '^[+-][A-Za-z0-9_.:-]*$') THEN '''' || text
  ELSE text
END;

CREATE MACRO csv_quoted(text) AS CASE
  WHEN regexp_matches(text, '[,"\r\n]') THEN '"' || replace(text, '"', '""') || '"'
  ELSE text
END;

CREATE MACRO csv_cell(text) AS coalesce(csv_quoted(formula_safe(text)), '');

-- Page rules with their defaults -----------------------------------------------------------------------------
CREATE MACRO is_product_view(path) AS contains(path, '/product/') OR contains(path, '/products/');
CREATE MACRO is_checkout_view(path) AS contains(path, '/checkout');
CREATE MACRO time_on_page_cap_ms() AS 1800 * 1000;

-- Channel group (section 4) ----------------------------------------------------------------------------------
CREATE MACRO ascii_lower(text) AS
  translate(text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');

CREATE MACRO source_label(source) AS CASE
  WHEN NOT contains(source, '.') THEN source
  WHEN regexp_matches(source, '(^|\.)(co|com|org|net|gov|edu|ac|ne|or|go)\.[a-z][a-z]$')
    THEN coalesce(string_split(source, '.')[-3], '')
  ELSE string_split(source, '.')[-2]
END;

CREATE MACRO label_category(label) AS CASE
  WHEN label IN ('google', 'bing', 'yahoo', 'duckduckgo', 'baidu', 'yandex', 'ecosia') THEN 'search'
  WHEN label IN ('facebook', 'instagram', 'twitter', 'x', 'tiktok', 'linkedin', 'pinterest', 'reddit', 'snapchat',
                 'whatsapp', 'threads') THEN 'social'
  WHEN label IN ('youtube', 'vimeo', 'twitch') THEN 'video'
  WHEN label IN ('amazon', 'ebay', 'etsy', 'walmart', 'shopping', 'google_shopping') THEN 'shopping'
  ELSE 'none'
END;

-- [^\n] and not a dot: which line ends a dot leaves out differs between engines.
CREATE MACRO is_paid_medium(medium) AS
  regexp_matches(medium, '^([^\n]*cp[^\n]*|ppc|retargeting|paid[^\n]*)$');
CREATE MACRO is_shop_campaign(campaign) AS
  regexp_matches(campaign, '^([^\n]*(([^a-df-z]|^)shop|shopping)[^\n]*)$');

-- All arguments lower-cased and without NULL.
CREATE MACRO channel_group(source, medium, campaign, category, paid, shopping) AS CASE
  WHEN source IN ('', 'direct', '(direct)') AND medium IN ('', 'direct', 'none', '(none)', '(not set)') THEN 'Direct'
  WHEN contains(campaign, 'cross-network') THEN 'Cross-network'
  WHEN shopping AND paid THEN 'Paid Shopping'
  WHEN category = 'search' AND paid THEN 'Paid Search'
  WHEN category = 'social' AND paid THEN 'Paid Social'
  WHEN category = 'video' AND paid THEN 'Paid Video'
  WHEN medium IN ('display', 'banner', 'expandable', 'interstitial', 'cpm') THEN 'Display'
  WHEN paid THEN 'Paid Other'
  WHEN shopping THEN 'Organic Shopping'
  WHEN category = 'social'
    OR medium IN ('social', 'social-network', 'social-media', 'sm', 'social network', 'social media')
    THEN 'Organic Social'
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
END;
