"""The SQL that compares a customer's churn risk with the first one published within the last thirty days.

Compared is like with like. When another model is published, what it says of a customer differs from what the model
before said of the same facts: that difference is kept (RiskShift) and counted as no change of the customer.
"""

DAYS = 30

LEDGER = "insights_predictionledger"
# All the models since have moved the customer by themselves.
SHIFTED = """COALESCE((SELECT SUM(f.shift) FROM insights_riskshift f
    WHERE f.customer_id = l.customer_id AND f.day >= l.day), 0)"""

# Nobody said then what was worked out afterwards.
VERSION_THEN = "CASE l.label WHEN 'afterwards' THEN 0 ELSE l.version END"

WORDS = {
    "postgresql": {
        "then": f"""LEFT JOIN LATERAL (
    SELECT l.day, l.version, l.label, LEAST(1.0, GREATEST(0.0, l.score + {SHIFTED})) AS risk
    FROM {LEDGER} l WHERE l.kind = 'churn' AND l.customer_id = v.customer_id
        AND l.day >= CAST(v.scored_at AT TIME ZONE 'UTC' AS DATE) - {DAYS}
        AND l.day < CAST(v.scored_at AT TIME ZONE 'UTC' AS DATE)
    ORDER BY l.day LIMIT 1) l ON TRUE""",
        "risk_then": "l.risk",
        "version_then": VERSION_THEN,
        "change": "ROUND(CAST(CAST(v.\"values\" ->> 'risk' AS DOUBLE PRECISION) - l.risk AS NUMERIC), 6)",
        "day_known": "CAST(s.churn_scored_at AT TIME ZONE 'UTC' AS DATE)",
    },
    "sqlite": {
        "then": f"""LEFT JOIN {LEDGER} l ON l.kind = 'churn' AND l.customer_id = v.customer_id AND l.day = (
    SELECT MIN(m.day) FROM {LEDGER} m WHERE m.kind = 'churn' AND m.customer_id = v.customer_id
        AND m.day >= date(v.scored_at, '-{DAYS} days') AND m.day < date(v.scored_at))""",
        "risk_then": f"MIN(1.0, MAX(0.0, l.score + {SHIFTED}))",
        "version_then": VERSION_THEN,
        "change": f"ROUND(json_extract(v.\"values\", '$.risk') - MIN(1.0, MAX(0.0, l.score + {SHIFTED})), 6)",
        "day_known": "date(s.churn_scored_at)",
    },
}

# What the model before said as of a day nearest to the one that the new answer is of: it has known the same facts.
OF_THE_SAME_FACTS = f"""CASE WHEN s.churn_scored_at <= v.scored_at THEN s.churn_risk ELSE COALESCE(
    (SELECT l.score FROM {LEDGER} l WHERE l.kind = 'churn' AND l.customer_id = s.customer_id
        AND l.version = s.churn_version AND l.day <= {{day}} ORDER BY l.day DESC LIMIT 1),
    (SELECT l.score FROM {LEDGER} l WHERE l.kind = 'churn' AND l.customer_id = s.customer_id
        AND l.version = s.churn_version AND l.day > {{day}} ORDER BY l.day LIMIT 1),
    s.churn_risk) END"""

# Before another version's answers are brought to the customers.
SHIFTS = [
    "DELETE FROM insights_riskshift WHERE day < %(oldest)s",
    f"""
INSERT INTO insights_riskshift (customer_id, day, shift)
SELECT s.customer_id, {{day_known}}, {{risk}} - {OF_THE_SAME_FACTS}
FROM insights_versionscore v JOIN customers_customerscore s ON s.customer_id = v.customer_id
WHERE v.version_id = %(version)s AND s.churn_version <> v.version_id AND s.churn_risk IS NOT NULL
ORDER BY s.customer_id
ON CONFLICT (customer_id, day) DO UPDATE SET shift = insights_riskshift.shift + excluded.shift
""",
]
