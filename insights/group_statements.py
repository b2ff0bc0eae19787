"""The SQL that keeps who moved between behaviour groups (see insights.statements)."""

# From group to group; who is scored for the first time arrives, but not on the very first day, when everybody does.
GROUP_MOVES = [
    """
INSERT INTO insights_groupmove (customer_id, day, group_before, group_after, by_new_model)
SELECT v.customer_id, %(today)s, s.cluster, {cluster}, COALESCE(s.segments_version, v.version_id) <> v.version_id
FROM insights_versionscore v LEFT JOIN customers_customerscore s ON s.customer_id = v.customer_id
WHERE v.version_id = %(version)s AND v.{scope} AND {cluster} IS NOT NULL
    AND (s.cluster <> {cluster} OR (COALESCE(s.segment, '') = '' AND %(first_day)s < %(today)s))
ORDER BY v.customer_id
ON CONFLICT (customer_id, day) DO UPDATE SET group_after = excluded.group_after,
    by_new_model = insights_groupmove.by_new_model OR excluded.by_new_model
""",
    """
INSERT INTO insights_groupmove (customer_id, day, group_before, group_after, by_new_model)
SELECT s.customer_id, %(today)s, s.cluster, NULL, s.segments_version <> %(version)s
FROM customers_customerscore s JOIN customers_customer c ON c.id = s.customer_id
WHERE s.{scope} AND s.cluster IS NOT NULL AND NOT c.profiling_refused AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = s.customer_id)
ORDER BY s.customer_id
ON CONFLICT (customer_id, day) DO UPDATE SET group_after = NULL
""",
]
