"""What recommending needs at scoring time, learnt from many customers and kept in one model."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import scipy.sparse as sp

from insights.ml import stories
from insights.ml.baskets import Board, Sales
from insights.ml.chances import Activity, Chances, at
from insights.ml.contest import Tried, fit
from insights.ml.deep.story_products import StoryScorer
from insights.ml.evaluation import binary_metrics
from insights.ml.factors import Factors
from insights.ml.neighbours import shares
from insights.ml.product_boards import Inputs, vectors_of
from insights.ml.rankers import (
    Additive,
    Arrays,
    Ranker,
    Scorer,
    batches,
    sparse_arrays,
    sparse_parts,
)
from insights.ml.ranking import best_columns, is_target, list_metrics
from insights.ml.recommenders import TREND_DAYS
from insights.ml.reorders import Reorders, was_bought
from insights.ml.sequences import later_shares
from insights.ml.wording import Wording, catalogue_texts

SCORERS: dict[str, type[Scorer]] = {
    Additive.name: Additive,
    Factors.name: Factors,
    StoryScorer.name: StoryScorer,
}
# What is counted for the reasons that tell a share.
SHARES: dict[str, Callable[[Board, sp.csc_matrix], np.ndarray]] = {
    "bought_with": lambda on, pairs: shares(on.bought, pairs),
    "bought_after": later_shares,
}
# What it looks at where it reads no stories; the other questions look at everything.
TABLES = ("customers", "lines", "products")
# Below this similarity two products share little more than common words.
ALIKE = 0.35


@dataclass(frozen=True)
class ProductsModel:
    """Everything that scoring needs and that was learnt from many customers.

    product_ids (m,) sorted. shares: per reason a CSR (listed, owned), of 1 the buyers of the owned product
    that the reason speaks of. recent (m,): buyers in the last TREND_DAYS days. vectors (m, n-grams): what
    is written about the products.
    """

    kind: ClassVar[str] = "products"

    product_ids: np.ndarray
    ranker: Ranker
    shares: dict[str, sp.csr_matrix]
    recent: np.ndarray
    chances: Chances
    unsold_chance: float
    wording: Wording
    vectors: sp.csr_matrix
    reorders: Reorders
    settings: dict[str, Any]
    only_product_ids: list[int] | None = None
    # The ranking is no better than the plain rule: what is due again is told all the same, and nothing else.
    only_reorders: bool = False

    @property
    def reads_stories(self) -> bool:
        return isinstance(self.ranker.scorer, StoryScorer)

    @property
    def tables(self) -> tuple[str, ...]:
        """What it looks at."""
        return stories.TABLES if self.reads_stories and not self.only_reorders else TABLES

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta = {
            "unsold_chance": self.unsold_chance,
            "chance_floor": self.chances.floor,
            "reorders": self.reorders.state(),
            "settings": self.settings,
            "scorer": None,
            "shares": list(self.shares),
            "only_product_ids": self.only_product_ids,
            "only_reorders": self.only_reorders,
        }
        arrays = {
            "product_ids": self.product_ids,
            "lift": self.ranker.lift,
            "popular": self.ranker.popular,
            "groups": self.ranker.groups,
            "recent": self.recent,
            "chances": self.chances.weights,
            "idf": self.wording.idf,
            **sparse_arrays("vectors", self.vectors),
        }
        for why, share in self.shares.items():
            arrays |= sparse_arrays(f"share_{why}", share)
        if self.ranker.scorer is not None:
            learnt, learnt_arrays = self.ranker.scorer.state()
            meta["scorer"] = {"name": self.ranker.scorer.name, **learnt}
            arrays |= {f"scorer_{name}": array for name, array in learnt_arrays.items()}
        return meta, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> "ProductsModel":
        return cls(
            product_ids=arrays["product_ids"],
            ranker=Ranker(
                _scorer(meta["scorer"], arrays), arrays["lift"], arrays["popular"], arrays["groups"]
            ),
            shares={
                why: sp.csr_matrix(*sparse_parts(f"share_{why}", arrays)) for why in meta["shares"]
            },
            recent=arrays["recent"],
            chances=Chances(arrays["chances"], meta["chance_floor"]),
            unsold_chance=meta["unsold_chance"],
            wording=Wording(arrays["idf"]),
            vectors=sp.csr_matrix(*sparse_parts("vectors", arrays)),
            reorders=Reorders.from_state(meta["reorders"]),
            settings=meta["settings"],
            only_product_ids=meta["only_product_ids"],
            only_reorders=meta.get("only_reorders", False),
        )


def _scorer(meta: dict[str, Any] | None, arrays: Arrays) -> Scorer | None:
    if meta is None:
        return None
    own = {
        name.removeprefix("scorer_"): array
        for name, array in arrays.items()
        if name.startswith("scorer_")
    }
    return SCORERS[meta["name"]].from_state(meta, own)


def serving_model(
    data: Inputs, champion: Tried, wording: Wording, popular_days: int
) -> tuple[ProductsModel, dict[str, Any]]:
    """Chances from the test window, weights and popularity from everything up to now."""
    assert champion.ranker is not None
    unsold, unsold_chance = _judge_unsold(data, wording)
    reorders, reorder_summary = _judge_reorders(data)
    refitted = fit(champion, data, data.now, wording, popular_days)
    model = ProductsModel(
        product_ids=data.now.product_ids,
        ranker=refitted,
        shares=_shares(refitted.scorer, data.now),
        recent=data.now.recent[TREND_DAYS],
        chances=_chances(champion.ranker, data),
        unsold_chance=unsold_chance,
        wording=wording,
        vectors=vectors_of(data, data.now, wording),
        reorders=reorders,
        settings={**champion.settings, "horizon_days": data.horizon_days},
        only_product_ids=data.only_product_ids,
    )
    return model, {"unsold": unsold, "reorders": reorder_summary}


def _shares(scorer: Scorer | None, on: Board) -> dict[str, sp.csr_matrix]:
    """How many of the buyers of the owned product did what the reason says, for every pair it may name."""
    if scorer is None:
        return {}
    learnt = {}
    for why in SHARES:
        pairs = scorer.pairs(why)
        if pairs.nnz:
            told = sp.csc_matrix((SHARES[why](on, pairs), pairs.indices, pairs.indptr), pairs.shape)
            learnt[why] = sp.csr_matrix(told.T)
    return learnt


def _chances(made: Ranker, data: Inputs) -> Chances:
    """Learnt from the lists of the test window's customers, those who bought nothing included."""
    on = data.test
    assert on.targets is not None
    who = activity(data.sales.before(on.as_of), on.as_of, on.customer_ids, on.bought)
    scores, rows_of, bought = [], [], []
    for rows, batch in batches(on.history):
        top, value = made.listed(made.scores(batch))
        scores.append(value)
        rows_of.append(np.arange(rows.start, rows.stop))
        bought.append(is_target(top, on.targets[rows]))
    score = np.concatenate(scores)
    row = np.repeat(np.concatenate(rows_of), score.shape[1])
    rank = np.tile(np.arange(1, score.shape[1] + 1), len(score))
    listed = np.isfinite(score.ravel())
    return Chances.fit(
        score.ravel()[listed],
        rank[listed],
        at(who, row[listed]),
        np.concatenate(bought).ravel()[listed].astype(float),
    )


