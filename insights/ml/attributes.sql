-- The value of each custom attribute that was valid at each snapshot (long form).
SELECT as_of, customer_id, name, type, text, number
FROM (
    SELECT
        s.as_of, a.customer_id, a.name, a.type, a.text, a.number,
        ROW_NUMBER() OVER (
            PARTITION BY s.as_of, a.customer_id, a.name
            ORDER BY a.valid_from DESC NULLS LAST
        ) AS newest
    FROM attributes AS a
    JOIN snapshots AS s ON a.valid_from IS NULL OR a.valid_from < s.as_of
) AS valid
WHERE newest = 1
ORDER BY as_of, customer_id, name
