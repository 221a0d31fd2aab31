"""The seven tables as a pandas script computes them: clean exports, no checks, binary floats.

python3 pandas_script.py <raw folder> <output folder>
"""

import sys
from pathlib import Path

import pandas as pd

raw_folder, output_folder = map(Path, sys.argv[1:3])
output_folder.mkdir(parents=True, exist_ok=True)


def read(name, columns):
    dates = ["time"] if "time" in columns else []
    ids = {c: str for c in columns if c.endswith("_id") or c in ("path", "country")}
    frame = pd.read_csv(
        raw_folder / f"{name}.csv", usecols=columns, dtype=ids, parse_dates=dates, keep_default_na=False, na_values=[""]
    )
    if dates:
        frame["date"] = frame["time"].dt.normalize()
    return frame


def ratio(part, whole):
    return (part / whole.where(whole != 0)).round(2)


def minutes(later, earlier):
    gap = (later - earlier).dt.total_seconds() / 60
    return gap.where(gap >= 0).round(2)


def write(frame, name, columns):
    frame[columns].to_csv(output_folder / f"{name}.csv", index=False, date_format="%Y-%m-%d")


users = read("user_table", ["user_id", "has_purchase_last_year", "has_purchase_last_qtr"])
sessions = read(
    "session_table",
    ["session_id", "user_id", "time", "platform", "device_type", "country", "landing_page"]
    + ["utm_source", "utm_medium", "utm_campaign"],
)
orders = read(
    "order_table",
    ["order_id", "user_id", "session_id", "time", "total_price", "shipping_price", "discount", "discount_coupon_code"],
)
items = read(
    "order_line_item_table",
    ["event_id", "session_id", "order_id", "time", "product_name", "product_price", "product_qty"],
)
carts = read("add_to_cart_table", ["session_id", "time", "product_name", "product_qty"])
views = read("pageview_table", ["session_id", "user_id", "time", "path"])
scrolls = read("scroll_table", ["session_id", "time", "scroll_percent", "path"])
clicks = read("click_table", ["time", "path"])

# What several tables need

orders["discount"] = orders["discount"].fillna(0)
orders = orders.sort_values(["user_id", "time", "order_id"])
orders["user_rank"] = orders.groupby("user_id").cumcount() + 1
items["amount"] = items["product_price"] * items["product_qty"]
carts["product_qty"] = carts["product_qty"].fillna(1)

sessions = sessions.sort_values(["user_id", "time", "session_id"])
sessions["session_number"] = sessions.groupby("user_id").cumcount() + 1

SEARCH = ["google", "bing", "yahoo", "duckduckgo", "baidu", "yandex", "ecosia"]
SOCIAL = ["facebook", "instagram", "twitter", "x", "tiktok", "linkedin", "pinterest", "reddit", "snapchat", "whatsapp"]
SOCIAL += ["threads"]
VIDEO = ["youtube", "vimeo", "twitch"]
SHOPPING = ["amazon", "ebay", "etsy", "walmart", "shopping", "google_shopping"]
MAIL = ["email", "e-mail", "e_mail", "e mail", "newsletter"]


def channel_group(source, medium, campaign):
    paid = "cp" in medium or medium in ("ppc", "retargeting") or medium.startswith("paid")
    shopping = source in SHOPPING or "shop" in campaign
    if source in ("", "direct", "(direct)") and medium in ("", "direct", "none", "(none)", "(not set)"):
        return "Direct"
    if "cross-network" in campaign:
        return "Cross-network"
    if paid and shopping:
        return "Paid Shopping"
    for sources, name in ((SEARCH, "Paid Search"), (SOCIAL, "Paid Social"), (VIDEO, "Paid Video")):
        if paid and source in sources:
            return name
    if medium in ("display", "banner", "expandable", "interstitial", "cpm"):
        return "Display"
    if paid:
        return "Paid Other"
    if shopping:
        return "Organic Shopping"
    if source in SOCIAL or medium in ("social", "social-network", "social-media", "sm"):
        return "Organic Social"
    if source in VIDEO or "video" in medium:
        return "Organic Video"
    if source in SEARCH or medium == "organic":
        return "Organic Search"
    if medium in ("referral", "app", "link"):
        return "Referral"
    if source in MAIL or medium in MAIL:
        return "Email"
    if medium in ("affiliate", "affiliates"):
        return "Affiliates"
    if medium == "audio":
        return "Audio"
    if "sms" in (source, medium):
        return "SMS"
    if medium.endswith("push") or "mobile" in medium or "notification" in medium:
        return "Mobile Push"
    return "Unassigned"


