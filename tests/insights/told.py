"""Summaries as the learners write them, short enough to read."""


def judged(name, baseline=False, seconds=1.0, **metrics):
    interval = {metric: [value - 0.02, value + 0.02] for metric, value in metrics.items()}
    return {
        "name": name, "baseline": baseline, "glass_box": name != "forest", "metrics": metrics,
        "interval": interval, "seconds": seconds,
    }  # fmt: skip


def churn_summary(better=True, top=64, rule_top=41, chance=16, champion="logistic"):
    return {
        "kind": "churn",
        "windows": {
            "form": "behaviour", "horizon_days": 90,
            "test_as_of": "2026-08-01T00:00:00", "test_until": "2026-10-30T00:00:00",
        },
        "judged_on": "newest_window",
        "n_test": 2104,
        "champion": champion if better else "rule",
        "baseline": "rule",
        "candidates": [
            judged("rule", baseline=True, roc_auc=0.71, log_loss=0.52, brier=0.17, accuracy=0.75, recall=0.4, f1=0.44),
            judged("logistic", roc_auc=0.85, log_loss=0.41, brier=0.13, accuracy=0.81, recall=0.58, f1=0.6),
            judged("forest", roc_auc=0.86, log_loss=0.405, brier=0.13, accuracy=0.8, recall=0.55, f1=0.59),
        ],
        "better_than_rule": better,
        "grade": "B" if better else "D",
        "verdict": {
            "code": "churn_b" if better else "churn_d",
            "facts": {"top_tenth": top, "rule_top_tenth": rule_top, "chance": chance, "n": 2104},
        },
        "calibration": [
            {"n": 1052, "predicted": 0.1, "actual": 0.12}, {"n": 1052, "predicted": 0.7, "actual": 0.66},
        ],
    }  # fmt: skip


def trait(code, direction, here, everybody):
    facts = {"typical": float(here), "overall": float(everybody)}
    return {"code": code, "direction": direction, "difference": 1.0, "facts": facts}


def group(number, n, share, *traits):
    return {"cluster": number, "n": n, "share": share, "traits": list(traits)}


def segments_summary(**changes):
    return {
        "kind": "segments",
        "windows": {
            "horizon_days": 90, "test_as_of": "2026-08-01T00:00:00", "test_until": "2026-10-30T00:00:00",
        },
        "n_test": 1800,
        "champion": "rfm",
        "baseline": "rfm",
        "candidates": [
            judged("rfm", baseline=True, spend_explained=0.24, purchase_auc=0.78),
            judged("kmeans", spend_explained=0.2, purchase_auc=0.75),
        ],
        "published_metrics": {"spend_explained": 0.24, "purchase_auc": 0.78, "stability": 0.93, "silhouette": 0.3},
        "better_than_rule": False,
        "grade": "A",
        "verdict": {"code": "segments_a", "facts": {"explained": 24, "n": 1800}},
        "bands": {
            "recency_days": [180.0, 90.0, 60.0, 30.0], "recency_numbers": [1, 2, 3, 4, 5],
            "orders": [2.0, 4.0, 8.0, 16.0], "orders_numbers": [1, 2, 3, 4, 5],
            "spend": [], "spend_numbers": [1],
        },
        "clusters_stable": True,
        "k": 2,
        "clusters": [
            group(0, 300, 0.25, trait("orders_all", "high", 14, 3), trait("order_value", "high", 80, 35)),
            group(1, 900, 0.75, trait("recency_days", "high", 210, 60)),
        ],
    } | changes  # fmt: skip


def sentiment_summary(better=True, right=87, rule_right=74, **changes):
    figures = {
        "accuracy": right / 100,
        "macro_f1": 0.81,
        "log_loss": 0.41,
        "validation_log_loss": 0.4,
    }
    plain = {
        "accuracy": rule_right / 100,
        "macro_f1": 0.65,
        "log_loss": 0.62,
        "validation_log_loss": 0.6,
    }
    return {
        "kind": "sentiment",
        "windows": {
            "form": "newest", "test_from": "2026-08-01T00:00:00+00:00", "test_until": "2026-10-29T12:00:00+00:00",
        },
        "judged_on": "newest_window",
        "n_test": 412,
        "champion": "nbsvm" if better else "rule",
        "baseline": "rule",
        "candidates": [
            judged("rule", baseline=True, **plain),
            judged("svm", **figures | {"macro_f1": 0.79, "validation_log_loss": 0.42}),
            judged("nbsvm", **figures),
        ],
        "better_than_rule": better,
        "grade": "A" if better else "D",
        "verdict": {
            "code": "sentiment_a" if better else "sentiment_d",
            "facts": {"right": right, "rule_right": rule_right, "n": 412},
        },
        "calibration": [{"n": 206, "predicted": 0.6, "actual": 0.62}, {"n": 206, "predicted": 0.9, "actual": 0.91}],
        "learnt_from": {
            "stars": 1_900, "people": 141, "customers": 1_204, "languages": {"en": 1_500, "zh": 541},
            "since": "2024-11-03T00:00:00+00:00", "until": "2026-10-29T12:00:00+00:00",
        },
        "classes": {"negative": 0.2, "neutral": 0.1, "positive": 0.7},
        "languages": [
            {
                "language": "en", "n": 300, "metrics": {"accuracy": 0.91, "macro_f1": 0.84},
                "interval": {"accuracy": [0.88, 0.94]}, "rule": {"accuracy": 0.76, "macro_f1": 0.66},
            },
        ],
        "words": {"negative": [["stale", 2.1], ["太差", 1.4]], "positive": [["wonderful", 1.9]], "neutral": []},
        **changes,
    }  # fmt: skip


def intent_summary(better=True, **changes):
    told = sentiment_summary(better, **changes)
    return told | {
        "kind": "intent",
        "classes": {"refund": 0.6, "late_delivery": 0.4},
        "learnt_from": told["learnt_from"] | {"stars": 0},
        "words": {"refund": [["money", 2.1]]},
        "threshold": {"least": 0.61, "served": 0.58, "answered": 0.77, "right": 0.96, "n": 412},
        **changes,
    }
