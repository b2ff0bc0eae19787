"""Which customers behave alike? Eight names that everybody knows, and groups found by behaviour beside them.

The names (recency, frequency and money) are the plain rule and are always what is published: people
act on names that mean the same next month. Their thresholds are learnt once and handed on from model to
model, so that a customer moves for their own behaviour and not because others changed theirs. The groups
of k-means are published beside them when they are stable, under the numbers of the groups before them. In a company
of many customers they are looked for twice: in figures of behaviour, and in where a network places whole stories; what
holds together better is published. Which of names and groups tells more about what customers do next is judged on
later data, and said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from insights.ml import stories
from insights.ml.axes import Axes
from insights.ml.clusters import CLEARLY, Clusters, fit_clusters
from insights.ml.evaluation import Candidate, Evaluation, Judged, NotEnoughData, Report, beats
from insights.ml.features import features
from insights.ml.groupings import (
    BehaviourGroups,
    Grouping,
    RfmNames,
    StoryGroups,
    Window,
    grade,
    judge,
)
from insights.ml.likeness import Likeness
from insights.ml.segments_model import KIND, SegmentsModel
from insights.ml.segments_rfm import SEGMENTS, Rfm
from insights.ml.tables import Tables, complete, utc

HORIZON_DAYS = 90
LEAST_HISTORY_DAYS = 30
LEAST_CUSTOMERS = 100
BY_BEHAVIOUR, BY_STORY = "kmeans", "kmeans_story"
# A training is handed the model it follows (params["before"]).
FOLLOWS = True
COLUMNS = [
    "customer_id", "segment", "recency_band", "frequency_band", "monetary_band", "cluster",
    "alike",
]  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """The window the groups learn from, the later one they are judged on, and the present.

    ``terms``: what the thresholds are drawn for; ``before``: the model that this one follows; ``anew``: draw
    the thresholds again whatever it says; ``last_number``: the highest that any group has ever had; ``tables``:
    everything known, where whole stories are read; ``groups_before`` (rows of now,): the numbers that the groups
    before give, None where they are none; ``part``: whether stories are read, and why.
    """

    horizon_days: int
    earlier: Window
    test: Window
    now: pd.DataFrame
    as_of: str = ""
    terms: dict[str, Any] = field(default_factory=dict)
    before: SegmentsModel | None = None
    anew: bool = False
    last_number: int = -1
    tables: Tables | None = None
    groups_before: np.ndarray | None = None
    part: dict[str, Any] = field(default_factory=dict)


def inputs(tables: Tables, as_of: datetime, params: Mapping[str, Any]) -> Inputs:
    """Feature rows as of two past moments with what followed, and as of now.

    params: horizon_days (90), currency, before (a SegmentsModel), anew, last_number. Raises NotEnoughData:
    no_orders, history_too_short, too_few_customers.
    """
    tables = complete(tables)
    horizon = timedelta(days=int(params.get("horizon_days", HORIZON_DAYS)))
    orders = tables["orders"].select(["customer_id", "occurred_at", "kind", "amount"]).to_pandas()
    sales = orders[(orders["kind"] == "sale") & (orders["occurred_at"] < utc(as_of))]
    if sales.empty:
        raise NotEnoughData("no_orders", {})
    test_as_of = _newest_window(sales, utc(as_of), horizon)
    moments = [test_as_of - horizon, test_as_of, utc(as_of)]
    frame = features(tables, moments, custom=False)
    frame = frame[frame["orders_all"] > 0]
    earlier, test = (_window(frame, sales, moment, horizon) for moment in moments[:2])
    if len(earlier.frame) < LEAST_CUSTOMERS:
        raise NotEnoughData(
            "too_few_customers", {"needed": LEAST_CUSTOMERS, "have": len(earlier.frame)}
        )
    now, before = _rows(frame, moments[2]), params.get("before")
    known = before.known_clusters if before else None
    part = stories.Part.of(params, len(now), tables, stories.MOST_STORIES)
    return Inputs(
        horizon.days,
        earlier,
        test,
        now,
        utc(as_of).isoformat(),
        {"horizon_days": horizon.days, "currency": params.get("currency", "")},
        before,
        bool(params.get("anew")),
        int(params.get("last_number", -1)),
        tables if part.takes else None,
        known.assign(known.placed(now, tables)) if known else None,
        part.told,
    )


def _newest_window(sales: pd.DataFrame, as_of: datetime, horizon: timedelta) -> datetime:
    first = sales["occurred_at"].min().to_pydatetime()
    # A file that ends last year says nothing about the time since: its last order is its present.
    closed = min(as_of, sales["occurred_at"].max().to_pydatetime() + timedelta(seconds=1))
    if closed - 2 * horizon < first + timedelta(days=LEAST_HISTORY_DAYS):
        needed = 2 * horizon.days + LEAST_HISTORY_DAYS
        raise NotEnoughData(
            "history_too_short", {"days_needed": needed, "days_have": (closed - first).days}
        )
    return closed - horizon


def _rows(frame: pd.DataFrame, moment: datetime) -> pd.DataFrame:
    return frame[frame["as_of"] == pd.Timestamp(moment)].reset_index(drop=True)


def _window(
    frame: pd.DataFrame, sales: pd.DataFrame, moment: datetime, horizon: timedelta
) -> Window:
    rows = _rows(frame, moment)
    inside = (sales["occurred_at"] >= moment) & (sales["occurred_at"] < moment + horizon)
    spent = sales[inside].groupby("customer_id")["amount"].sum()
    return Window(moment, rows, spent.reindex(rows["customer_id"]).fillna(0.0).to_numpy())


def candidates(params: Mapping[str, Any]) -> list[Candidate]:
    """The plain rule first; the groups found in whole stories take part where these are read (see stories.Part)."""
    before = params.get("before")
    known = before.known_clusters if before else None
    rather = known.k if known else None
    return [
        Candidate("rfm", RfmNames, glass_box=True, baseline=True),
        Candidate(BY_BEHAVIOUR, lambda: BehaviourGroups(rather), glass_box=True),
        Candidate(BY_STORY, lambda: StoryGroups(rather)),
    ]


def evaluate(data: Inputs, candidates: Sequence[Candidate], report: Report) -> Evaluation:
    """Groups learnt on the earlier window, judged on how much they tell about the next one.

    Each customer of the later window is expected to spend what their group spent on average in the
    earlier one. The names are published whatever comes out; the summary says what they are worth. They are
    judged with thresholds of the earlier window: those handed on may have been learnt from the later one.
    """
    judged: list[Judged] = []
    sizes: dict[str, int] = {}
    candidates = [one for one in candidates if one.name != BY_STORY or data.tables is not None]
    for i, candidate in enumerate(candidates):
        report(f"fit:{candidate.name}", 0.7 * i / len(candidates), len(data.earlier.frame))
        grouping = _built(candidate, data).fit(data.earlier.frame)
        if grouping is None:
            continue
        judged.append(judge(candidate, grouping, data.earlier, data.test))
        if isinstance(grouping, BehaviourGroups):
            sizes[candidate.name] = grouping.clusters_.k
    report("refit", 0.7, len(data.now))
    found = {name: groups for name, k in sizes.items() if (groups := _found(data, name, k))}
    for one in judged:
        if one.name in found:
            one.metrics |= found[one.name].told
    chosen = preferred(found, data.before.known_clusters if data.before else None)
    rfm, lines = thresholds(data)
    model = _model(data, rfm, found.get(chosen), lines["as_of"])
    report("done", 1.0, None)
    summary = _summary(data, judged, model, found.get(chosen), chosen)
    return Evaluation(summary | {"thresholds": lines}, model)


def _built(candidate: Candidate, data: Inputs) -> Grouping:
    grouping: Grouping = candidate.build()
    if isinstance(grouping, StoryGroups) and data.tables is not None:
        grouping.reads(data.tables, data.horizon_days)
    return grouping


@dataclass(frozen=True)
class Found:
    """Groups of today, and the feature rows of now as they need them."""

    clusters: Clusters
    now: pd.DataFrame

    @property
    def told(self) -> dict[str, float]:
        return {"silhouette": self.clusters.silhouette, "stability": self.clusters.stability}


def _found(data: Inputs, name: str, k: int) -> Found | None:
    """The groups of today, under the numbers of those before them.

    As many as there were, or as the earlier window called for; where neither holds up today, as many as do.
    """
    axes, now = None, data.now
    if name == BY_STORY:
        assert data.tables is not None
        axes = Axes.learn(data.now, data.tables, data.horizon_days)
        now = axes.placed(data.now, data.tables)
    known = data.before.known_clusters if data.before else None
    rather = known.k if known else None
    clusters = fit_clusters(now, k=k, rather=rather, axes=axes)
    if clusters is not None and not clusters.stable:
        clusters = fit_clusters(now, rather=rather, axes=axes)
    if clusters is None:
        return None
    return Found(clusters.continuing(known, now, data.last_number, data.groups_before), now)


def preferred(found: Mapping[str, Found], known: Clusters | None) -> str:
    """Which groups are published: those of the better silhouette among the stable ones; the kind that people know
    stays, and figures of behaviour where there is none, unless the other is clearly better."""
    stable = {name: one for name, one in found.items() if one.clusters.stable} or found
    first = BY_STORY if known and known.axes else BY_BEHAVIOUR
    if first not in stable:
        return next(iter(stable), "")
    lead = stable[first].clusters.silhouette + CLEARLY
    return next((name for name, one in stable.items() if one.clusters.silhouette > lead), first)


def _model(data: Inputs, rfm: Rfm, found: Found | None, lines_as_of: str) -> SegmentsModel:
    published = found.clusters if found and found.clusters.stable else None
    now = found.now if found else data.now
    return SegmentsModel(
        rfm,
        published,
        data.before.known_clusters if data.before else None,
        Likeness.fit(now, rfm, published),
        lines_as_of,
        data.terms,
    )


def thresholds(data: Inputs) -> tuple[Rfm, dict[str, Any]]:
    """The thresholds of the model before, or new ones and why: first, asked, terms or drifted."""
    before = data.before
    drift = before.rfm.drifted(data.now) if before else None
    why = ""
    if before is None:
        why = "first"
    elif data.anew:
        why = "asked"
    elif before.terms and before.terms != data.terms:
        why = "terms"
    elif drift:
        why = "drifted"
    if before is None or why:
        facts = drift if drift and why == "drifted" else {}
        return Rfm.fit(data.now), {"kept": False, "why": why, "as_of": data.as_of, "facts": facts}
    rfm = before.rfm.with_shares(data.now) if before.rfm.shares_unknown else before.rfm
    return rfm, {"kept": True, "why": "", "as_of": before.thresholds_as_of, "facts": {}}


def _summary(
    data: Inputs, judged: list[Judged], model: SegmentsModel, found: Found | None, chosen: str
) -> dict[str, Any]:
    rule = next(one for one in judged if one.baseline)
    other = next((one for one in judged if one.name == chosen), None)
    better = other is not None and beats(other, rule)
    letter = grade(rule)
    told = found.clusters.described(found.now) if model.clusters is not None and found else []
    sizes = model.rfm.assign(data.now)["segment"].value_counts()
    return {
        "kind": KIND,
        "windows": {
            "horizon_days": data.horizon_days,
            "training_as_ofs": [data.earlier.as_of.isoformat()],
            "test_as_of": data.test.as_of.isoformat(),
            "test_until": (data.test.as_of + timedelta(days=data.horizon_days)).isoformat(),
            "stories": data.part,
        },
        "judged_on": "newest_window",
        "n_training": len(data.earlier.frame),
        "n_test": len(data.test.frame),
        "champion": rule.name,
        "baseline": rule.name,
        "glass_box": True,
        "candidates": [one.as_dict() for one in judged],
        "published_metrics": rule.metrics | (found.told if found else {}),
        "better_than_rule": better,
        "tells_more": other.name if better and other else rule.name,
        "grade": letter,
        "verdict": {
            "code": f"{KIND}_{letter.lower()}",
            "facts": {"explained": round(100 * rule.metrics["spend_explained"]), "n": len(data.test.frame)},
        },
        "bands": model.rfm.told(),
        "sizes": {name: int(sizes.get(name, 0)) for name in SEGMENTS},
        "clusters": told,
        "clusters_stable": model.clusters is not None,
        "grouped_by": chosen,
        "k": None if found is None else found.clusters.k,
        "params": {"horizon_days": data.horizon_days},
    }  # fmt: skip


def predict(
    model: SegmentsModel,
    tables: Tables,
    as_of: datetime,
    customer_ids: Iterable[int] | None = None,
) -> pd.DataFrame:
    """One row per customer who has ever bought: COLUMNS; cluster is Int64, NA when none is published.

    alike: where the customer stands in their behaviour (see insights.ml.likeness); None where nothing is known.
    """
    frame = features(tables, [utc(as_of)], customer_ids, custom=False)
    frame = frame[frame["orders_all"] > 0].reset_index(drop=True)
    if model.clusters is not None:
        frame = model.clusters.placed(frame, tables)
    scored = model.rfm.assign(frame)
    likeness = model.likeness
    told = (
        likeness.tell(frame, scored["segment"], model.clusters) if likeness else [None] * len(frame)
    )
    scored["alike"] = pd.Series(told, index=scored.index, dtype=object)
    if model.clusters is None:
        scored["cluster"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    else:
        scored["cluster"] = pd.array(model.clusters.assign(frame), dtype="Int64")
    return scored.assign(customer_id=frame["customer_id"])[COLUMNS]
