-- Which products each event was about, those with the most money (or the most looks) first. {products}: how many of
-- them are kept. What happened at or after the event's snapshot is no part of it.
WITH about AS (
    SELECT t.event, l.product_id, SUM(CAST(ABS(l.amount) AS DECIMAL(18, 4))) AS weight
    FROM lines AS l
    JOIN told AS t
        ON t.customer_id = l.customer_id AND t.day = CAST(l.occurred_at AS DATE) AND l.occurred_at < t.as_of
        AND t.kind = CASE WHEN l.kind = 'sale' THEN 'purchase' ELSE 'return' END
    WHERE l.product_id IS NOT NULL AND (l.kind <> 'sale' OR COALESCE(l.quantity, 1) > 0)
    GROUP BY t.event, l.product_id
    UNION ALL
    SELECT t.event, e.product_id, CAST(COUNT(*) AS DECIMAL(18, 4)) AS weight
    FROM events AS e
    JOIN told AS t
        ON t.customer_id = e.customer_id AND t.day = CAST(e.occurred_at AS DATE) AND e.occurred_at < t.as_of
        AND t.kind = e.kind
    WHERE e.product_id IS NOT NULL
    GROUP BY t.event, e.product_id
)
SELECT r.event, r.place, r.product_id, p.category
FROM (
    SELECT
        event, product_id,
        ROW_NUMBER() OVER (PARTITION BY event ORDER BY weight DESC, product_id) AS place
    FROM about
) AS r
LEFT JOIN products AS p ON p.product_id = r.product_id
WHERE r.place <= {products}
ORDER BY r.event, r.place
