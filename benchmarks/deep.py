"""The network over whole stories against all other candidates: a gift wholesaler's public orders and the demo company.

Per company and question (who leaves, what they spend, what they buy next, who behaves alike): every candidate with its
figures, its minutes and the highest memory while it was learnt, as a table and as the last line. The wholesaler is
judged as in churn_retail, value_retail and products_retail. Without PERENNIAL_DATA, or with --demo, only the demo
company is asked. --only story,ebm and the like leaves out other candidates (never the plain rule).

make bench NAME=deep                    # ARGS="--customers 2000 --demo --only story,logistic --questions churn"
"""

import argparse
import datetime
import importlib
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks import churn_retail, products_retail, value_retail
from benchmarks.common import (
    PeakWatch,
    arguments,
    command,
    company,
    finish,
    measured,
    real_data,
    run_alone,
    say,
    throwaway,
    with_company,
)

SHOWN = {
    "churn": ("roc_auc", "pr_auc", "log_loss", "brier"),
    "value": ("ngini", "spearman", "mae_spend", "deviance"),
    "products": ("ndcg_at_10", "recall_at_10", "hit_rate_at_10"),
    "segments": ("spend_explained", "purchase_auc", "silhouette", "stability"),
}


def main() -> None:
    parser = with_company(arguments(__doc__ or ""), customers=5_000)
    parser.add_argument("--demo", action="store_true", help="only the demo company")
    parser.add_argument("--retail", action="store_true", help="only the wholesaler")
    parser.add_argument("--only", default="", help="names of candidates, with commas")
    parser.add_argument("--questions", default=",".join(SHOWN))
    options = parser.parse_args()
    figures: dict[str, Any] = {"engine": options.engine}
    candidates: list[dict] = []
    if options.retail:
        with throwaway(options.engine):
            figures["online_retail"] = of_retail(options, candidates)
    elif options.demo or not os.environ.get("PERENNIAL_DATA"):
        with throwaway(options.engine, options.keep) as folder:
            figures["demo"] = of_demo(folder, options, candidates)
    else:
        for company_of in ("--retail", "--demo"):
            document = run_alone("deep", company_of, *sys.argv[1:])
            figures |= document["figures"]
            candidates += document["candidates"]
    for line in table(candidates):
        say(line)
    finish("deep", figures, candidates)


def of_retail(options: argparse.Namespace, candidates: list[dict]) -> dict:
    path = real_data("online_retail.csv.gz")
    products_retail.prepare()
    command("import", "import_orders", path, "--map", "docs/examples/online_retail.toml")
    params = {
        "churn": churn_retail.PARAMS,
        "value": value_retail.PARAMS,
        "products": {**products_retail.PARAMS, "only_product_ids": products_retail.goods()},
        "segments": {},
    }
    return compared("online_retail", churn_retail.END, params, options, candidates)


def of_demo(folder: Path, options: argparse.Namespace, candidates: list[dict]) -> dict:
    loading = company(folder, options)
    now = datetime.datetime.now(datetime.UTC)
    params: dict[str, dict] = {kind: {} for kind in SHOWN}
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
    """One question as a training would answer it, the network among the candidates whatever the company's size."""
    module = importlib.import_module(f"insights.ml.{kind}")
    names = only.split(",") if only else [one.name for one in module.candidates({})]
    asked = {**params, "candidates": [*names, "story"]}
    with measured(f"{kind}: inputs with stories") as step:
        inputs = module.inputs(tables, as_of, asked)
    steps = {"inputs": step.figures()}
    memory = Memory([one.name for one in module.candidates(asked)])
    with measured(f"{kind}: all candidates") as step:
        summary = module.evaluate(inputs, module.candidates(asked), memory.report).summary
    memory.stop()
    steps["all"] = step.figures()
    for one in summary["candidates"]:
        one["peak_mb"] = round(memory.peaks.get(one["name"], 0.0))
    best = {"champion": summary["champion"], "grade": summary["grade"]}
    return {**best, **steps}, summary["candidates"]


class Memory:
    """The highest resident memory while each candidate is learnt, as far as a training's progress tells them apart."""

    def __init__(self, names: list[str]):
        self.names, self.peaks, self.told = names, dict[str, float](), 0
        self.name, self.watch = "", PeakWatch()

    def report(self, step: str, fraction: float, rows: int | None) -> None:
        peak = self.watch.stop()
        self.watch = PeakWatch()
        ended = self.name
        self.name = step.removeprefix("fit:") if step.startswith("fit:") else ""
        if step in (
            "choose",
            "grade",
        ):  # told of recommenders once they have ended, one after another
            ended = self.names[(self.told - 1) % len(self.names)] if self.told else ""
            self.told += 1
        if ended:
            self.peaks[ended] = max(peak, self.peaks.get(ended, 0.0))

    def stop(self) -> None:
        self.watch.stop()


def table(candidates: list[dict]) -> list[str]:
    """One line per candidate, the questions of each company apart."""
    lines, last = [], None
    for one in candidates:
        heading, names = (one["company"], one["kind"]), SHOWN[one["kind"]]
        if heading != last:
            columns = "".join(f"{name:>16}" for name in names)
            lines += ["", " · ".join(heading), f"{'':<14}{columns}{'minutes':>10}{'MB':>8}"]
            last = heading
        metrics = "".join(f"{one['metrics'].get(name, float('nan')):>16.4f}" for name in names)
        minutes = one["seconds"] / 60
        lines.append(f"{one['name']:<14}{metrics}{minutes:>10.2f}{one['peak_mb']:>8.0f}")
    return lines


if __name__ == "__main__":
    main()
