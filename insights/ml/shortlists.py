"""From scores to the list a salesperson sees: what may be offered, in which order, and why."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import History, Sales, run_starts
from insights.ml.rankers import Ranker, Scorer, batches, looked_up, strongest
from insights.ml.ranking import LENGTH, best_columns
from insights.ml.recommenders import TREND_DAYS
from insights.ml.reorders import Due

MOST_REORDERS = 3
MOST_UNSOLD = 1


@dataclass
class Offers:
    """Rows of a list in the making: one array per column, one element per customer and product."""

    row: np.ndarray
    product_id: np.ndarray
    chance: np.ndarray
    why: np.ndarray
    because: np.ndarray
    facts: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def joined(cls, parts: "list[Offers]") -> "Offers":
        return cls(
            row=np.concatenate([part.row for part in parts]),
            product_id=np.concatenate([part.product_id for part in parts]),
            chance=np.concatenate([part.chance for part in parts]),
            why=np.concatenate([part.why for part in parts]),
            because=np.concatenate([part.because for part in parts]),
            facts=[fact for part in parts for fact in part.facts],
        )


@dataclass(frozen=True)
class Shelf:
    """What may be offered now. open_known: (products,) of the model; unsold: ids nobody has bought yet."""

    open_known: np.ndarray
    unsold: np.ndarray


def new_products(
    ranker: Ranker,
    shares: dict[str, sp.csr_matrix],
    recent: np.ndarray,
    product_ids: np.ndarray,
    shelf: Shelf,
    known: History,
    sent_back: sp.csr_matrix,
) -> list[Offers]:
    """The best LENGTH products that each customer has not bought yet; chance still holds the raw score.

    sent_back: (customers, products). shares: per reason (listed, owned). recent: (products,) buyers in the
    last TREND_DAYS days.
    """
    parts = []
    for rows, batch in batches(known):
        scores = ranker.scores(batch)
        scores[:, ~shelf.open_known] = -np.inf
        scores[sent_back[rows].nonzero()] = -np.inf
        top, value = ranker.listed(scores)
        why, owner, fact = _reasons(ranker.scorer, shares, recent, batch, top, value)
        listed = np.isfinite(value)
        parts.append(
            Offers(
                row=_row_of_each(rows, top)[listed],
                product_id=product_ids[top][listed],
                chance=value[listed],
                why=why[listed],
                because=np.where(owner >= 0, product_ids[owner], -1)[listed],
                facts=fact[listed].tolist(),
            )
        )
    return parts


def _reasons(
    scorer: Scorer | None,
    shares: dict[str, sp.csr_matrix],
    recent: np.ndarray,
    known: History,
    top: np.ndarray,
    value: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Why each product is listed, because of which owned one (-1 for none), and the facts: all (n, k)."""
    owner = np.full(top.shape, -1, dtype=np.int64)
    part = np.zeros(top.shape)
    if scorer is not None:
        for k, added in enumerate(scorer.contributions(known, top)):
            owner[:, k], most = strongest(added)
            total = np.asarray(added.maximum(0).sum(axis=1)).ravel()
            part[:, k] = np.divide(most, total, out=np.zeros(len(most)), where=total > 0)
    owner[~(value > 0)] = -1
    why = np.full(top.shape, "popular", dtype=object)
    fact = np.empty(top.shape, dtype=object)
    spoken = owner >= 0
    if scorer is not None and spoken.any():
        listed, owned = top[spoken], owner[spoken]
        why[spoken] = scorer.whys(known, np.nonzero(spoken)[0], listed, owned)
        fact[spoken] = _told(why[spoken], listed, owned, shares, part[spoken])
    fact[~spoken] = [
        {"buyers_recent": buyers, "days": TREND_DAYS}
        for buyers in recent[top[~spoken]].astype(int).tolist()
    ]
    return why, owner, fact


def _told(
    why: np.ndarray,
    listed: np.ndarray,
    owned: np.ndarray,
    shares: dict[str, sp.csr_matrix],
    part: np.ndarray,
) -> np.ndarray:
    """The facts of each reason: the share of buyers that it speaks of, or its part of all that speaks for it."""
    facts = np.empty(len(why), dtype=object)
    for code in np.unique(why.astype(str)):
        rows = np.flatnonzero(why == code)
        if code in shares:
            found = looked_up(shares[code], listed[rows], owned[rows])
            facts[rows] = [{"share": round(share, 4)} for share in found.tolist()]
        else:
            facts[rows] = [{"part": round(one, 4)} for one in part[rows].tolist()]
    return facts


