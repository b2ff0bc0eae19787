"""The SQL of insights.publishing, for both engines.

``{scope}`` is a condition on customer_id. Rows are written in the order of their customers, so that two
transactions that meet wait for each other instead of blocking each other.
"""

from django.db import connection

from insights import behaviour_statements, risk_statements
from insights.behaviour_statements import BEHAVIOUR
from insights.group_statements import GROUP_MOVES
from insights.models import Kind
from insights.value_statements import OUTLOOK, RECONCILE, VALUE


def in_list(name: str) -> str:
    """A condition on many keys that are one parameter (JSON for SQLite, an array for PostgreSQL)."""
    if connection.vendor == "sqlite":
        return f"IN (SELECT value FROM json_each(%({name})s))"
    return f"= ANY(%({name})s)"


WORDS = {
    "postgresql": {
        "each": "jsonb_each(CAST(%(answers)s AS jsonb))",
        "risk": "CAST(v.\"values\" ->> 'risk' AS DOUBLE PRECISION)",
        "top": "v.\"values\" ->> 'top'",
        "why": "v.\"values\" -> 'why'",
        "segment": "v.\"values\" ->> 'segment'",
        "recency": "CAST(v.\"values\" ->> 'recency_band' AS INTEGER)",
        "frequency": "CAST(v.\"values\" ->> 'frequency_band' AS INTEGER)",
        "monetary": "CAST(v.\"values\" ->> 'monetary_band' AS INTEGER)",
        "cluster": "CAST(v.\"values\" ->> 'cluster' AS INTEGER)",
        "items": """CROSS JOIN LATERAL jsonb_to_recordset(v."values" -> 'items')
            AS i(rank integer, product bigint, score double precision, why text, because bigint, facts jsonb)""",
        "first_product": "CAST(v.\"values\" #>> '{items,0,product}' AS BIGINT)",
        "first_score": "CAST(v.\"values\" #>> '{items,0,score}' AS DOUBLE PRECISION)",
        "rank": "i.rank",
        "product": "i.product",
        "score": "i.score",
        "item_why": "i.why",
        "because": "i.because",
        "facts": "i.facts",
        "how_many": "jsonb_array_length(v.\"values\" -> 'items')",
        "day": "CAST(v.scored_at AT TIME ZONE 'UTC' AS DATE)",
        "day_before": "CAST(customers_customerscore.churn_scored_at AT TIME ZONE 'UTC' AS DATE)",
        "day_now": "CAST(excluded.churn_scored_at AT TIME ZONE 'UTC' AS DATE)",
        "differs": "IS DISTINCT FROM",
        **{name: f"CAST(v.\"values\" ->> '{name}' AS {kind})" for name, kind in OUTLOOK.items()},
        "least": "LEAST",
        "greatest": "GREATEST",
        "month_before": "CAST(v.scored_at AT TIME ZONE 'UTC' AS DATE) - 27",
        **behaviour_statements.WORDS["postgresql"],
        **risk_statements.WORDS["postgresql"],
    },
    "sqlite": {
        "each": "json_each(%(answers)s)",
        "risk": "json_extract(v.\"values\", '$.risk')",
        "top": "json_extract(v.\"values\", '$.top')",
        "why": "json_extract(v.\"values\", '$.why')",
        "segment": "json_extract(v.\"values\", '$.segment')",
        "recency": "json_extract(v.\"values\", '$.recency_band')",
        "frequency": "json_extract(v.\"values\", '$.frequency_band')",
        "monetary": "json_extract(v.\"values\", '$.monetary_band')",
        "cluster": "json_extract(v.\"values\", '$.cluster')",
        "items": "JOIN json_each(v.\"values\", '$.items') i",
        "first_product": "json_extract(v.\"values\", '$.items[0].product')",
        "first_score": "json_extract(v.\"values\", '$.items[0].score')",
        "rank": "json_extract(i.value, '$.rank')",
        "product": "json_extract(i.value, '$.product')",
        "score": "json_extract(i.value, '$.score')",
        "item_why": "json_extract(i.value, '$.why')",
        "because": "json_extract(i.value, '$.because')",
        "facts": "json_extract(i.value, '$.facts')",
        "how_many": "json_array_length(v.\"values\", '$.items')",
        "day": "date(v.scored_at)",
        "day_before": "date(customers_customerscore.churn_scored_at)",
        "day_now": "date(excluded.churn_scored_at)",
        "differs": "IS NOT",
        **{name: f"json_extract(v.\"values\", '$.{name}')" for name in OUTLOOK},
        "least": "MIN",
        "greatest": "MAX",
        "month_before": "date(v.scored_at, '-27 days')",
        **behaviour_statements.WORDS["sqlite"],
        **risk_statements.WORDS["sqlite"],
    },
}