utm = ["utm_source", "utm_medium", "utm_campaign"]
campaigns = sessions[utm].drop_duplicates()
campaigns["channel_group"] = [channel_group(*map(str.lower, row)) for row in campaigns.fillna("").to_numpy()]
sessions = sessions.merge(campaigns, on=utm, how="left")

session_orders = (
    orders.sort_values(["session_id", "time", "order_id"])
    .groupby("session_id")
    .agg(
        order_count=("order_id", "size"),
        revenue=("total_price", "sum"),
        first_order_id=("order_id", "first"),
        first_order=("time", "min"),
        last_order=("time", "max"),
    )
    .reset_index()
)

# daily_business_metrics

buyers = orders.merge(users, on="user_id", how="left")
by_day = orders.groupby("date")
with_orders = sessions["session_id"].isin(session_orders["session_id"])
days = pd.date_range(
    min(frame["date"].min() for frame in (sessions, orders, items)),
    max(frame["date"].max() for frame in (sessions, orders, items)),
)
daily = pd.DataFrame(index=days)
daily["total_revenue"] = by_day["total_price"].sum().round(2)
daily["total_orders"] = by_day.size()
daily["total_sessions"] = sessions.groupby("date").size()
daily["total_users"] = sessions.groupby("date")["user_id"].nunique()
daily["new_customers"] = buyers[buyers["has_purchase_last_year"] == 0].groupby("date")["user_id"].nunique()
daily["repeat_customers"] = buyers[buyers["has_purchase_last_year"] == 1].groupby("date")["user_id"].nunique()
daily["gross_sales"] = items.groupby("date")["amount"].sum().round(2)
daily["total_discount"] = by_day["discount"].sum().round(2)
daily["total_shipping"] = by_day["shipping_price"].sum().round(2)
daily["units_sold"] = items.groupby("date")["product_qty"].sum()
daily["converting_sessions"] = sessions[with_orders].groupby("date").size()
daily["first_time_customers"] = orders[orders["user_rank"] == 1].groupby("date").size()
daily["returning_customers"] = by_day["user_id"].nunique()
daily = daily.fillna(0)
daily["returning_customers"] -= daily["first_time_customers"]
daily["conversion_rate"] = ratio(daily["total_orders"] * 100, daily["total_sessions"])
daily["avg_order_value"] = ratio(daily["total_revenue"], daily["total_orders"])
daily["session_conversion_rate"] = ratio(daily["converting_sessions"] * 100, daily["total_sessions"])
daily["revenue_per_session"] = ratio(daily["total_revenue"], daily["total_sessions"])
write(
    daily.rename_axis("date").reset_index(),
    "daily_business_metrics",
    ["date", "total_revenue", "total_orders", "total_sessions", "total_users", "conversion_rate", "avg_order_value"]
    + ["new_customers", "repeat_customers", "gross_sales", "total_discount", "total_shipping", "units_sold"]
    + ["converting_sessions", "session_conversion_rate", "first_time_customers", "returning_customers"]
    + ["revenue_per_session"],
)

# session_attribution

attribution = sessions.merge(session_orders, on="session_id", how="left").sort_values(["date", "session_id"])
attribution[utm] = attribution[utm].fillna("direct")
attribution["converted"] = attribution["order_count"].notna().astype(int)
attribution["order_id"] = attribution["first_order_id"]
attribution["order_count"] = attribution["order_count"].fillna(0)
attribution["revenue"] = attribution["revenue"].fillna(0).round(2)
attribution["time_to_conversion_minutes"] = minutes(attribution["first_order"], attribution["time"])
write(
    attribution,
    "session_attribution",
    ["session_id", "user_id", "date", *utm, "country", "device_type", "platform", "converted", "revenue", "order_id"]
    + ["order_count", "channel_group", "landing_page", "session_number", "time_to_conversion_minutes"],
)

# session_funnel

