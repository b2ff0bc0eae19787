"""What the two churn benchmarks share: learn, judge, score everyone, and the figures of it."""

import datetime
from typing import Any

from benchmarks.common import measured, say

ASKED = ("roc_auc", "pr_auc", "log_loss", "brier", "accuracy", "macro_f1")


def learn(as_of: datetime.datetime, params: dict[str, Any]) -> tuple[dict, list[dict]]:
    """Train on everything before as_of as a run would, then score everyone; figures and candidates."""
    from insights.dataset import load_tables
    from insights.ml import churn

    with measured("load, learn and judge") as step:
        tables = load_tables(as_of, archived=True)
        inputs = churn.inputs(tables, as_of, params)
        evaluation = churn.evaluate(inputs, churn.candidates(params), lambda *call: None)
    summary = evaluation.summary
    for one in summary["candidates"]:
        metrics = ", ".join(f"{name} {one['metrics'][name]:.4f}" for name in ASKED)
        say(f"  {one['name']}: {metrics}  ({one['seconds']:.0f} s)")
    figures = {
        **(summary["published_metrics"] or dict.fromkeys(ASKED)),
        "champion": summary["champion"],
        "grade": summary["grade"],
        "judged_on": summary["judged_on"],
        "training_rows": summary["n_training"],
        "test_rows": summary["n_test"],
        "positive_share": summary["positive_share"],
        **step.figures(),
    }
    if evaluation.model is None:
        return figures | {"reason": "no candidate beat the plain rule"}, summary["candidates"]
    with measured("score everyone, with reasons") as scoring:
        scored = churn.predict(evaluation.model, tables, as_of)
    figures["scoring"] = scoring.figures() | {"customers": len(scored)}
    return figures, summary["candidates"]
