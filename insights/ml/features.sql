-- What is known about each customer as of each snapshot. DuckDB dialect, kept within what sqlglot can
-- transpile to a cluster engine. A fact counts only if it happened strictly before the snapshot.
-- Sums go through DECIMAL so that they do not depend on the order in which threads add them up.
WITH order_fact AS (
    SELECT
        s.as_of, o.customer_id, o.order_id, o.kind, o.occurred_at,
        CAST(o.amount AS DECIMAL(18, 4)) AS amount,
        (EPOCH(s.as_of) - EPOCH(o.occurred_at)) / 86400.0 AS age
    FROM orders AS o
    JOIN snapshots AS s ON o.occurred_at < s.as_of
),
order_summary AS (
    SELECT
        as_of, customer_id,
        COUNT(*) FILTER (WHERE kind = 'sale') AS orders_all,
        COUNT(*) FILTER (WHERE kind = 'sale' AND age <= 30) AS orders_30,
        COUNT(*) FILTER (WHERE kind = 'sale' AND age <= 90) AS orders_90,
        COUNT(*) FILTER (WHERE kind = 'sale' AND age <= 180) AS orders_180,
        COUNT(*) FILTER (WHERE kind = 'sale' AND age <= 365) AS orders_365,
        COUNT(*) FILTER (WHERE kind = 'sale' AND age > 275 AND age <= 365) AS orders_year_ago,
        CAST(SUM(amount) FILTER (WHERE kind = 'sale') AS DOUBLE) AS spend_all,
        CAST(SUM(amount) FILTER (WHERE kind = 'sale' AND age <= 30) AS DOUBLE) AS spend_30,
        CAST(SUM(amount) FILTER (WHERE kind = 'sale' AND age <= 90) AS DOUBLE) AS spend_90,
        CAST(SUM(amount) FILTER (WHERE kind = 'sale' AND age <= 180) AS DOUBLE) AS spend_180,
        CAST(SUM(amount) FILTER (WHERE kind = 'sale' AND age <= 365) AS DOUBLE) AS spend_365,
        CAST(SUM(amount) FILTER (WHERE kind = 'sale' AND age > 275 AND age <= 365) AS DOUBLE) AS spend_year_ago,
        CAST(MAX(amount) FILTER (WHERE kind = 'sale') AS DOUBLE) AS largest_order,
        MIN(age) FILTER (WHERE kind = 'sale') AS recency_days,
        MAX(age) FILTER (WHERE kind = 'sale') AS first_sale_days,
        COUNT(DISTINCT DATE_TRUNC('month', occurred_at)) FILTER (WHERE kind = 'sale') AS active_months,
        COUNT(*) FILTER (WHERE kind <> 'sale') AS returns_all,
        COUNT(*) FILTER (WHERE kind <> 'sale' AND age <= 90) AS returns_90,
        COUNT(*) FILTER (WHERE kind <> 'sale' AND age <= 365) AS returns_365,
        MIN(age) FILTER (WHERE kind <> 'sale') AS return_recency_days,
        CAST(SUM(-amount) FILTER (WHERE kind <> 'sale') AS DOUBLE) AS returned_amount
    FROM order_fact
    GROUP BY as_of, customer_id
),
last_order AS (
    SELECT as_of, customer_id, CAST(amount AS DOUBLE) AS last_order_amount
    FROM (
        SELECT
            as_of, customer_id, amount,
            ROW_NUMBER() OVER (PARTITION BY as_of, customer_id ORDER BY occurred_at DESC, order_id DESC) AS newest
        FROM order_fact
        WHERE kind = 'sale'
    ) AS ranked
    WHERE newest = 1
),
-- Several orders on one day are one visit to the shop: gaps are between days with a purchase.
purchase_day AS (
    SELECT DISTINCT as_of, customer_id, CAST(occurred_at AS DATE) AS day
    FROM order_fact
    WHERE kind = 'sale'
),
gap AS (
    SELECT
        as_of, customer_id, day,
        DATE_DIFF('day', LAG(day) OVER (PARTITION BY as_of, customer_id ORDER BY day), day) AS days
    FROM purchase_day
),
gap_summary AS (
    SELECT
        as_of, customer_id,
        COUNT(*) AS purchase_days,
        SUM(days) / CAST(COUNT(days) AS DOUBLE) AS gap_mean,
        MEDIAN(days) AS gap_median,
        MAX(days) AS gap_longest,
        MAX_BY(days, day) AS gap_last,
        CASE WHEN COUNT(days) > 0 THEN SQRT(GREATEST(0, SUM(days * days) / CAST(COUNT(days) AS DOUBLE)
            - (SUM(days) / CAST(COUNT(days) AS DOUBLE)) * (SUM(days) / CAST(COUNT(days) AS DOUBLE)))) END AS gap_spread
    FROM gap
    GROUP BY as_of, customer_id
),
-- Grouped by product first: what is counted of a customer afterwards are few rows, and nothing has to be told apart.
product_fact AS (
    SELECT
        s.as_of, l.customer_id, l.product_id, p.category,
        CAST(l.quantity AS DECIMAL(18, 4)) AS quantity,
        CAST(l.amount AS DECIMAL(18, 4)) AS amount,
        CASE WHEN l.quantity > 0 THEN l.amount / l.quantity END AS unit_price,
        (EPOCH(s.as_of) - EPOCH(l.occurred_at)) / 86400.0 AS age
    FROM lines AS l
    JOIN snapshots AS s ON l.occurred_at < s.as_of
    LEFT JOIN products AS p ON p.product_id = l.product_id
    WHERE l.kind = 'sale'
),
product_summary AS (
    SELECT
        as_of, customer_id, product_id, category,
        COUNT(*) AS lines,
        SUM(quantity) AS units,
        SUM(amount) AS paid,
        SUM(quantity) FILTER (WHERE age <= 90) AS units_90,
        SUM(amount) FILTER (WHERE age <= 90) AS paid_90,
        MAX(unit_price) AS dearest,
        MIN(age) AS youngest,
        MAX(age) AS oldest
    FROM product_fact
    GROUP BY as_of, customer_id, product_id, category
),
line_summary AS (
    SELECT
        as_of, customer_id,
        COUNT(product_id) AS products_all,
        COUNT(product_id) FILTER (WHERE youngest <= 90) AS products_90,
        COUNT(product_id) FILTER (WHERE oldest <= 90) AS new_products_90,
        COUNT(DISTINCT category) AS categories_all,
        COUNT(DISTINCT category) FILTER (WHERE youngest <= 90) AS categories_90,
        CAST(SUM(lines) AS DOUBLE) AS lines_all,
        CAST(SUM(units) AS DOUBLE) AS units_all,
        CAST(SUM(paid) AS DOUBLE) AS paid_all,
        CAST(SUM(units_90) AS DOUBLE) AS units_90,
        CAST(SUM(paid_90) AS DOUBLE) AS paid_90,
        CAST(SUM(CAST(CAST(units AS DOUBLE) * dearest AS DECIMAL(18, 4))) AS DOUBLE) AS dearest_all
    FROM product_summary
    GROUP BY as_of, customer_id
),
event_fact AS (
    SELECT
        s.as_of, e.customer_id, e.kind, CAST(e.occurred_at AS DATE) AS day,
        CAST(e.seconds AS DECIMAL(18, 2)) AS seconds,
        (EPOCH(s.as_of) - EPOCH(e.occurred_at)) / 86400.0 AS age
    FROM events AS e
    JOIN snapshots AS s ON e.occurred_at < s.as_of
    WHERE e.kind IN ('product_view', 'cart', 'search', 'page', 'page_view', 'view', 'visit', 'session')
),
-- A day with events in the shop is a visit; a word of the company's own (a newsletter opened) is none.
visit AS (
    SELECT
        as_of, customer_id, day,
        COUNT(*) FILTER (WHERE kind = 'product_view') AS views,
        COUNT(*) FILTER (WHERE kind = 'product_view' AND age <= 30) AS views_30,
        COUNT(*) FILTER (WHERE kind = 'product_view' AND age <= 90) AS views_90,
        COUNT(*) FILTER (WHERE kind = 'cart') AS carts,
        COUNT(*) FILTER (WHERE kind = 'cart' AND age <= 90) AS carts_90,
        COUNT(*) FILTER (WHERE kind = 'search' AND age <= 90) AS searches_90,
        SUM(seconds) FILTER (WHERE age <= 30) AS seconds_30,
        SUM(seconds) FILTER (WHERE age <= 90) AS seconds_90,
        MIN(age) AS age
    FROM event_fact
    GROUP BY as_of, customer_id, day
),
event_summary AS (
    SELECT
        v.as_of, v.customer_id,
        COUNT(*) FILTER (WHERE v.age <= 30) AS visits_30,
        COUNT(*) FILTER (WHERE v.age <= 90) AS visits_90,
        CAST(SUM(v.views_30) AS DOUBLE) AS views_30,
        CAST(SUM(v.views_90) AS DOUBLE) AS views_90,
        CAST(SUM(v.carts_90) AS DOUBLE) AS carts_90,
        CAST(SUM(v.searches_90) AS DOUBLE) AS searches_90,
        CAST(SUM(v.seconds_30) AS DOUBLE) AS seconds_30,
        CAST(SUM(v.seconds_90) AS DOUBLE) AS seconds_90,
        -- Looked, and has not bought since; the day of the last order itself does not count.
        CAST(SUM(v.views) FILTER (WHERE b.last_day IS NULL OR v.day > b.last_day) AS DOUBLE) AS views_since_order,
        CAST(SUM(v.carts) FILTER (WHERE b.last_day IS NULL OR v.day > b.last_day) AS DOUBLE) AS carts_since_order,
        MIN(v.age) AS visit_recency_days
    FROM visit AS v
    LEFT JOIN (
        SELECT as_of, customer_id, MAX(day) AS last_day FROM purchase_day GROUP BY as_of, customer_id
    ) AS b ON b.as_of = v.as_of AND b.customer_id = v.customer_id
    GROUP BY v.as_of, v.customer_id
),
-- What the customer said or we said to them; internal notes say nothing about the customer's mind.
interaction_fact AS (
    SELECT
        s.as_of, i.customer_id, i.channel, i.direction, i.rating, i.occurred_at,
        (EPOCH(s.as_of) - EPOCH(i.occurred_at)) / 86400.0 AS age
    FROM interactions AS i
    JOIN snapshots AS s ON i.occurred_at < s.as_of
    WHERE i.direction <> 'internal' AND i.channel <> 'note'
),
interaction_summary AS (
    SELECT
        as_of, customer_id,
        COUNT(*) FILTER (WHERE age <= 30) AS conversations_30,
        COUNT(*) FILTER (WHERE age <= 90) AS conversations_90,
        COUNT(*) FILTER (WHERE age <= 365) AS conversations_365,
        COUNT(*) FILTER (WHERE channel = 'complaint' AND age <= 30) AS complaints_30,
        COUNT(*) FILTER (WHERE channel = 'complaint' AND age <= 90) AS complaints_90,
        COUNT(*) FILTER (WHERE channel = 'complaint' AND age <= 365) AS complaints_365,
        MIN(age) FILTER (WHERE channel = 'complaint') AS complaint_recency_days,
        COUNT(*) FILTER (WHERE rating <= 2 AND age <= 365) AS low_ratings_365,
        SUM(rating) / CAST(COUNT(rating) AS DOUBLE) AS mean_rating,
        MAX_BY(rating, -age) FILTER (WHERE rating IS NOT NULL) AS last_rating
    FROM interaction_fact
    GROUP BY as_of, customer_id
),
-- How long a written message waited for the next word from us; at one moment the customer speaks first.
message AS (
    SELECT
        as_of, customer_id, direction, age,
        LEAD(direction) OVER (PARTITION BY as_of, customer_id ORDER BY occurred_at, direction) AS next_direction,
        LEAD(age) OVER (PARTITION BY as_of, customer_id ORDER BY occurred_at, direction) AS next_age
    FROM interaction_fact
    WHERE channel IN ('email', 'chat', 'social', 'complaint')
),
message_summary AS (
    SELECT
        as_of, customer_id,
        CAST(SUM(CAST((age - next_age) * 24.0 AS DECIMAL(18, 4))) FILTER (WHERE next_direction = 'out') AS DOUBLE)
            / NULLIF(COUNT(*) FILTER (WHERE next_direction = 'out'), 0) AS response_hours_365,
        COUNT(*) FILTER (WHERE next_direction IS NULL AND age <= 90) AS unanswered_90
    FROM message
    WHERE direction = 'in' AND age <= 365
    GROUP BY as_of, customer_id
),
-- What customers were unhappy about, as it was read out of their words. What has been said to them since a message
-- has answered it.
reply AS (
    SELECT as_of, customer_id, MAX(occurred_at) AS last_reply
    FROM interaction_fact
    WHERE direction = 'out'
    GROUP BY as_of, customer_id
),
reading_fact AS (
    SELECT
        s.as_of, r.customer_id, r.label, r.intent, r.topic,
        CAST(r.sentiment AS DECIMAL(18, 4)) AS sentiment,
        (EPOCH(s.as_of) - EPOCH(r.occurred_at)) / 86400.0 AS age,
        CASE WHEN a.last_reply > r.occurred_at THEN 1 ELSE 0 END AS answered
    FROM readings AS r
    JOIN snapshots AS s ON r.occurred_at < s.as_of
    LEFT JOIN reply AS a ON a.as_of = s.as_of AND a.customer_id = r.customer_id
),
reading_summary AS (
    SELECT
        as_of, customer_id,
        MAX_BY(sentiment, -age) FILTER (WHERE sentiment IS NOT NULL AND age <= 365) AS feeling_last,
        MIN(sentiment) FILTER (WHERE age <= 90) AS feeling_worst_90,
        CAST(SUM(sentiment) FILTER (WHERE age <= 90) AS DOUBLE)
            / NULLIF(COUNT(sentiment) FILTER (WHERE age <= 90), 0)
            - CAST(SUM(sentiment) FILTER (WHERE age > 90 AND age <= 365) AS DOUBLE)
            / NULLIF(COUNT(sentiment) FILTER (WHERE age > 90 AND age <= 365), 0) AS feeling_trend,
        COUNT(*) FILTER (WHERE label = 'negative' AND age <= 30) AS negative_30,
        COUNT(*) FILTER (WHERE label = 'negative' AND age <= 90) AS negative_90,
        COUNT(*) FILTER (WHERE label = 'negative' AND age <= 365) AS negative_365,
        COUNT(*) FILTER (WHERE label = 'negative' AND age <= 90 AND answered = 0) AS negative_unanswered_90,
        MIN(age) FILTER (WHERE label = 'negative' AND age <= 90 AND answered = 0) * 24.0 AS negative_waiting_hours,
        COUNT(*) FILTER (WHERE intent IN ('cancel', 'unsubscribe') AND age <= 90) AS cancelling_90
    FROM reading_fact
    GROUP BY as_of, customer_id
),
-- What most of the unhappy messages are about, and how many of them; of several the one spoken of last.
unhappy_about AS (
    SELECT as_of, customer_id, intent AS negative_reason, messages AS negative_reason_90
    FROM (
        SELECT
            as_of, customer_id, intent, COUNT(*) AS messages,
            ROW_NUMBER() OVER (
                PARTITION BY as_of, customer_id ORDER BY COUNT(*) DESC, MIN(age), intent
            ) AS place
        FROM reading_fact
        WHERE label = 'negative' AND age <= 90 AND intent NOT IN ('', 'other')
        GROUP BY as_of, customer_id, intent
    ) AS ranked
    WHERE place = 1
),
unhappy_topic AS (
    SELECT as_of, customer_id, CAST(topic AS VARCHAR) AS negative_topic
    FROM (
        SELECT
            as_of, customer_id, topic,
            ROW_NUMBER() OVER (
                PARTITION BY as_of, customer_id ORDER BY COUNT(*) DESC, MIN(age), topic
            ) AS place
        FROM reading_fact
        WHERE label = 'negative' AND age <= 90 AND topic IS NOT NULL
        GROUP BY as_of, customer_id, topic
    ) AS ranked
    WHERE place = 1
)
SELECT
    c.customer_id,
    s.as_of,
    c.kind AS customer_kind,
    c.country,
    c.language,
    CASE WHEN c.created_at < s.as_of
        THEN GREATEST((EPOCH(s.as_of) - EPOCH(c.created_at)) / 86400.0, COALESCE(o.first_sale_days, 0))
        ELSE o.first_sale_days END AS tenure_days,
    o.recency_days,
    o.first_sale_days,
    COALESCE(o.orders_all, 0) AS orders_all,
    COALESCE(o.orders_30, 0) AS orders_30,
    COALESCE(o.orders_90, 0) AS orders_90,
    COALESCE(o.orders_180, 0) AS orders_180,
    COALESCE(o.orders_365, 0) AS orders_365,
    COALESCE(o.orders_year_ago, 0) AS orders_year_ago,
    COALESCE(o.active_months, 0) AS active_months,
    COALESCE(o.spend_all, 0) AS spend_all,
    COALESCE(o.spend_30, 0) AS spend_30,
    COALESCE(o.spend_90, 0) AS spend_90,
    COALESCE(o.spend_180, 0) AS spend_180,
    COALESCE(o.spend_365, 0) AS spend_365,
    COALESCE(o.spend_year_ago, 0) AS spend_year_ago,
    o.spend_all / NULLIF(o.orders_all, 0) AS order_value,
    o.largest_order,
    n.last_order_amount,
    COALESCE(g.purchase_days, 0) AS purchase_days,
    g.gap_mean,
    g.gap_median,
    g.gap_longest,
    g.gap_spread,
    g.gap_last,
    g.gap_last / CAST(NULLIF(g.gap_median, 0) AS DOUBLE) AS gap_trend,
    o.recency_days / NULLIF(g.gap_median, 0) AS recency_over_gap,
    o.recency_days / NULLIF(g.gap_longest, 0) AS recency_over_longest,
    (2.0 * o.orders_90 - o.orders_180) / (o.orders_180 + 1.0) AS orders_trend,
    (2.0 * COALESCE(o.spend_90, 0) - o.spend_180) / NULLIF(o.spend_180, 0) AS spend_trend,
    n.last_order_amount * o.orders_all / NULLIF(o.spend_all, 0) AS basket_trend,
    COALESCE(l.products_all, 0) AS products_all,
    COALESCE(l.products_90, 0) AS products_90,
    COALESCE(l.new_products_90, 0) AS new_products_90,
    COALESCE(l.categories_all, 0) AS categories_all,
    COALESCE(l.categories_90, 0) AS categories_90,
    1.0 - l.products_all / NULLIF(l.lines_all, 0) AS repeat_share,
    l.lines_all / NULLIF(o.orders_all, 0) AS lines_per_order,
    l.units_all / NULLIF(o.orders_all, 0) AS units_per_order,
    l.paid_all / NULLIF(l.units_all, 0) AS unit_price,
    (l.paid_90 / NULLIF(l.units_90, 0)) / NULLIF(l.paid_all / NULLIF(l.units_all, 0), 0) AS price_trend,
    GREATEST(0.0, 1.0 - l.paid_all / NULLIF(l.dearest_all, 0)) AS discount_level,
    COALESCE(o.returns_all, 0) AS returns_all,
    COALESCE(o.returns_90, 0) AS returns_90,
    COALESCE(o.returns_365, 0) AS returns_365,
    o.return_recency_days,
    COALESCE(o.returned_amount, 0) / NULLIF(o.spend_all, 0) AS returned_share,
    COALESCE(e.visits_30, 0) AS visits_30,
    COALESCE(e.visits_90, 0) AS visits_90,
    COALESCE(e.views_30, 0) AS views_30,
    COALESCE(e.views_90, 0) AS views_90,
    COALESCE(e.carts_90, 0) AS carts_90,
    COALESCE(e.searches_90, 0) AS searches_90,
    COALESCE(e.views_since_order, 0) AS views_since_order,
    COALESCE(e.carts_since_order, 0) AS carts_since_order,
    COALESCE(e.seconds_30, 0) AS seconds_30,
    COALESCE(e.seconds_90, 0) AS seconds_90,
    e.seconds_90 / CAST(NULLIF(e.visits_90, 0) AS DOUBLE) AS seconds_per_visit,
    (3.0 * e.visits_30 - e.visits_90) / (e.visits_90 + 1.0) AS visits_trend,
    e.visit_recency_days,
    COALESCE(i.conversations_30, 0) AS conversations_30,
    COALESCE(i.conversations_90, 0) AS conversations_90,
    COALESCE(i.conversations_365, 0) AS conversations_365,
    COALESCE(i.complaints_30, 0) AS complaints_30,
    COALESCE(i.complaints_90, 0) AS complaints_90,
    COALESCE(i.complaints_365, 0) AS complaints_365,
    i.complaint_recency_days,
    COALESCE(i.low_ratings_365, 0) AS low_ratings_365,
    i.mean_rating,
    i.last_rating,
    m.response_hours_365,
    COALESCE(m.unanswered_90, 0) AS unanswered_90,
    CAST(v.feeling_last AS DOUBLE) AS feeling_last,
    CAST(v.feeling_worst_90 AS DOUBLE) AS feeling_worst_90,
    v.feeling_trend,
    COALESCE(v.negative_30, 0) AS negative_30,
    COALESCE(v.negative_90, 0) AS negative_90,
    COALESCE(v.negative_365, 0) AS negative_365,
    COALESCE(v.negative_unanswered_90, 0) AS negative_unanswered_90,
    v.negative_waiting_hours,
    COALESCE(v.cancelling_90, 0) AS cancelling_90,
    COALESCE(u.negative_reason_90, 0) AS negative_reason_90,
    u.negative_reason,
    w.negative_topic
FROM customers AS c
CROSS JOIN snapshots AS s
LEFT JOIN order_summary AS o ON o.as_of = s.as_of AND o.customer_id = c.customer_id
LEFT JOIN last_order AS n ON n.as_of = s.as_of AND n.customer_id = c.customer_id
LEFT JOIN gap_summary AS g ON g.as_of = s.as_of AND g.customer_id = c.customer_id
LEFT JOIN line_summary AS l ON l.as_of = s.as_of AND l.customer_id = c.customer_id
LEFT JOIN event_summary AS e ON e.as_of = s.as_of AND e.customer_id = c.customer_id
LEFT JOIN interaction_summary AS i ON i.as_of = s.as_of AND i.customer_id = c.customer_id
LEFT JOIN message_summary AS m ON m.as_of = s.as_of AND m.customer_id = c.customer_id
LEFT JOIN reading_summary AS v ON v.as_of = s.as_of AND v.customer_id = c.customer_id
LEFT JOIN unhappy_about AS u ON u.as_of = s.as_of AND u.customer_id = c.customer_id
LEFT JOIN unhappy_topic AS w ON w.as_of = s.as_of AND w.customer_id = c.customer_id
ORDER BY s.as_of, c.customer_id