views["is_product"] = views["path"].str.contains("/product/|/products/")
views["is_checkout"] = views["path"].str.contains("/checkout", regex=False)
started = sessions[["session_id", "time"]].rename(columns={"time": "start"})
after_start = views.merge(started, on="session_id")
after_start = after_start[after_start["time"] >= after_start["start"]]
view_reached = after_start.groupby("session_id")["time"].min().rename("view_reached")
product_reached = after_start[after_start["is_product"]].groupby("session_id")["time"].min().rename("product_reached")
later_carts = carts.merge(product_reached, on="session_id")
later_carts = later_carts[later_carts["time"] >= later_carts["product_reached"]]
cart_reached = later_carts.groupby("session_id")["time"].min().rename("cart_reached")
later_orders = orders.merge(cart_reached, on="session_id")
later_orders = later_orders[later_orders["time"] >= later_orders["cart_reached"]]
order_reached = later_orders.groupby("session_id")["time"].min().rename("order_reached")
seen = views.groupby("session_id").agg(
    pageviews=("path", "size"), product_views=("is_product", "sum"), checkout_views=("is_checkout", "sum")
)
first_cart = carts.groupby("session_id")["time"].min().rename("first_cart")
funnel = sessions[["session_id", "user_id", "date", "time"]]
for part in (seen, first_cart, session_orders.set_index("session_id")[["first_order", "last_order"]]):
    funnel = funnel.merge(part, on="session_id", how="left")
for part in (view_reached, product_reached, cart_reached, order_reached):
    funnel = funnel.merge(part, on="session_id", how="left")
funnel[list(seen)] = funnel[list(seen)].fillna(0).astype(int)
funnel["had_pageview"] = (funnel["pageviews"] > 0).astype(int)
funnel["had_product_view"] = (funnel["product_views"] > 0).astype(int)
funnel["had_checkout_view"] = (funnel["checkout_views"] > 0).astype(int)
funnel["had_add_to_cart"] = funnel["first_cart"].notna().astype(int)
funnel["had_order"] = funnel["first_order"].notna().astype(int)
funnel["time_to_cart_minutes"] = minutes(funnel["first_cart"], funnel["time"])
funnel["time_to_order_minutes"] = minutes(funnel["first_order"], funnel["time"])
funnel["is_bounce"] = (funnel["pageviews"] == 1).astype("Int64").where(funnel["pageviews"] > 0)
kept = (funnel["last_order"] >= funnel["first_cart"]).astype("Int64")
funnel["cart_abandoned"] = (1 - kept).where(funnel["first_cart"].notna())
funnel["furthest_step"] = "session"
for step, flag in [
    ("pageview", "had_pageview"),
    ("product_view", "had_product_view"),
    ("add_to_cart", "had_add_to_cart"),
    ("checkout_view", "had_checkout_view"),
    ("order", "had_order"),
]:
    funnel.loc[funnel[flag] == 1, "furthest_step"] = step
funnel["furthest_ordered_step"] = "session"
for step, time in [
    ("pageview", "view_reached"),
    ("product_view", "product_reached"),
    ("add_to_cart", "cart_reached"),
    ("order", "order_reached"),
]:
    funnel.loc[funnel[time].notna(), "furthest_ordered_step"] = step
funnel["out_of_order"] = (
    (funnel["first_cart"] < funnel["time"])
    | (funnel["first_order"] < funnel["time"])
    | (funnel["first_order"] < funnel["first_cart"])
).astype(int)
write(
    funnel.sort_values(["date", "session_id"]),
    "session_funnel",
    ["session_id", "user_id", "date", "had_pageview", "had_product_view", "had_add_to_cart", "had_order"]
    + ["time_to_cart_minutes", "time_to_order_minutes", "had_checkout_view", "pageviews", "is_bounce"]
    + ["cart_abandoned", "furthest_step", "furthest_ordered_step", "out_of_order"],
)

# product_performance_daily