# What a version says -------------------------------------------------------------------------------------

STORE = """
INSERT INTO insights_versionscore (version_id, customer_id, scored_at, "values")
SELECT %(version)s, c.id, %(at)s, e.value
FROM {each} e JOIN customers_customer c ON c.id = CAST(e.key AS BIGINT)
WHERE NOT c.profiling_refused AND c.archived_at IS NULL ORDER BY c.id
ON CONFLICT (version_id, customer_id) DO UPDATE SET scored_at = excluded.scored_at, "values" = excluded."values"
WHERE insights_versionscore.scored_at <= excluded.scored_at OR insights_versionscore.scored_at > %(now)s
"""
FORGET = """
DELETE FROM insights_versionscore
WHERE version_id = %(version)s AND {scope} AND (scored_at < %(at)s OR scored_at > %(now)s)
"""
FORGET_REFUSED = [
    f"""
DELETE FROM {table} WHERE {{scope}}
AND EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = customer_id AND c.profiling_refused)
"""
    for table in (
        "insights_versionscore",
        "insights_predictionledger",
        "insights_segmentmove",
        "insights_groupmove",
        "insights_riskshift",
    )
]

# What is published ---------------------------------------------------------------------------------------


CHURN = [
    # The first word of a day stays: what happened later that day must not have been known to it.
    """
INSERT INTO insights_predictionledger (kind, customer_id, day, version, score, label)
SELECT %(kind)s, v.customer_id, {day}, v.version_id, {risk}, ''
FROM insights_versionscore v WHERE v.version_id = %(version)s AND {scope} ORDER BY v.customer_id
ON CONFLICT DO NOTHING
""",
    # The risk before is the last one of an earlier day, so that a busy day does not hide the change.
    """
INSERT INTO customers_customerscore (
    customer_id, churn_risk, churn_reason, churn_scored_at, churn_version, segment, segment_before,
    churn_risk_then, churn_then_on, churn_then_version, churn_change)
SELECT v.customer_id, {risk}, {top}, v.scored_at, v.version_id, '', '', {risk_then}, l.day, {version_then}, {change}
FROM insights_versionscore v {then}
WHERE v.version_id = %(version)s AND v.{scope} ORDER BY v.customer_id
ON CONFLICT (customer_id) DO UPDATE SET
    churn_risk_before = CASE WHEN {day_before} < {day_now}
        THEN customers_customerscore.churn_risk ELSE customers_customerscore.churn_risk_before END,
    churn_before_at = CASE WHEN {day_before} < {day_now}
        THEN customers_customerscore.churn_scored_at ELSE customers_customerscore.churn_before_at END,
    churn_risk = excluded.churn_risk, churn_reason = excluded.churn_reason,
    churn_scored_at = excluded.churn_scored_at, churn_version = excluded.churn_version,
    churn_risk_then = excluded.churn_risk_then, churn_then_on = excluded.churn_then_on,
    churn_then_version = excluded.churn_then_version, churn_change = excluded.churn_change
""",
    """
INSERT INTO customers_scorereasons (customer_id, churn)
SELECT v.customer_id, {why}
FROM insights_versionscore v WHERE v.version_id = %(version)s AND {scope} ORDER BY v.customer_id
ON CONFLICT (customer_id) DO UPDATE SET churn = excluded.churn
""",
    """
UPDATE customers_customerscore SET churn_risk = NULL, churn_risk_before = NULL, churn_before_at = NULL,
    churn_reason = '', churn_scored_at = NULL, churn_version = NULL,
    churn_risk_then = NULL, churn_then_on = NULL, churn_then_version = NULL, churn_change = NULL
WHERE {scope} AND churn_version IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = customers_customerscore.customer_id)
""",
    """
DELETE FROM customers_scorereasons WHERE {scope} AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = customers_scorereasons.customer_id)
""",
    RECONCILE,
]

