"""The network over whole stories against all other candidates: a gift wholesaler's public orders and the demo company.

Per company: who leaves and what is bought next, every candidate with its figures, minutes and memory; how far numpy's
answers are from Keras's; and what the network's embedding tells about the window after it beside plain k-means groups.
The wholesaler is judged as in churn_retail and products_retail. Without PERENNIAL_DATA, or with --demo, only the demo
company is asked. --only story,ebm and the like leaves out other candidates (never the plain rule).

make bench NAME=deep                    # ARGS="--customers 5000 --demo --only story,logistic,item_knn"
"""

import argparse
import datetime
import os
from pathlib import Path
from typing import Any

from benchmarks import churn_retail, products_retail
from benchmarks.common import (
    arguments,
    command,
    company,
    finish,
    measured,
    real_data,
    say,
    throwaway,
    with_company,
)

CHURN = ("roc_auc", "pr_auc", "log_loss", "brier", "validation_log_loss")
PRODUCTS = ("ndcg_at_10", "recall_at_10", "hit_rate_at_10")
ASKED = 2_000
GROUPS = 6


def main() -> None:
    parser = with_company(arguments(__doc__ or ""), customers=5_000)
    parser.add_argument("--demo", action="store_true", help="only the demo company")
    parser.add_argument("--retail", action="store_true", help="only the wholesaler")
    parser.add_argument("--only", default="", help="names of candidates, with commas")
    parser.add_argument("--questions", default="churn,products")
    options = parser.parse_args()
    figures: dict[str, Any] = {"engine": options.engine}
    candidates: list[dict] = []
    if not options.demo and os.environ.get("PERENNIAL_DATA"):
        with throwaway(options.engine):
            figures["online_retail"] = of_retail(options, candidates)
    if not options.retail:
        with throwaway(options.engine, options.keep) as folder:
            figures["demo"] = of_demo(folder, options, candidates)
    finish("deep", figures, candidates)


def of_retail(options: argparse.Namespace, candidates: list[dict]) -> dict:
    path = real_data("online_retail.csv.gz")
    products_retail.prepare()
    command("import", "import_orders", path, "--map", "docs/examples/online_retail.toml")
    params = {
        "churn": churn_retail.PARAMS,
        "products": {**products_retail.PARAMS, "only_product_ids": products_retail.goods()},
    }
    return compared("online_retail", churn_retail.END, params, options, candidates)


def of_demo(folder: Path, options: argparse.Namespace, candidates: list[dict]) -> dict:
    loading = company(folder, options)
    now = datetime.datetime.now(datetime.UTC)
    params: dict[str, dict] = {"churn": {}, "products": {}}
    figures = compared("demo", now, params, options, candidates)
    return {"customers": options.customers, "loading": loading, **figures}


def compared(
    name: str, as_of: datetime.datetime, params: dict[str, dict], options: argparse.Namespace,
    candidates: list[dict],
) -> dict:  # fmt: skip
    """Figures of each question asked; the candidates of all of them, with company and question, go into the list."""
    from insights.dataset import load_tables

    tables, figures = load_tables(as_of, archived=True), {}
    for kind in options.questions.split(","):
        told, every = judged(kind, tables, as_of, params[kind], options.only)
        figures[kind] = told
        candidates += [{"company": name, "kind": kind, **one} for one in every]
    return figures


def judged(
    kind: str, tables: dict, as_of: datetime.datetime, params: dict, only: str
) -> tuple[dict, list[dict]]:
    """One question, each candidate alone (so that its memory is told apart), then together as a training would."""
    import importlib

    module = importlib.import_module(f"insights.ml.{kind}")
    names = only.split(",") if only else [one.name for one in module.candidates({})]
    asked = {**params, "candidates": [*names, "story"]}
    with measured(f"{kind}: inputs with stories") as step:
        inputs = module.inputs(tables, as_of, asked)
    steps = {"inputs": step.figures()}
    with measured(f"{kind}: the network alone") as step:
        alone = module.candidates({**params, "candidates": ["story"]})
        module.evaluate(inputs, alone, lambda *call: None)
    steps["story_alone"] = step.figures()
    with measured(f"{kind}: all candidates") as step:
        summary = module.evaluate(inputs, module.candidates(asked), lambda *call: None).summary
    steps["all"] = step.figures()
    for one in summary["candidates"]:
        told = {n: one["metrics"][n] for n in (*CHURN, *PRODUCTS) if n in one["metrics"]}
        say(
            f"  {one['name']}: {', '.join(f'{n} {v:.4f}' for n, v in told.items())}  {one['seconds']:.0f} s"
        )
    best = {"champion": summary["champion"], "grade": summary["grade"]}
    if kind == "churn":
        best |= looked_into(inputs)
    return {**best, **steps}, summary["candidates"]


def looked_into(inputs: Any) -> dict:
    """The largest difference between what numpy and what Keras says, in log-odds; and how much of who leaves groups
    tell: k-means on the embedding and on plain behaviour, as many groups each."""
    from sklearn.cluster import KMeans

    from insights.ml.behaviour import Space, nearest
    from insights.ml.deep.story_churn import StoryLearner, stories_of

    train, test = inputs.train, inputs.test
    learner = StoryLearner().fit(train.frame, train.y, train.groups)
    space = Space.fit(train.frame)
    spaces = {
        "embedding": lambda frame: learner.reader_.embedding(stories_of(frame)),
        "behaviour": space.standardised,
    }
    told = {}
    for name, placed in spaces.items():
        model = KMeans(GROUPS, n_init=5, random_state=42).fit(placed(train.frame))
        told[name] = spread(nearest(placed(test.frame), model.cluster_centers_), test.y)
    return {"numpy_less_keras": beside_keras(learner, test.frame), "told_by_groups": told}


def beside_keras(learner: Any, frame: Any) -> float:
    import numpy as np

    from insights.ml.deep.story_churn import stories_of
    from insights.ml.deep.story_encoding import moments

    story = learner.reader_.encoder.encode(stories_of(frame.iloc[:ASKED]))
    asked = np.zeros((len(story), 1), np.float32)
    moment = moments(story, np.zeros_like(story.days))[:, -1:]
    upto = np.ones((1, 1, story.kind.shape[1]), bool)
    z = np.asarray(learner.estimator_.answer(story, moment, asked, upto, False)[0])[:, 0]
    w = learner.reader_.weights
    told = z @ w["leaves"][:, 0] + w["leaves_bias"][0]
    return float(np.abs(told - learner.reader_.leaving(story)).max())


def spread(group: Any, y: Any) -> float:
    """The variance of the outcome between groups over all of it (eta squared)."""
    import numpy as np

    means = np.array([y[group == g].mean() if (group == g).any() else 0.0 for g in range(GROUPS)])
    return float(np.var(means[group]) / np.var(y))


if __name__ == "__main__":
    main()