key = ["date", "product_name"]
sold = items.groupby(key).agg(
    times_purchased=("event_id", "size"),
    total_quantity_sold=("product_qty", "sum"),
    total_revenue=("amount", "sum"),
    orders=("order_id", "nunique"),
)
bought = items.merge(orders[["order_id", "session_id"]], on="order_id", how="left", suffixes=("", "_of_order"))
bought["session_id"] = bought["session_id"].fillna(bought["session_id_of_order"])
bought = bought.groupby(["product_name", "session_id"])["time"].max().rename("last_bought").reset_index()
cart_sessions = carts.groupby([*key, "session_id"]).agg(
    times_added=("time", "size"), pieces=("product_qty", "sum"), first_added=("time", "min")
)
cart_sessions = cart_sessions.reset_index().merge(bought, on=["product_name", "session_id"], how="left")
cart_sessions["is_purchased"] = cart_sessions["last_bought"] >= cart_sessions["first_added"]
added = cart_sessions.groupby(key).agg(
    times_added_to_cart=("times_added", "sum"),
    quantity_added_to_cart=("pieces", "sum"),
    cart_sessions=("session_id", "size"),
    purchased_cart_sessions=("is_purchased", "sum"),
)
products = sold.join(added, how="outer").fillna(0).reset_index()
products["total_revenue"] = products["total_revenue"].round(2)
products["cart_to_purchase_rate"] = ratio(products["times_purchased"] * 100, products["times_added_to_cart"])
products["avg_unit_price"] = ratio(products["total_revenue"], products["total_quantity_sold"])
left = products["cart_sessions"] - products["purchased_cart_sessions"]
products["cart_abandonment_rate"] = ratio(left * 100, products["cart_sessions"])
write(
    products.sort_values(["date", "total_revenue", "product_name"], ascending=[True, False, True]),
    "product_performance_daily",
    [*key, "times_purchased", "total_quantity_sold", "total_revenue", "times_added_to_cart", "cart_to_purchase_rate"]
    + ["orders", "quantity_added_to_cart", "avg_unit_price", "cart_sessions", "purchased_cart_sessions"]
    + ["cart_abandonment_rate"],
)

# user_lifetime_metrics

history = orders.groupby("user_id").agg(
    first_order_date=("date", "min"),
    last_order_date=("date", "max"),
    total_orders=("order_id", "size"),
    total_revenue=("total_price", "sum"),
    total_discount=("discount", "sum"),
)
history["second_date"] = orders[orders["user_rank"] == 2].set_index("user_id")["date"]
visits = sessions.groupby("user_id").size().rename("total_sessions")
touch = sessions[sessions["session_number"] == 1].set_index("user_id")["channel_group"].rename("first_touch_channel")
people = users.merge(history.reset_index(), on="user_id", how="outer")
people = people.merge(visits, on="user_id", how="left").merge(touch, on="user_id", how="left")
sums = ["total_orders", "total_revenue", "total_discount", "total_sessions"]
people[sums] = people[sums].fillna(0)
people["total_revenue"] = people["total_revenue"].round(2)
people["total_discount"] = people["total_discount"].round(2)
as_of = max(sessions["date"].max(), orders["date"].max())
people["avg_order_value"] = ratio(people["total_revenue"], people["total_orders"])
people["days_since_last_order"] = (as_of - people["last_order_date"]).dt.days
has_orders = people["total_orders"] > 0


def score(column, limits, labels):
    return pd.cut(people[column].where(has_orders), limits, labels=labels, right=column.startswith("days")).astype(
        "Int64"
    )


inf = float("inf")
r = people["rfm_recency_score"] = score("days_since_last_order", [-1, 30, 90, 180, 365, inf], [5, 4, 3, 2, 1])
f = people["rfm_frequency_score"] = score("total_orders", [1, 2, 3, 5, 10, inf], [1, 2, 3, 4, 5])
m = people["rfm_monetary_score"] = score("total_revenue", [-inf, 50, 200, 500, 1000, inf], [1, 2, 3, 4, 5])
people["rfm_score"] = r * 100 + f * 10 + m
people["rfm_segment"] = "New Customer"
for segment, fits in reversed(
    [
        ("Prospect", ~has_orders),
        ("Champion", (r >= 4) & (f >= 4) & (m >= 4)),
        ("Loyal Customer", (r >= 3) & (f >= 4)),
        ("Potential Loyalist", (r >= 3) & (f >= 2)),
        ("At Risk", (r <= 2) & (f >= 3)),
        ("Lost", r == 1),
        ("Needs Attention", r == 2),
    ]
):
    people.loc[fits.fillna(False).astype(bool), "rfm_segment"] = segment