# What a day ends with replaces what it had come to meanwhile. On the very first day everybody arrives: no move.
SEGMENT_MOVES = [
    """
INSERT INTO insights_segmentmove (customer_id, day, segment_before, segment_after, by_new_model)
SELECT v.customer_id, %(today)s, COALESCE(s.segment, ''), {segment},
    COALESCE(s.segments_version, v.version_id) <> v.version_id
FROM insights_versionscore v LEFT JOIN customers_customerscore s ON s.customer_id = v.customer_id
WHERE v.version_id = %(version)s AND v.{scope} AND COALESCE(s.segment, '') <> {segment}
    AND (s.segment <> '' OR %(first_day)s < %(today)s)
ORDER BY v.customer_id
ON CONFLICT (customer_id, day) DO UPDATE SET segment_after = excluded.segment_after,
    by_new_model = insights_segmentmove.by_new_model OR excluded.by_new_model
""",
    """
INSERT INTO insights_segmentmove (customer_id, day, segment_before, segment_after, by_new_model)
SELECT s.customer_id, %(today)s, s.segment, '', s.segments_version <> %(version)s
FROM customers_customerscore s JOIN customers_customer c ON c.id = s.customer_id
WHERE s.{scope} AND s.segment <> '' AND NOT c.profiling_refused AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = s.customer_id)
ORDER BY s.customer_id
ON CONFLICT (customer_id, day) DO UPDATE SET segment_after = ''
""",
]

SEGMENTS = [
    *SEGMENT_MOVES,
    *GROUP_MOVES,
    # Only a change of segment is worth a line in the ledger.
    """
INSERT INTO insights_predictionledger (kind, customer_id, day, version, score, label)
SELECT %(kind)s, v.customer_id, {day}, v.version_id, NULL, {segment}
FROM insights_versionscore v LEFT JOIN customers_customerscore s ON s.customer_id = v.customer_id
WHERE v.version_id = %(version)s AND v.{scope} AND COALESCE(s.segment, '') <> {segment}
ORDER BY v.customer_id ON CONFLICT DO NOTHING
""",
    """
INSERT INTO customers_customerscore (
    customer_id, segment, recency_band, frequency_band, monetary_band, cluster,
    segments_scored_at, segments_version, segment_since, segment_before, churn_reason)
SELECT v.customer_id, {segment}, {recency}, {frequency}, {monetary}, {cluster},
    v.scored_at, v.version_id, v.scored_at, '', ''
FROM insights_versionscore v WHERE v.version_id = %(version)s AND {scope} ORDER BY v.customer_id
ON CONFLICT (customer_id) DO UPDATE SET
    segment_before = CASE WHEN customers_customerscore.segment NOT IN ('', excluded.segment)
        THEN customers_customerscore.segment ELSE customers_customerscore.segment_before END,
    segment_since = CASE WHEN customers_customerscore.segment = excluded.segment
        THEN customers_customerscore.segment_since ELSE excluded.segment_since END,
    segment = excluded.segment, recency_band = excluded.recency_band,
    frequency_band = excluded.frequency_band, monetary_band = excluded.monetary_band,
    cluster = excluded.cluster, segments_scored_at = excluded.segments_scored_at,
    segments_version = excluded.segments_version
""",
    """
UPDATE customers_customerscore SET segment = '', segment_before = '', segment_since = NULL,
    recency_band = NULL, frequency_band = NULL, monetary_band = NULL, cluster = NULL,
    segments_scored_at = NULL, segments_version = NULL
WHERE {scope} AND segments_version IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = customers_customerscore.customer_id)
""",
    *BEHAVIOUR,
]