def activity(
    sales: Sales, as_of: datetime, customer_ids: np.ndarray, bought: sp.csr_matrix
) -> Activity:
    return Activity.of(sales, as_of, customer_ids, np.diff(bought.indptr))


def _judge_unsold(data: Inputs, wording: Wording) -> tuple[dict[str, Any], float]:
    """How well wording alone finds the buyers of products that nobody had bought before."""
    on = data.test
    assert on.cold is not None
    rows, products = on.cold
    unsold = np.unique(products)
    if len(rows) < 20 or len(unsold) < 2:
        return {"products": len(unsold), "n": 0}, 0.0
    alike = alike_to(wording, vectors_of(data, on, wording), data.products, unsold)
    asked = np.unique(rows)
    column = np.searchsorted(unsold, products)
    shape = (len(on.customer_ids), len(unsold))
    wanted = sp.csr_matrix((np.ones(len(rows)), (rows, column)), shape=shape)
    wanted.sum_duplicates()
    scores = np.asarray((on.bought[asked] @ alike.T).todense())
    values = list_metrics(best_columns(scores), wanted[asked])
    by_chance = np.mean(1 - (1 - np.minimum(10 / len(unsold), 1)) ** np.diff(wanted[asked].indptr))
    everyone = np.asarray((on.bought @ alike.T).todense())
    hit = is_target(best_columns(everyone, 1), wanted)
    summary = {
        "products": len(unsold),
        "n": len(asked),
        "metrics": {name: float(value.mean()) for name, value in values.items()},
        "hit_rate_by_chance": float(by_chance),
    }
    return summary, float(hit.mean())


def alike_to(
    wording: Wording, known: sp.csr_matrix, catalogue: pa.Table, unsold: np.ndarray
) -> sp.csr_matrix:
    """(unsold, known) similarities of at least ALIKE."""
    vectors = wording.vectors(catalogue_texts(catalogue, unsold))
    alike = sp.csr_matrix(vectors @ known.T)
    alike.data[alike.data < ALIKE] = 0
    alike.eliminate_zeros()
    alike.sort_indices()
    return alike


def _judge_reorders(data: Inputs) -> tuple[Reorders, dict[str, Any]]:
    """Learnt up to the validation window, judged on the test window, then learnt from everything."""
    horizon = data.horizon_days

    def learnt(until: datetime, window: datetime) -> Reorders:
        then = Reorders.learn(data.sales, window, horizon, data.category)
        coefficients = then.fitted(data.sales, window, horizon, data.category).coefficients
        made = Reorders.learn(data.sales, until, horizon, data.category)
        return replace(made, coefficients=coefficients)

    earlier = learnt(data.test.as_of, data.validation.as_of)
    due = earlier.due(data.sales.before(data.test.as_of), data.test.as_of, data.category)
    bought = was_bought(due, data.sales, data.test.as_of, horizon)
    summary: dict[str, Any] = {"n": len(bought), "categories": earlier.categories}
    if len(bought) and bought.min() != bought.max():
        summary["bought_again"] = float(bought.mean())
        summary["metrics"] = binary_metrics(bought, due.chance)
    return learnt(data.as_of, data.test.as_of), summary
