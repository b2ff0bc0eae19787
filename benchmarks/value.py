"""What the two value benchmarks share: learn, judge, score everyone, and the figures of it."""

import datetime
from typing import Any

from benchmarks.common import measured, say

ASKED = ("mae_transactions", "mae_spend", "spearman", "ngini", "total_ratio", "deviance")


def learn(
    tables: dict, as_of: datetime.datetime, params: dict[str, Any]
) -> tuple[dict[str, Any], list[dict]]:
    """Train on these tables as a run would, then score everyone; figures and candidates."""
    from insights.ml import value

    moment = as_of.replace(tzinfo=None)
    with measured("learn and judge") as step:
        data = value.inputs(tables, moment, params)
        evaluation = value.evaluate(data, value.candidates(params), lambda *call: None)
    summary = evaluation.summary
    for one in summary["candidates"]:
        metrics = ", ".join(f"{name} {one['metrics'][name]:.4f}" for name in ASKED)
        say(f"  {one['name']}: {metrics}  ({one['seconds']:.1f} s)")
    figures = {
        **(summary["published_metrics"] or dict.fromkeys(ASKED)),
        "champion": summary["champion"],
        "buying": summary["buying"]["model"],
        "degenerate": summary["buying"]["degenerate"],
        "grade": summary["grade"],
        "training_rows": summary["n_training"],
        "test_rows": summary["n_test"],
        "coverage": summary["ranges"]["coverage"],
        "next_order": summary["next_order"],
        **step.figures(),
    }
    if evaluation.model is None:
        return figures | {"reason": "no candidate beat the plain rule"}, summary["candidates"]
    # Expected over spent on the newest closed window, once what is served has learnt from it too.
    figures["total_ratio_served"] = summary["level"]["served"]
    with measured("score everyone") as scoring:
        scored = value.predict(evaluation.model, tables, as_of)
    figures["scoring"] = scoring.figures() | {"customers": len(scored)}
    return figures, summary["candidates"]