people["purchase_frequency_bucket"] = pd.cut(
    people["total_orders"],
    [-1, 0, 1, 2, 5, 10, inf],
    labels=["0 orders", "1 order", "2 orders", "3-5 orders", "6-10 orders", "11+ orders"],
)
people["days_between_order_1_and_order_2"] = (people["second_date"] - people["first_order_date"]).dt.days
span = (people["last_order_date"] - people["first_order_date"]).dt.days
people["avg_days_between_orders"] = ratio(span, people["total_orders"] - 1)
people["cohort_month"] = people["first_order_date"].dt.strftime("%Y-%m")
write(
    people.sort_values(["total_revenue", "user_id"], ascending=[False, True]),
    "user_lifetime_metrics",
    ["user_id", "first_order_date", "last_order_date", "total_orders", "total_revenue", "avg_order_value"]
    + ["days_since_last_order", "rfm_recency_score", "rfm_frequency_score", "rfm_monetary_score", "rfm_score"]
    + ["rfm_segment", "has_purchase_last_year", "has_purchase_last_qtr", "total_discount", "total_sessions"]
    + ["purchase_frequency_bucket", "days_between_order_1_and_order_2", "avg_days_between_orders", "cohort_month"]
    + ["first_touch_channel"],
)

# page_engagement_metrics

key = ["date", "path"]
views = views.sort_values(["session_id", "time", "path"])
visit = views.groupby("session_id")["time"]
views["is_first"] = visit.shift(1).isna()
views["is_last"] = visit.shift(-1).isna()
views["is_bounce"] = views["is_first"] & views["is_last"]
views["stayed"] = (visit.shift(-1) - views["time"]).dt.total_seconds().clip(upper=1800)
pages = views.groupby(key).agg(
    pageviews=("time", "size"),
    unique_users=("user_id", "nunique"),
    sessions_with_page=("session_id", "nunique"),
    entrances=("is_first", "sum"),
    exits=("is_last", "sum"),
    bounces=("is_bounce", "sum"),
    avg_time_on_page_seconds=("stayed", "mean"),
)
depth = scrolls.groupby(key)["scroll_percent"].mean().rename("avg_scroll_depth")
deepest = scrolls.groupby([*key, "session_id"])["scroll_percent"].max()
deepest = deepest.groupby(key).mean().rename("avg_max_scroll_depth")
clicked = clicks.groupby(key).size().rename("total_clicks")
pages = pages.join([depth, deepest, clicked], how="outer").reset_index()
counts = ["pageviews", "unique_users", "sessions_with_page", "total_clicks", "entrances", "exits", "bounces"]
pages[counts] = pages[counts].fillna(0)
means = ["avg_scroll_depth", "avg_max_scroll_depth", "avg_time_on_page_seconds"]
pages[means] = pages[means].round(2)
pages["bounce_rate"] = ratio(pages["bounces"] * 100, pages["entrances"])
pages["exit_rate"] = ratio(pages["exits"] * 100, pages["pageviews"])
write(
    pages.sort_values(["date", "pageviews", "path"], ascending=[True, False, True]),
    "page_engagement_metrics",
    [*key, "pageviews", "unique_users", "sessions_with_page", "avg_scroll_depth", "total_clicks", "entrances"]
    + ["exits", "bounces", "bounce_rate", "exit_rate", "avg_max_scroll_depth", "avg_time_on_page_seconds"],
)

# coupon_performance

orders["discount_coupon_code"] = orders["discount_coupon_code"].fillna("NO_COUPON")
orders["is_first"] = orders["user_rank"] == 1
coupons = (
    orders.groupby(["date", "discount_coupon_code"])
    .agg(
        usage_count=("order_id", "size"),
        total_discount_given=("discount", "sum"),
        total_revenue=("total_price", "sum"),
        customers=("user_id", "nunique"),
        first_time_orders=("is_first", "sum"),
    )
    .round(2)
    .reset_index()
)
coupons["avg_order_value"] = ratio(coupons["total_revenue"], coupons["usage_count"])
coupons["discount_percentage"] = ratio(coupons["total_discount_given"] * 100, coupons["total_revenue"])
coupons["first_time_order_rate"] = ratio(coupons["first_time_orders"] * 100, coupons["usage_count"])
coupons["avg_discount_per_order"] = ratio(coupons["total_discount_given"], coupons["usage_count"])
write(
    coupons.sort_values(["date", "usage_count", "discount_coupon_code"], ascending=[True, False, True]),
    "coupon_performance",
    ["date", "discount_coupon_code", "usage_count", "total_discount_given", "total_revenue", "avg_order_value"]
    + ["discount_percentage", "customers", "first_time_orders", "first_time_order_rate", "avg_discount_per_order"],
)
