"""The SQL that brings what a version says about value onto the customers (see insights.statements).

Two models say when a customer orders again, and on one page they must not contradict each other. The published churn
risk is the chance of no order within its horizon (usually 90 days), so 1 - risk is that of an order, and it stands.
More time cannot make an order less likely, so the chance of an order

- within 30 days is at most 1 - risk, where the horizon is 30 days or longer;
- within 12 months is at least 1 - risk, where the horizon is not longer than that, and at least that of 30 days.

Where the risk is of another kind (a label) or not known, it bounds nothing. What the version said is kept as it was,
so that a bound goes again with the risk that set it: whichever of the two is published, both chances are made anew.
"""

# What a version says about value, and what the columns are on PostgreSQL.
OUTLOOK = {
    **dict.fromkeys(("spend_90", "spend_90_low", "spend_90_high"), "DOUBLE PRECISION"),
    **dict.fromkeys(("spend_365", "spend_365_low", "spend_365_high"), "DOUBLE PRECISION"),
    **dict.fromkeys(("stays_365", "usual_gap", "within_30"), "DOUBLE PRECISION"),
    **dict.fromkeys(("next_from", "next_on", "next_to"), "DATE"),
}
# The figure people sort by stands on the score itself.
BESIDE = [name for name in OUTLOOK if name != "spend_365"]

# s: the customer's published score, if there is one.
HORIZON = "(SELECT MAX(published_horizon_days) FROM customers_company)"
WITHIN_30 = f"{{least}}({{within_30}}, CASE WHEN {HORIZON} >= 30 THEN COALESCE(1 - s.churn_risk, 1) ELSE 1 END)"
STAYS_365 = (
    f"{{greatest}}({{stays_365}}, {WITHIN_30},"
    f" CASE WHEN {HORIZON} <= 365 THEN COALESCE(1 - s.churn_risk, 0) ELSE 0 END)"
)
RECONCILED = {"within_30": WITHIN_30, "stays_365": STAYS_365}

# After the risks have changed.
RECONCILE = f"""
UPDATE customers_outlook SET within_30 = r.within_30, stays_365 = r.stays_365
FROM (
    SELECT v.customer_id, {WITHIN_30} AS within_30, {STAYS_365} AS stays_365
    FROM insights_modelversion m JOIN insights_versionscore v ON v.version_id = m.id AND v.{{scope}}
    LEFT JOIN customers_customerscore s ON s.customer_id = v.customer_id
    WHERE m.kind = 'value' AND m.is_champion
) r
WHERE r.customer_id = customers_outlook.customer_id
    AND (r.within_30 <> customers_outlook.within_30 OR r.stays_365 <> customers_outlook.stays_365)
"""

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
SELECT v.customer_id, {", ".join(RECONCILED.get(name, f"{{{name}}}") for name in BESIDE)}
FROM insights_versionscore v LEFT JOIN customers_customerscore s ON s.customer_id = v.customer_id
WHERE v.version_id = %(version)s AND v.{{scope}} ORDER BY v.customer_id
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
