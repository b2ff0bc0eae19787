-- What each customer did, and what was said to them, before each snapshot: everything of one kind on one day is one
-- event. DuckDB dialect, kept within what sqlglot can transpile. A fact counts only if it happened strictly before
-- the snapshot. {purchases} and {others}: how many of the latest events are kept.
-- A word of the company's own (a newsletter opened, points earned) is no visit to the shop.
-- Of several readings of one moment the worst holds, as of several ratings of one day.
WITH reading AS (
    SELECT customer_id, occurred_at, MIN(sentiment) AS feeling
    FROM readings
    GROUP BY customer_id, occurred_at
),
happened AS (
    SELECT
        s.as_of, o.customer_id,
        CASE WHEN o.kind = 'sale' THEN 'purchase' ELSE 'return' END AS kind,
        CAST(o.occurred_at AS DATE) AS day,
        MAX(o.occurred_at) AS at,
        SUM(CAST(ABS(o.amount) AS DECIMAL(18, 4))) AS size,
        COUNT(*) AS number,
        CAST(NULL AS DOUBLE) AS rating,
        CAST(NULL AS DOUBLE) AS feeling
    FROM orders AS o
    JOIN snapshots AS s ON o.occurred_at < s.as_of
    GROUP BY
        s.as_of, o.customer_id, CASE WHEN o.kind = 'sale' THEN 'purchase' ELSE 'return' END,
        CAST(o.occurred_at AS DATE)
    UNION ALL
    SELECT
        s.as_of, e.customer_id,
        CASE WHEN e.kind IN ('product_view', 'cart', 'search') THEN e.kind
            WHEN e.kind IN ('page', 'page_view', 'view', 'visit', 'session') THEN 'visit' ELSE 'other' END AS kind,
        CAST(e.occurred_at AS DATE) AS day,
        MAX(e.occurred_at) AS at,
        SUM(CAST(e.seconds AS DECIMAL(18, 4))) AS size,
        COUNT(*) AS number,
        CAST(NULL AS DOUBLE) AS rating,
        CAST(NULL AS DOUBLE) AS feeling
    FROM events AS e
    JOIN snapshots AS s ON e.occurred_at < s.as_of
    GROUP BY
        s.as_of, e.customer_id,
        CASE WHEN e.kind IN ('product_view', 'cart', 'search') THEN e.kind
            WHEN e.kind IN ('page', 'page_view', 'view', 'visit', 'session') THEN 'visit' ELSE 'other' END,
        CAST(e.occurred_at AS DATE)
    UNION ALL
    SELECT
        s.as_of, i.customer_id,
        CASE WHEN i.channel = 'complaint' THEN 'complaint' WHEN i.direction = 'in' THEN 'said' ELSE 'told' END AS kind,
        CAST(i.occurred_at AS DATE) AS day,
        MAX(i.occurred_at) AS at,
        CAST(NULL AS DECIMAL(18, 4)) AS size,
        COUNT(*) AS number,
        MIN(i.rating) AS rating,
        MIN(r.feeling) AS feeling
    FROM interactions AS i
    JOIN snapshots AS s ON i.occurred_at < s.as_of
    LEFT JOIN reading AS r
        ON r.customer_id = i.customer_id AND r.occurred_at = i.occurred_at AND i.direction = 'in'
    WHERE i.direction <> 'internal' AND i.channel <> 'note'
    GROUP BY
        s.as_of, i.customer_id,
        CASE WHEN i.channel = 'complaint' THEN 'complaint' WHEN i.direction = 'in' THEN 'said' ELSE 'told' END,
        CAST(i.occurred_at AS DATE)
)
SELECT
    as_of, customer_id, kind, day, CAST(size AS DOUBLE) AS size, CAST(number AS DOUBLE) AS number, rating, feeling,
    (EPOCH(as_of) - EPOCH(at)) / 86400.0 AS days
FROM (
    SELECT
        as_of, customer_id, kind, day, at, size, number, rating, feeling,
        ROW_NUMBER() OVER (
            PARTITION BY as_of, customer_id, CASE WHEN kind = 'purchase' THEN 1 ELSE 0 END ORDER BY at DESC, kind
        ) AS newest
    FROM happened
) AS ranked
WHERE newest <= CASE WHEN kind = 'purchase' THEN {purchases} ELSE {others} END
ORDER BY as_of, customer_id, at, kind
