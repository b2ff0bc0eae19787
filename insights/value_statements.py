"""The SQL that brings what a version says about value onto the customers (see insights.statements)."""

# What a version says about value, and what the columns are on PostgreSQL.
OUTLOOK = {
    **dict.fromkeys(("spend_90", "spend_90_low", "spend_90_high"), "DOUBLE PRECISION"),
    **dict.fromkeys(("spend_365", "spend_365_low", "spend_365_high"), "DOUBLE PRECISION"),
    **dict.fromkeys(("stays_365", "usual_gap", "within_30"), "DOUBLE PRECISION"),
    **dict.fromkeys(("next_from", "next_on", "next_to"), "DATE"),
}
# The figure people sort by stands on the score itself.
BESIDE = [name for name in OUTLOOK if name != "spend_365"]

VALUE = [
    # Once a month is enough to be held against the ninety days that follow.
    """
INSERT INTO insights_predictionledger (kind, customer_id, day, version, score, label)
SELECT %(kind)s, v.customer_id, {day}, v.version_id, {spend_90}, ''
FROM insights_versionscore v WHERE v.version_id = %(version)s AND v.{scope} AND NOT EXISTS (
    SELECT 1 FROM insights_predictionledger l
    WHERE l.kind = %(kind)s AND l.customer_id = v.customer_id AND l.day >= {month_before})
ORDER BY v.customer_id ON CONFLICT DO NOTHING
""",
    """
INSERT INTO customers_customerscore (
    customer_id, expected_value, value_scored_at, value_version, segment, segment_before, churn_reason)
SELECT v.customer_id, {spend_365}, v.scored_at, v.version_id, '', '', ''
FROM insights_versionscore v WHERE v.version_id = %(version)s AND {scope} ORDER BY v.customer_id
ON CONFLICT (customer_id) DO UPDATE SET expected_value = excluded.expected_value,
    value_scored_at = excluded.value_scored_at, value_version = excluded.value_version
""",
    f"""
INSERT INTO customers_outlook (customer_id, {", ".join(BESIDE)})
SELECT v.customer_id, {", ".join(f"{{{name}}}" for name in BESIDE)}
FROM insights_versionscore v WHERE v.version_id = %(version)s AND {{scope}} ORDER BY v.customer_id
ON CONFLICT (customer_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in BESIDE)}
""",
    """
UPDATE customers_customerscore SET expected_value = NULL, value_scored_at = NULL, value_version = NULL
WHERE {scope} AND value_version IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = customers_customerscore.customer_id)
""",
    """
DELETE FROM customers_outlook WHERE {scope} AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = customers_outlook.customer_id)
""",
]
