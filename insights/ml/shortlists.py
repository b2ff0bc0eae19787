"""From scores to the list a salesperson sees: what may be offered, in which order, and why."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp

from insights.ml.baskets import run_starts
from insights.ml.ranking import LENGTH, best_columns
from insights.ml.recommenders import TREND_DAYS, Ranker, batches
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


def strongest_owned(
    bought: sp.csr_matrix, by_target: sp.csr_matrix, top: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each listed product the owned one that speaks for it most.

    bought: (n, products) binary. by_target: (targets, products) CSR, row j the weights that lead to j.
    top: (n, k) targets. -> column of the owned product, -1 where none has a positive weight, and the
    position of its weight in by_target.data, both (n, k).
    """
    owner = np.full(top.shape, -1, dtype=np.int64)
    place = np.full(top.shape, -1, dtype=np.int64)
    stored = sp.csr_matrix(
        (np.arange(1, by_target.nnz + 1), by_target.indices, by_target.indptr),
        shape=by_target.shape,
    )
    mask = bought.astype(bool).astype(np.int64)
    for k in range(top.shape[1]):
        # Positions travel through the product, so that weight, share and product are found together.
        met = sp.csr_matrix(stored[top[:, k]].multiply(mask))
        rows = np.repeat(np.arange(len(top)), np.diff(met.indptr))
        at = met.data - 1
        order = np.lexsort((met.indices, -by_target.data[at], rows))
        rows, columns, at = rows[order], met.indices[order], at[order]
        best = run_starts(rows)
        best = best[by_target.data[at[best]] > 0]
        owner[rows[best], k], place[rows[best], k] = columns[best], at[best]
    return owner, place


@dataclass(frozen=True)
class Shelf:
    """What may be offered now. open_known: (products,) of the model; unsold: ids nobody has bought yet."""

    open_known: np.ndarray
    unsold: np.ndarray


def new_products(
    ranker: Ranker,
    by_target: sp.csr_matrix,
    share: np.ndarray,
    recent: np.ndarray,
    product_ids: np.ndarray,
    shelf: Shelf,
    bought: sp.csr_matrix,
) -> list[Offers]:
    """The best LENGTH products that each customer has not bought yet; chance still holds the raw score.

    share: aligned to by_target.data. recent: (products,) buyers in the last TREND_DAYS days.
    """
    parts = []
    for rows, batch in batches(bought):
        scores = ranker.scores(batch)
        scores[:, ~shelf.open_known] = -np.inf
        top = best_columns(scores, LENGTH)
        value = np.take_along_axis(scores, top, axis=1)
        owner, place = strongest_owned(batch, by_target, top)
        listed = np.isfinite(value)
        owner[value <= 0] = -1
        parts.append(
            Offers(
                row=np.repeat(np.arange(rows.start, rows.stop)[:, None], top.shape[1], axis=1)[
                    listed
                ],
                product_id=product_ids[top][listed],
                chance=value[listed],
                why=np.where(owner >= 0, "bought_with", "popular")[listed].astype(object),
                because=np.where(owner >= 0, product_ids[owner], -1)[listed],
                facts=[
                    {"share": round(float(share[at]), 4)}
                    if at >= 0
                    else {"buyers_recent": int(recent[column]), "days": TREND_DAYS}
                    for at, column in zip(
                        np.where(owner >= 0, place, -1)[listed], top[listed], strict=True
                    )
                ],
            )
        )
    return parts


def similar_unsold(
    alike: sp.csr_matrix,
    chance: float,
    product_ids: np.ndarray,
    shelf: Shelf,
    bought: sp.csr_matrix,
) -> list[Offers]:
    """For each customer the products nobody bought yet that read most like what they own.

    alike: (unsold, products) similarity, small values already dropped.
    """
    if not alike.shape[0] or not alike.nnz:
        return []
    parts = []
    for rows, batch in batches(bought):
        scores = np.asarray((batch @ alike.T).todense())
        top = best_columns(scores, MOST_UNSOLD)
        listed = np.take_along_axis(scores, top, axis=1) > 0
        owner, place = strongest_owned(batch, alike, top)
        count = int(listed.sum())
        parts.append(
            Offers(
                row=np.repeat(np.arange(rows.start, rows.stop)[:, None], top.shape[1], axis=1)[
                    listed
                ],
                product_id=shelf.unsold[top][listed],
                chance=np.full(count, chance),
                why=np.full(count, "similar", dtype=object),
                because=product_ids[owner][listed],
                facts=[{"similarity": round(float(alike.data[at]), 4)} for at in place[listed]],
            )
        )
    return parts


def reorders(due: Due, customer_ids: np.ndarray, allowed: np.ndarray) -> Offers:
    """Each customer's likeliest MOST_REORDERS due reorders among the allowed (sorted ids)."""
    rows = np.flatnonzero(np.isin(due.product_id, allowed) & np.isin(due.customer_id, customer_ids))
    rows = rows[np.lexsort((due.product_id[rows], -due.chance[rows], due.customer_id[rows]))]
    rows = rows[place_in_run(due.customer_id[rows]) < MOST_REORDERS]
    return Offers(
        row=np.searchsorted(customer_ids, due.customer_id[rows]),
        product_id=due.product_id[rows],
        chance=due.chance[rows],
        why=np.full(len(rows), "reorder", dtype=object),
        because=np.full(len(rows), -1),
        facts=[
            {"days_late": round(float(late)), "usual_days": round(float(usual))}
            for late, usual in zip(due.late[rows], due.usual[rows], strict=True)
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
