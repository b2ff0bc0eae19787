"""What will each customer buy that they have not bought yet, and what are they due to buy again?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa

from insights.ml import shortlists, stories
from insights.ml.baskets import (
    History,
    Sales,
    history,
    instant,
    matrix,
    positions,
    read_sales,
    returned,
)
from insights.ml.chances import at
from insights.ml.contest import Tried, choose, grade_on_test
from insights.ml.deep.story_products import WholeStory
from insights.ml.evaluation import Candidate, Evaluation, Report, beats, pick_champion
from insights.ml.neighbours import EASE_PRODUCTS
from insights.ml.product_boards import Inputs, categories, inputs
from insights.ml.product_curve import learning_curve
from insights.ml.product_model import TABLES, ProductsModel, activity, alike_to, serving_model
from insights.ml.recommenders import (
    TREND_DAYS,
    Blend,
    Content,
    Ease,
    ItemNeighbours,
    LatentFactors,
    NeighboursAndEase,
    Popularity,
    SequenceNeighbours,
)
from insights.ml.reorders import FEWEST_DUE
from insights.ml.tables import Tables, only, utc
from insights.ml.wording import Wording, catalogue_texts

__all__ = [
    "KIND",
    "TABLES",
    "TABLES_OF_MANY",
    "Inputs",
    "ProductsModel",
    "candidates",
    "evaluate",
    "inputs",
    "predict",
]

KIND = ProductsModel.kind
TABLES_OF_MANY = stories.TABLES
COLUMNS = ["customer_id", "product_id", "rank", "score", "why", "because_product_id", "facts"]


def candidates(params: dict[str, Any]) -> list[Candidate]:
    """The plain rule first; the blend last, made of what the others chose. The scores of all are sums over
    what a customer owns, so all give exact reasons. params['candidates'] (names) leaves out others, never the rule.
    """
    every = [
        Candidate("popularity", Popularity, glass_box=True, baseline=True),
        Candidate("item_knn", ItemNeighbours, glass_box=True),
        Candidate("ease", Ease, glass_box=True),
        Candidate("knn_ease", NeighboursAndEase, glass_box=True),
        Candidate("content", Content, glass_box=True),
        Candidate("sequence", SequenceNeighbours, glass_box=True),
        Candidate("als", LatentFactors, glass_box=True),
        Candidate(stories.CANDIDATE, WholeStory),
        Candidate("blend", Blend, glass_box=True),
    ]
    wanted = params.get("candidates")
    return [one for one in every if one.baseline or wanted is None or one.name in wanted]


def evaluate(data: Inputs, candidates: Sequence[Candidate], report: Report) -> Evaluation:
    """Settings and champion chosen on the validation window, graded on the test window, then refitted.

    When the champion does not beat the popularity rule on the test window, the model tells only what is due again:
    that rests on the gaps between purchases, not on the ranking. None where there is no telling that either.
    """
    wording = Wording.fit(catalogue_texts(data.products, data.now.product_ids))
    reads = data.now.history.stories is not None
    candidates = stories.taking_part(candidates, reads, data.stories.get("small", False))
    tried, popular_days = _contest(data, candidates, wording, report)
    champion_name = pick_champion([one.validation for one in tried]).name
    champion = next(one for one in tried if one.candidate.name == champion_name)
    rule = next(one for one in tried if one.candidate.baseline)
    summary = _summary(data, tried, champion, rule, popular_days)
    summary["learning_curve"] = learning_curve(data, tried, champion, wording, popular_days)
    report("refit", 0.8, len(data.now.customer_ids))
    model, extras = serving_model(data, champion, wording, popular_days)
    summary |= extras
    report("refit", 1.0, len(data.now.customer_ids))
    if summary["better_than_rule"]:
        return Evaluation(summary, model)
    again = extras["reorders"]
    summary["only_reorders"] = again["n"] >= FEWEST_DUE and bool(again.get("bought_again"))
    told = replace(model, only_reorders=True) if summary["only_reorders"] else None
    return Evaluation(summary, told)


def _contest(
    data: Inputs, candidates: Sequence[Candidate], wording: Wording, report: Report
) -> tuple[list[Tried], int]:
    """All of them, with their settings and grades, and by how many days popularity is counted."""
    report("choose", 0.0, len(data.validation.asked))
    popular_days, tried = 14, list[Tried]()
    for i, candidate in enumerate(candidates):
        one = choose(data, candidate, wording, popular_days, tried)
        if candidate.baseline:
            popular_days = one.settings["popular_days"]
        tried.append(one)
        report("choose", (i + 1) / len(candidates) * 0.6, len(data.validation.asked))
    for i, one in enumerate(tried):
        grade_on_test(data, one, wording, popular_days)
        report("grade", 0.6 + (i + 1) / len(tried) * 0.2, len(data.test.asked))
    return tried, popular_days


def _summary(
    data: Inputs, tried: list[Tried], champion: Tried, rule: Tried, popular_days: int
) -> dict[str, Any]:
    assert champion.test is not None and rule.test is not None
    better = beats(champion.test, rule.test)
    lift = champion.test.metrics["ndcg_at_10"] / max(rule.test.metrics["ndcg_at_10"], 1e-9)
    letter = _grade(better, lift)
    facts = {
        "hit_rate": round(100 * champion.test.metrics["hit_rate_at_10"]),
        "rule_hit_rate": round(100 * rule.test.metrics["hit_rate_at_10"]),
        "lift": round(lift, 2),
        "n": len(champion.test.losses),
    }
    horizon = timedelta(days=data.horizon_days)
    return {
        "kind": KIND,
        "windows": {
            "horizon_days": data.horizon_days,
            "validation_as_of": data.validation.as_of.isoformat(),
            "test_as_of": data.test.as_of.isoformat(),
            "test_until": (data.test.as_of + horizon).isoformat(),
            "stories": data.stories,
        },
        "judged_on": "newest_window",
        "n_training": len(data.test.customer_ids),
        "n_test": len(champion.test.losses),
        "products": len(data.test.product_ids),
        "products_with_ease": min(len(data.test.product_ids), EASE_PRODUCTS),
        "champion": champion.candidate.name,
        "baseline": rule.candidate.name,
        "glass_box": champion.candidate.glass_box,
        "main_metric": "ndcg_at_10",
        "candidates": [_told(one) for one in tried],
        "published_metrics": champion.test.metrics if better else None,
        "better_than_rule": better,
        "grade": letter,
        "verdict": {"code": f"{KIND}_{letter.lower()}", "facts": facts},
        "params": {**champion.settings, "popular_days": popular_days, "trend_days": TREND_DAYS},
    }


def _told(one: Tried) -> dict[str, Any]:
    assert one.test is not None
    return one.test.as_dict() | {
        "settings": one.settings,
        "validation": one.validation.metrics,
        "validation_interval": one.validation.interval,
    }


def _grade(better: bool, lift: float) -> str:
    """How much better than the rule the lists are: by half (A), by a fifth (B), surely better (C)."""
    if not better:
        return "D"
    return "A" if lift >= 1.5 else "B" if lift >= 1.2 else "C"


def predict(
    model: ProductsModel,
    tables: Tables,
    as_of: datetime,
    customer_ids: Iterable[int] | None = None,
) -> pd.DataFrame:
    """Up to ten products per customer, the likeliest first.

    Columns: customer_id, product_id, rank (1..10), score (chance of buying it within the horizon), why
    ('bought_with', 'bought_after', 'goes_with', 'alike', 'popular', 'similar', 'reorder'),
    because_product_id (nullable Int64), facts (dict).
    Only what the catalogue holds as in stock and not archived is offered, and nothing that the customer has
    sent back and not bought since.
    """
    asked = _Asked.about(model, only(tables, customer_ids), utc(as_of))
    again = asked.due_again()
    if model.only_reorders:
        return _frame(again, asked.customers)
    known, shelf = asked.known(), asked.shelf()
    new, unsold = asked.new_offers(shelf, known), asked.unsold_offers(shelf, known)
    return _frame(shortlists.Offers.joined([*new, *unsold, again]), asked.customers)


@dataclass(frozen=True)
class _Asked:
    """The customers (n,) that are asked about, sorted, what was sold before as_of and what may be offered (m,)."""

    model: ProductsModel
    tables: Tables
    as_of: datetime
    customers: np.ndarray
    sales: Sales
    offered: np.ndarray
    back: Sales

    @classmethod
    def about(cls, model: ProductsModel, tables: Tables, as_of: datetime) -> Self:
        customers = np.unique(tables["customers"]["customer_id"].to_numpy())
        sales = read_sales(tables).before(as_of)
        offered = _offered(tables["products"], model.only_product_ids)
        return cls(model, tables, as_of, customers, sales, offered, returned(tables, sales, as_of))

    def due_again(self) -> shortlists.Offers:
        due = self.model.reorders.due(self.sales, self.as_of, categories(self.tables["products"]))
        return shortlists.reorders(due, self.customers, self.offered, self.back)

    def known(self) -> History:
        """What they own of the products that were learnt from."""
        known = history(self.sales, self.customers, self.model.product_ids)
        if not self.model.reads_stories:
            return known
        moments = np.full(len(self.customers), instant(self.as_of))
        return replace(known, stories=stories.stories(self.tables, self.customers, moments))

    def shelf(self) -> shortlists.Shelf:
        learnt = self.model.product_ids
        return shortlists.Shelf(
            open_known=positions(self.offered, learnt)[1],
            unsold=self.offered[~positions(learnt, self.offered)[1]],
        )

    def new_offers(self, shelf: shortlists.Shelf, known: History) -> list[shortlists.Offers]:
        model = self.model
        sent_back = matrix(self.back, self.customers, model.product_ids)
        parts = shortlists.new_products(
            model.ranker, model.shares, model.recent, model.product_ids, shelf, known, sent_back
        )
        who = activity(self.sales, self.as_of, self.customers, known.bought)
        for part in parts:
            rank = shortlists.place_in_run(part.row) + 1
            part.chance = model.chances.of(part.chance, rank, at(who, part.row))
        return parts

    def unsold_offers(self, shelf: shortlists.Shelf, known: History) -> list[shortlists.Offers]:
        """Products that nobody had bought when it was learnt, by what is written about them."""
        if not len(shelf.unsold):
            return []
        model, catalogue = self.model, self.tables["products"]
        owned = matrix(self.sales, self.customers, shelf.unsold)
        alike = alike_to(model.wording, model.vectors, catalogue, shelf.unsold)
        return shortlists.similar_unsold(
            alike, model.unsold_chance, model.product_ids, shelf, known, owned
        )


def _offered(catalogue: pa.Table, chosen: list[int] | None) -> np.ndarray:
    """Sorted ids of what may be recommended now. An unknown stock counts as none."""
    in_stock = np.array(catalogue["in_stock"].fill_null(False))
    archived = np.array(catalogue["archived"].fill_null(False))
    ids = np.sort(catalogue["product_id"].to_numpy()[in_stock & ~archived])
    return ids if chosen is None else ids[np.isin(ids, chosen)]


def _frame(offers: shortlists.Offers, customers: np.ndarray) -> pd.DataFrame:
    shown, rank = shortlists.merged(offers)
    because = pd.array(offers.because[shown], dtype="Int64")
    because[offers.because[shown] < 0] = pd.NA
    return pd.DataFrame(
        {
            "customer_id": customers[offers.row[shown]],
            "product_id": offers.product_id[shown],
            "rank": rank,
            "score": offers.chance[shown],
            "why": offers.why[shown].astype(str),
            "because_product_id": because,
            "facts": [offers.facts[i] for i in shown],
        },
        columns=COLUMNS,
    )
