"""One example of each thing the API says of models and segments, by the name of its schema."""

WHEN = "2026-05-01T10:00:00Z"

SUMMARY = {
    "kind": "churn",
    "champion": "logistic",
    "baseline": "rule",
    "better_than_rule": True,
    "grade": "B",
    "n_test": 2104,
}
AMOUNTS = {"customers": 412, "value": "182400.00", "value_at_risk": "96100.00", "average_risk": 0.61}  # fmt: skip
PUBLISHING = {
    "id": 9,
    "kind": "churn",
    "version": 3,
    "status": "queued",
    "failure": "",
    "origin": "api",
    "requested_by": "anna",
    "created_at": WHEN,
    "started_at": None,
    "ended_at": None,
    "attempts": 0,
}
GROUP = {
    "number": 2,
    "name": "Weekend shoppers",
    "found": "Frequent buyers, small orders",
    "description": "orders so far 14, usual 3; €18 an order, usual €35",
    "customers": 412,
}

TOPIC = {
    "number": 7,
    "name": "Cracked lids",
    "found": "Cracked lid, hot steam",
    "rising": True,
    "rising_since": WHEN,
    "p": 0.000012,
    "new": False,
    "days": 7,
    "messages": 31,
    "negative_share": 0.87,
    "ratio": 3.4,
    "ratio_low": 2.1,
    "ratio_high": 5.4,
    "customers": 24,
    "value_at_risk": 18200.0,
    "quotes": [
        {
            "interaction": 512,
            "customer": 1042,
            "text": "The lid cracked after a week and hot steam comes out.",
            "occurred_at": WHEN,
        }
    ],
}

EXAMPLES = {
    "Topic": TOPIC,
    "PatchedTopicRequest": {"name": "Cracked lids"},
    "Topics": {"currency": "EUR", "topics": [TOPIC]},
    "TrainingRunRequest": {"kind": "churn"},
    "TrainingRun": {
        "id": 31,
        "kind": "churn",
        "status": "running",
        "outcome": "",
        "origin": "api",
        "requested_by": "anna",
        "created_at": WHEN,
        "started_at": WHEN,
        "ended_at": None,
        "step": "fit:logistic",
        "fraction": 0.42,
        "rows": 9532,
        "steps": [{"code": "load", "at": WHEN, "seconds": 3.2, "rows": 9532}],
        "error": "",
        "facts": {},
        "summary": {},
        "version": None,
    },
    "ModelVersion": {
        "id": 3,
        "kind": "churn",
        "number": 2,
        "as_of": WHEN,
        "trained_at": WHEN,
        "published_at": WHEN,
        "is_champion": True,
        "kept": True,
        "grade": "B",
        "winner": "logistic",
        "metrics": {"roc_auc": 0.85, "log_loss": 0.41},
        "candidates": [
            {"name": "rule", "baseline": True, "metrics": {"roc_auc": 0.71, "log_loss": 0.52}},
            {"name": "logistic", "baseline": False, "metrics": {"roc_auc": 0.85, "log_loss": 0.41}},
        ],
        "summary": SUMMARY,
    },
    "RollBackRequest": {"kind": "churn"},
    "PublishRequest": PUBLISHING,
    "Segments": {
        "currency": "EUR",
        "version": 4,
        "scored_at": WHEN,
        "everyone": AMOUNTS,
        "segments": [{"segment": "at_risk", "name": "At risk"} | AMOUNTS],
    },
    "Movements": {
        "since": "2026-04-02",
        "until": "2026-05-01",
        "flows": [
            {"before": "loyal", "after": "at_risk", "customers": 37, "customers_by_new_model": 2}
        ],
        "segments": [
            {"segment": "at_risk", "name": "At risk", "came": 37, "went": 21, "net": 16},
        ],
    },
    "Group": GROUP,
    "PatchedGroupRequest": {"name": "Weekend shoppers"},
    "Groups": {"version": 4, "groups": [GROUP]},
    "GroupMovements": {
        "since": "2026-04-02",
        "until": "2026-05-01",
        "flows": [{"before": 2, "after": 0, "customers": 37, "customers_by_new_model": 0}],
    },
    "GroupMove": {
        "id": 7120,
        "customer": 1042,
        "day": "2026-05-01",
        "before": 2,
        "after": 0,
        "by_new_model": False,
    },
    "Near": {
        "customer": 1042,
        "name": "Marta Lindqvist",
        "segment": "promising",
        "group": 2,
        "distance": 143,
    },
    "SegmentMove": {
        "id": 18233,
        "customer": 1042,
        "day": "2026-05-01",
        "before": "loyal",
        "after": "at_risk",
        "after_name": "At risk",
        "by_new_model": False,
    },
}