PRODUCTS = [
    # The first recommendation, when it changes; it stands first in its list.
    """
INSERT INTO insights_predictionledger (kind, customer_id, day, version, score, label)
SELECT %(kind)s, v.customer_id, {day}, v.version_id, {first_score}, CAST({first_product} AS TEXT)
FROM insights_versionscore v
LEFT JOIN customers_recommendation r ON r.customer_id = v.customer_id AND r.rank = 1
WHERE v.version_id = %(version)s AND v.{scope} AND {first_product} IS NOT NULL
    AND r.product_id {differs} {first_product}
ORDER BY v.customer_id ON CONFLICT DO NOTHING
""",
    """
INSERT INTO customers_recommendation (customer_id, rank, product_id, score, why, because_id, facts, version)
SELECT v.customer_id, {rank}, {product}, {score}, {item_why}, b.id, {facts}, v.version_id
FROM insights_versionscore v {items}
JOIN customers_product p ON p.id = {product} LEFT JOIN customers_product b ON b.id = {because}
WHERE v.version_id = %(version)s AND v.{scope} ORDER BY 1, 2
ON CONFLICT (customer_id, rank) DO UPDATE SET
    product_id = excluded.product_id, score = excluded.score, why = excluded.why,
    because_id = excluded.because_id, facts = excluded.facts, version = excluded.version
WHERE customers_recommendation.product_id <> excluded.product_id
   OR customers_recommendation.score <> excluded.score
   OR customers_recommendation.why <> excluded.why
   OR customers_recommendation.because_id {differs} excluded.because_id
   OR customers_recommendation.facts <> excluded.facts
   OR customers_recommendation.version <> excluded.version
""",
    """
DELETE FROM customers_recommendation WHERE {scope} AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = customers_recommendation.customer_id
    AND {how_many} >= customers_recommendation.rank)
""",
    """
INSERT INTO customers_customerscore (
    customer_id, products_scored_at, products_version, segment, segment_before, churn_reason)
SELECT v.customer_id, v.scored_at, v.version_id, '', '', ''
FROM insights_versionscore v WHERE v.version_id = %(version)s AND {scope} ORDER BY v.customer_id
ON CONFLICT (customer_id) DO UPDATE SET
    products_scored_at = excluded.products_scored_at, products_version = excluded.products_version
""",
    """
UPDATE customers_customerscore SET products_scored_at = NULL, products_version = NULL
WHERE {scope} AND products_version IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = customers_customerscore.customer_id)
""",
]

BRING = {Kind.CHURN: CHURN, Kind.SEGMENTS: SEGMENTS, Kind.PRODUCTS: PRODUCTS, Kind.VALUE: VALUE}

# Customers whose published score knows more than the version that is about to be published, those it never saw
# among them; so many at most.
KNOWN_BETTER = {
    kind: f"""
SELECT s.customer_id FROM customers_customerscore s
LEFT JOIN insights_versionscore v ON v.version_id = %(version)s AND v.customer_id = s.customer_id
WHERE s.{kind}_version IS NOT NULL AND (v.id IS NULL OR s.{kind}_scored_at > v.scored_at)
ORDER BY s.customer_id LIMIT %(most)s
"""
    for kind in BRING
}

SEGMENT_TOTALS = """
INSERT INTO insights_segmenttotals (
    team_id, owned, segment, recency_band, frequency_band, cluster,
    customers, value, risk_sum, risk_customers, value_at_risk)
SELECT c.team_id, c.owner_id IS NOT NULL, s.segment, s.recency_band, s.frequency_band, s.cluster,
    COUNT(*), COALESCE(SUM(t.value), 0), COALESCE(SUM(s.churn_risk), 0), COUNT(s.churn_risk),
    COALESCE(SUM(CASE WHEN s.churn_risk >= %(high)s THEN t.value END), 0)
FROM customers_customerscore s
JOIN customers_customer c ON c.id = s.customer_id
LEFT JOIN customers_customertotals t ON t.customer_id = s.customer_id
WHERE s.segment <> '' AND c.archived_at IS NULL
GROUP BY 1, 2, 3, 4, 5, 6
"""
