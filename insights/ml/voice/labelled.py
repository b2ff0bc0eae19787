"""Messages whose answer is known: what models of texts are learnt and judged on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from insights.ml.evaluation import NotEnoughData
from insights.ml.voice.learners.plainness import plain
from insights.ml.voice.script import family

# Columns that every table of messages may bring; all but the text may be missing or hold nothing.
COLUMNS = ("text", "customer_id", "occurred_at", "rating", "label", "labelled_at")
# The newest share of the messages judges the models, where most of them have a time and the window is long enough.
NEWEST = 0.2
MOSTLY = 0.9
LEAST_MESSAGES = 100
# Of a class with fewer nothing is learnt.
LEAST_OF_EACH = 5
# More messages change the third decimal and cost minutes.
MOST_MESSAGES = 60_000
SEED = 42


@dataclass
class Labelled:
    """texts (n), y (n,) class numbers, groups (n,): messages of one customer, or of one wording, never stand on both
    sides of a split."""

    texts: list[str]
    y: np.ndarray
    groups: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)

    def rows(self, chosen: np.ndarray) -> "Labelled":
        texts = [self.texts[place] for place in np.arange(len(self.texts))[chosen]]
        return Labelled(texts, self.y[chosen], self.groups[chosen])

    def joined(self, other: "Labelled") -> "Labelled":
        return Labelled(
            self.texts + other.texts,
            np.concatenate([self.y, other.y]),
            np.concatenate([self.groups, other.groups]),
        )


@dataclass
class Inputs:
    """What a training sees: `test` is None where messages have no time, and folds take its place. `names`: of each
    class what people call it, where that says something. `sources`: whose word the labels are, and of when."""

    train: Labelled
    test: Labelled | None
    classes: tuple[str, ...]
    params: dict[str, Any] = field(default_factory=dict)
    windows: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    sources: dict[str, Any] = field(default_factory=dict)


def known(messages: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """The messages with all columns, without those that were not written before as_of, and without the labels
    that were not given before it."""
    frame = messages.reindex(columns=list(COLUMNS)).copy()
    frame["text"] = frame["text"].fillna("").astype(str)
    for column in ("occurred_at", "labelled_at"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    moment = pd.to_datetime(as_of, utc=True)
    frame = frame[~(frame["occurred_at"] >= moment)]
    late = frame["labelled_at"] >= moment
    frame.loc[late, "label"] = None
    return frame[frame["text"].str.strip() != ""].reset_index(drop=True)


def made_inputs(
    frame: pd.DataFrame, order: Sequence[str], params: dict[str, Any], least: int = LEAST_MESSAGES
) -> Inputs:
    """Inputs from rows with a label each; classes in the given order.

    Raises NotEnoughData: no_labels, too_few_labels (needed, have), one_class_only (label, have).
    """
    if frame.empty:
        raise NotEnoughData("no_labels", {"needed": least})
    if len(frame) < least:
        raise NotEnoughData("too_few_labels", {"needed": least, "have": len(frame)})
    counts = frame["label"].value_counts()
    classes = tuple(one for one in order if counts.get(one, 0) >= LEAST_OF_EACH)
    if len(classes) < 2:
        facts = {"label": str(counts.index[0]), "have": int(counts.iloc[0]), "needed": 2}
        raise NotEnoughData("one_class_only", facts)
    frame = _newest_most(frame[frame["label"].isin(classes)])
    made = _parted(frame, classes, params)
    made.sources = _sources(frame)
    return made


def _parted(frame: pd.DataFrame, classes: tuple[str, ...], params: dict[str, Any]) -> Inputs:
    every = _labelled(frame, classes)
    newest, windows = _newest(frame, len(classes), every.y)
    if newest is None:
        return Inputs(every, None, classes, params, {"form": "folds", **windows})
    # What many write word for word would be judged by those who have learnt it.
    wording = pd.factorize(frame["text"].map(plain))[0]
    seen = ~newest & ~np.isin(every.groups, every.groups[newest])
    seen &= ~np.isin(wording, wording[newest])
    if len(np.unique(every.y[seen])) < len(classes):
        return Inputs(every, None, classes, params, {"form": "folds", **windows})
    return Inputs(every.rows(seen), every.rows(newest), classes, params, windows)


def _sources(frame: pd.DataFrame) -> dict[str, Any]:
    """How many labels are stars and how many people's word, of how many customers, since when and until when."""
    times, by_stars = frame["occurred_at"].dropna(), frame.get("by_stars")
    stars = 0 if by_stars is None else int(by_stars.sum())
    return {
        "stars": stars,
        "people": len(frame) - stars,
        "customers": int(frame["customer_id"].nunique()),
        "since": None if times.empty else times.min().isoformat(),
        "until": None if times.empty else times.max().isoformat(),
        "languages": {
            str(name): int(count)
            for name, count in frame["text"].map(family).value_counts().items()
        },
    }


def _newest_most(frame: pd.DataFrame) -> pd.DataFrame:
    """As many as are learnt from, the latest of them; those without a time count as old."""
    ordered = frame.sort_values("occurred_at", kind="stable", na_position="first")
    return ordered.tail(MOST_MESSAGES).reset_index(drop=True)


def _labelled(frame: pd.DataFrame, classes: Sequence[str]) -> Labelled:
    number = {name: place for place, name in enumerate(classes)}
    y = frame["label"].map(number).to_numpy(dtype=np.int64)
    return Labelled(frame["text"].tolist(), y, same_source(frame))


def same_source(frame: pd.DataFrame) -> np.ndarray:
    """(n,) a number for the customer of each message, else for its wording."""
    wording = frame["text"].map(plain)
    customer = frame["customer_id"]
    names = np.where(customer.isna(), wording, "\x00" + customer.astype(str))
    # Not numpy's unique: its array of texts is as wide as the longest in every row.
    return pd.factorize(names, sort=True)[0]


def _newest(
    frame: pd.DataFrame, classes: int, y: np.ndarray
) -> tuple[np.ndarray | None, dict[str, Any]]:
    """(n,) the messages that judge, all of a class among them; None where time does not part them."""
    times = frame["occurred_at"]
    if times.notna().mean() < MOSTLY or times.nunique() < 2:
        return None, {}
    until = pd.Timestamp(str(times.quantile(1 - NEWEST)))
    newest = (times > until).to_numpy()
    if len(np.unique(y[newest])) < classes or len(np.unique(y[~newest])) < classes:
        return None, {}
    # A window of a few minutes is an import that gave everything the moment of the import.
    if times.max() - times.min() < pd.Timedelta(days=7):
        return None, {}
    windows = {
        "form": "newest",
        "test_from": until.isoformat(),
        "test_until": times.max().isoformat(),
    }
    return newest, windows