def _row_of_each(rows: slice, top: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(rows.start, rows.stop)[:, None], top.shape[1], axis=1)


def similar_unsold(
    alike: sp.csr_matrix,
    chance: float,
    product_ids: np.ndarray,
    shelf: Shelf,
    known: History,
    owned: sp.csr_matrix,
) -> list[Offers]:
    """For each customer the product nobody bought yet that reads most like what they own.

    alike: (unsold, products) similarity, small values already dropped. owned: (customers, unsold), bought
    since the model was learnt.
    """
    if not alike.shape[0] or not alike.nnz:
        return []
    parts = []
    for rows, batch in batches(known):
        scores = np.asarray((batch.bought @ alike.T).todense())
        scores[owned[rows].nonzero()] = 0
        top = best_columns(scores, 1)
        listed = np.take_along_axis(scores, top, axis=1)[:, 0] > 0
        owner, similarity = strongest(sp.csr_matrix(batch.bought.multiply(alike[top[:, 0]])))
        count = int(listed.sum())
        parts.append(
            Offers(
                row=np.flatnonzero(listed) + rows.start,
                product_id=shelf.unsold[top[listed, 0]],
                chance=np.full(count, chance),
                why=np.full(count, "similar", dtype=object),
                because=product_ids[owner[listed]],
                facts=[{"similarity": round(one, 4)} for one in similarity[listed].tolist()],
            )
        )
    return parts


def reorders(due: Due, customer_ids: np.ndarray, allowed: np.ndarray, sent_back: Sales) -> Offers:
    """Each customer's likeliest MOST_REORDERS due reorders among the allowed (sorted ids)."""
    base = np.int64(max(due.product_id.max(initial=0), sent_back.product_id.max(initial=0)) + 1)
    unwanted = np.isin(
        due.customer_id * base + due.product_id, sent_back.customer_id * base + sent_back.product_id
    )
    rows = np.flatnonzero(
        np.isin(due.product_id, allowed) & np.isin(due.customer_id, customer_ids) & ~unwanted
    )
    rows = rows[np.lexsort((due.product_id[rows], -due.chance[rows], due.customer_id[rows]))]
    rows = rows[place_in_run(due.customer_id[rows]) < MOST_REORDERS]
    return Offers(
        row=np.searchsorted(customer_ids, due.customer_id[rows]),
        product_id=due.product_id[rows],
        chance=due.chance[rows],
        why=np.full(len(rows), "reorder", dtype=object),
        because=np.full(len(rows), -1),
        facts=[
            {"days_late": round(late), "usual_days": round(usual), "own": own}
            for late, usual, own in zip(
                due.late[rows].tolist(),
                due.usual[rows].tolist(),
                due.own[rows].tolist(),
                strict=True,
            )
        ],
    )


def merged(offers: Offers) -> tuple[np.ndarray, np.ndarray]:
    """Which offers are shown and on which rank (1..LENGTH), the likeliest first.

    A product nobody has bought yet can prove nothing, so its chance would never bring it onto a list:
    it keeps the last place, which is how the company learns whether it sells.
    """
    unsold = offers.why == "similar"
    order = np.lexsort((np.arange(len(offers.row)), -offers.chance, offers.row))
    sold = order[~unsold[order]]
    room = LENGTH - np.isin(offers.row[sold], offers.row[unsold]) * MOST_UNSOLD
    shown = np.concatenate([sold[place_in_run(offers.row[sold]) < room], np.flatnonzero(unsold)])
    shown = shown[np.lexsort((shown, -offers.chance[shown], offers.row[shown]))]
    return shown, place_in_run(offers.row[shown]) + 1


def place_in_run(groups: np.ndarray) -> np.ndarray:
    """0, 1, 2 … within each run of equal values."""
    first = run_starts(groups)
    return np.arange(len(groups)) - np.repeat(first, np.diff(np.append(first, len(groups))))
