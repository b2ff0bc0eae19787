"""What the data can tell, said before anything is learnt from it, and the columns kept from the learners.

Two kinds of column are left out, both only among those that carry no date (attributes, country, language, kind):
- a leak: one that alone tells who leaves almost perfectly. Most often it was noted after the customer had left
  (a reason for leaving, an account that is closed). It may come back once somebody has said that it is known before.
- an identity: text that is different for almost every customer (a name, an e-mail address, a remark).
Everything else is computed from facts that lie before the moment, and cannot know what came after.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.metrics import roc_auc_score

from insights.ml.features import ATTRIBUTE, UNDATED, family_of, feature_columns
from insights.ml.learners import customer_folds
from insights.ml.snapshots import Inputs, Snapshot
from insights.ml.tables import Tables

# One honest column hardly ever ranks leavers this well (0.5 is chance, 1 is perfect) …
LEAK_AUC = 0.95
# … or holds a good part of all leavers in values that nobody has who stayed.
PURE, PURE_SHARE, PURE_LEAST = 0.99, 0.25, 20
BINS, RARE, PRIOR = 32, 10, 2.0
# Where more leave than this, groups in which everybody leaves are no wonder.
COMMON = 0.7
IDENTITY_SHARE, IDENTITY_LEAST = 0.5, 20
SPARSE, MOST_NAMED = 0.5, 8
DAYS_A_MONTH = 365.25 / 12


def counted(tables: Tables, as_of: datetime) -> dict[str, Any]:
    """How much there is: customers who bought, their orders, first and last moment, months between."""
    orders = tables["orders"]
    earlier = pc.less(orders["occurred_at"], pa.scalar(as_of, pa.timestamp("us")))
    sales = orders.filter(pc.and_(pc.equal(orders["kind"], "sale"), earlier))
    if not len(sales):
        return {"customers": 0, "orders": 0, "months": 0}
    span = pc.min_max(sales["occurred_at"]).as_py()
    days = (span["max"] - span["min"]).total_seconds() / 86_400
    return {
        "customers": pc.count_distinct(sales["customer_id"]).as_py(),
        "orders": len(sales),
        "months": round(days / DAYS_A_MONTH),
        "since": span["min"].isoformat(),
        "until": span["max"].isoformat(),
    }


def guarded(made: Inputs, amounts: dict[str, Any], confirmed: Collection[str] = ()) -> Inputs:
    """The same inputs without what must not be learnt from, and with `checks` to tell people.

    confirmed: columns that somebody has declared to be known before customers leave. checks, besides `amounts`:
    learnt_from (customers), columns (how many), missing_share, sparse and silent (families of features that are
    mostly missing, or the same for everybody), leaks [{column, auc, used}], identities [column].
    """
    train = made.train
    undated = [n for n in feature_columns(train.frame) if n in UNDATED or n.startswith(ATTRIBUTE)]
    identities = [name for name in undated if _is_identity(train.frame, name)]
    leaks = [
        {"column": name, "auc": round(auc, 4), "used": name in confirmed}
        for name, auc in leaking(train, [n for n in undated if n not in identities])
    ]
    out = [*identities, *(str(one["column"]) for one in leaks if not one["used"])]
    kept = made.train.without(out)
    return replace(
        made,
        train=kept,
        test=made.test.without(out) if made.test else None,
        checks={
            **amounts,
            "learnt_from": len(np.unique(kept.groups)),
            **_filled(kept.frame),
            "leaks": leaks,
            "identities": identities,
        },
    )


def leaking(snapshot: Snapshot, columns: Iterable[str]) -> list[tuple[str, float]]:
    """Those of the columns that alone tell who leaves almost perfectly, with the ROC-AUC of each."""
    halves = customer_folds(snapshot.groups, 2, 42)
    found = []
    for name in columns:
        auc, pure = _alone(snapshot.frame[name], snapshot.y, halves)
        if auc >= LEAK_AUC or pure:
            found.append((name, auc))
    return found


def _alone(values: pd.Series, y: np.ndarray, halves: list[np.ndarray]) -> tuple[float, bool]:
    """ROC-AUC of a column by itself, and whether some of its values belong to leavers only.

    The rate of each value (of each of 32 bins of a number; missing is a value too) is learnt on one half of the
    customers and tried on the other.
    """
    codes = _codes(values)
    rate = np.zeros(len(y))
    for unseen in halves:
        size = codes.max() + 1
        counts = np.bincount(codes[~unseen], minlength=size)
        hits = np.bincount(codes[~unseen], weights=y[~unseen], minlength=size)
        overall = y[~unseen].mean()
        rate[unseen] = ((hits + PRIOR * overall) / (counts + PRIOR))[codes[unseen]]
    if not 0 < y.sum() < len(y):
        return 0.5, False
    sure = rate >= PURE - PRIOR / (PRIOR + PURE_LEAST)
    pure = (
        y.mean() < COMMON
        and y[sure].sum() >= max(PURE_LEAST, PURE_SHARE * y.sum())
        and y[sure].mean() >= PURE
    )
    return float(roc_auc_score(y, rate)), bool(pure)


def _codes(values: pd.Series) -> np.ndarray:
    """(n,) int: 0 is missing; numbers fall into bins of about equal size, rare names into one."""
    missing = values.isna().to_numpy()
    if values.dtype == object:
        codes, _ = pd.factorize(values)
        common = np.bincount(codes[~missing], minlength=1) >= RARE
        return np.where(missing, 0, np.where(common[np.maximum(codes, 0)], codes + 2, 1))
    numbers = values.to_numpy(dtype="float64")
    if missing.all():
        return np.zeros(len(numbers), int)
    cuts = np.unique(np.nanquantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.where(missing, 0, np.searchsorted(cuts, numbers, side="right") + 1)


def _is_identity(frame: pd.DataFrame, name: str) -> bool:
    if frame[name].dtype != object or not name.startswith(ATTRIBUTE):
        return False
    known = frame.drop_duplicates("customer_id", keep="last")[name].dropna()
    return len(known) >= IDENTITY_LEAST and known.nunique() > IDENTITY_SHARE * len(known)


def _filled(frame: pd.DataFrame) -> dict[str, Any]:
    names = feature_columns(frame)
    missing = frame[names].isna().mean()
    varies = {family_of(name) for name in names if frame[name].nunique(dropna=False) > 1}
    least: dict[str, float] = {}
    for name in names:
        family = family_of(name)
        least[family] = min(least.get(family, 1.0), float(missing[name]))
    sparse = sorted(
        ((share, family) for family, share in least.items() if family in varies and share > SPARSE),
        reverse=True,
    )
    return {
        "columns": len(names),
        "missing_share": round(float(missing.mean()), 4) if names else 0.0,
        "sparse": [{"code": code, "share": round(share, 4)} for share, code in sparse[:MOST_NAMED]],
        "silent": sorted({family_of(name) for name in names} - varies),
    }
