"""Customers as of a moment with what they spent in the days after it: what value is learnt and judged on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

import numpy as np
import pandas as pd

from insights.ml import stories
from insights.ml.evaluation import NotEnoughData
from insights.ml.features import features
from insights.ml.lifetimes import Histories, PurchaseDays
from insights.ml.lifetimes.histories import last_day_before
from insights.ml.tables import Tables, complete, utc

HORIZON_DAYS, YEAR_DAYS = 90, 365
STEP_DAYS = 30
MOST_WINDOWS, MOST_FAR_WINDOWS = 5, 3
# Customers with an order: in a company of a hundred some have none yet.
LEAST_CUSTOMERS = 50
# What has to lie before a window, and the shortest window that is worth judging on.
LEAST_HISTORY_DAYS, SHORTEST_WINDOW = 30, 30
LEAST_BUYERS = 10
MOST_TRAINING_CUSTOMERS = 20_000


@dataclass(frozen=True)
class Window:
    """One row per customer and moment (n): what was known, and what came afterwards.

    before and days_before: spent, and days with a purchase, in the `days` just before. spend and purchases: the
    same of the `outcome_days` after it, which are `days` unless a longer outlook is judged.
    """

    days: int
    outcome_days: int
    frame: pd.DataFrame
    known: Histories
    days_before: np.ndarray
    before: np.ndarray
    purchases: np.ndarray
    spend: np.ndarray

    def __len__(self) -> int:
        return len(self.spend)

    def rows(self, chosen: np.ndarray) -> "Window":
        """chosen (n,): bool."""
        parts = (self.days_before, self.before, self.purchases, self.spend)
        frame = self.frame[chosen].reset_index(drop=True)
        known = self.known.rows(chosen)
        return Window(self.days, self.outcome_days, frame, known, *(one[chosen] for one in parts))


@dataclass
class Inputs:
    """Windows in time order; the last of `training` closes as `test` opens.

    newest: the last window of the training's length that has closed. far: the longest outlook that can be held
    against what happened, a year at most; before_far: windows that had closed when it opened, none in a short
    history. lasts: the last known day of each of `training`. everyone: purchase
    days of all customers, up to `closed`, the last day of which everything is known.
    """

    training: list[Window]
    test: Window
    newest: Window
    far: Window
    before_far: list[Window]
    everyone: PurchaseDays
    lasts: list[int]
    test_last: int
    closed: int
    params: dict[str, Any]
    windows: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Which days windows begin and end on (numbers since 1970), and how long they are.

    first and closed: the first and the last day with a purchase. horizon: days that are judged, after the day
    test_last; window: days of each window that is learnt from; far: days of the longest outlook.
    """

    first: int
    closed: int
    test_last: int
    horizon: int
    window: int
    far: int

    @classmethod
    def of(cls, everyone: PurchaseDays, params: Mapping[str, Any]) -> Self:
        """Raises NotEnoughData: history_too_short."""
        # A file that ends last year says nothing about the time since: its last order is its present.
        first, closed = int(everyone.day.min()), int(everyone.day.max())
        span, horizon = closed - first + 1, int(params.get("horizon_days", HORIZON_DAYS))
        if params.get("test_as_of"):
            test_last = last_day_before(params["test_as_of"])
            horizon = min(horizon, closed - test_last)
        else:
            horizon = min(horizon, (span - LEAST_HISTORY_DAYS) // 2)
            test_last = closed - horizon
        known = test_last - first + 1
        short = known < horizon + LEAST_HISTORY_DAYS
        window = min(horizon, max((known - 2) // 3, 1)) if short else horizon
        if min(horizon, window) < SHORTEST_WINDOW:
            needed = 2 * SHORTEST_WINDOW + LEAST_HISTORY_DAYS
            raise NotEnoughData("history_too_short", {"days_needed": needed, "days_have": span})
        far = max(min(YEAR_DAYS, 2 * (span - LEAST_HISTORY_DAYS) // 3), window)
        return cls(first, closed, test_last, horizon, window, far)

    @property
    def lasts(self) -> list[int]:
        """The last known day of each window that is learnt from."""
        return _lasts(self.first, self.test_last, self.window, MOST_WINDOWS)

    @property
    def far_lasts(self) -> list[int]:
        """The same of windows that had closed when the longest outlook opened."""
        return _lasts(self.first, self.closed - self.far, self.window, MOST_FAR_WINDOWS)

    @property
    def moments(self) -> list[int]:
        others = [self.test_last, self.closed - self.window, self.closed - self.far]
        return [*self.lasts, *others, *self.far_lasts]

    @property
    def told(self) -> dict[str, Any]:
        return {
            "horizon_days": self.horizon,
            "window_days": self.window,
            "far_days": self.far,
            "test_as_of": _midnight(self.test_last + 1).isoformat(),
            "test_until": _midnight(self.test_last + self.horizon + 1).isoformat(),
            "training_as_ofs": [_midnight(last + 1).isoformat() for last in self.lasts],
        }


def inputs(tables: Tables, as_of: datetime, params: Mapping[str, Any]) -> Inputs:
    """Windows and outcomes from everything known before as_of.

    params: 'horizon_days' (90) is the window that is judged; 'test_as_of' (a datetime at midnight) sets its
    beginning by hand. Where history is short, windows are shorter; predictions for longer spans then follow
    the models of buying and leaving.
    Raises NotEnoughData: no_orders, no_amounts, history_too_short, too_few_customers, too_few_returning.
    """
    whole = complete(tables)
    everyone = PurchaseDays.of(whole).until(last_day_before(utc(as_of)))
    if not len(everyone):
        raise NotEnoughData("no_orders", {})
    if everyone.amount.max() <= 0:
        raise NotEnoughData("no_amounts", {"orders": len(everyone)})
    _enough_customers(everyone)
    plan = Plan.of(everyone, params)
    chosen = _sampled(everyone.customer_id)
    part = stories.Part.of(params, len(chosen), whole)
    frames = _frames(whole, plan.moments, chosen, part.takes)

    def at(last: int, outcome: int) -> Window:
        return _window(frames[last], everyone, last, (plan.window, outcome))

    training = [at(last, plan.window) for last in plan.lasts]
    test = at(plan.test_last, plan.horizon)
    for one in (training[-1], test):
        _enough(one)
    return Inputs(
        training,
        test,
        newest=at(plan.closed - plan.window, plan.window),
        far=at(plan.closed - plan.far, plan.far),
        before_far=[at(last, plan.window) for last in plan.far_lasts],
        everyone=everyone,
        lasts=plan.lasts,
        test_last=plan.test_last,
        closed=plan.closed,
        params={"horizon_days": plan.horizon, "window_days": plan.window},
        windows={
            **plan.told,
            "sampled": len(chosen) < len(np.unique(everyone.customer_id)),
            "stories": part.told,
        },
    )


def _lasts(first: int, end: int, window: int, most: int) -> list[int]:
    """Last known days, in order, of windows that had closed by the day `end`."""
    lasts = [end - window - STEP_DAYS * step for step in range(most)]
    return sorted(last for last in lasts if last - first + 1 >= LEAST_HISTORY_DAYS)


def _window(
    frame: pd.DataFrame, everyone: PurchaseDays, last: int, lengths: tuple[int, int]
) -> Window:
    ids = frame["customer_id"].to_numpy()
    known = everyone.histories(last)
    known = known.rows(np.isin(known.customer_id, ids))
    frame = frame[np.isin(ids, known.customer_id)].reset_index(drop=True)
    days, outcome = lengths
    before = everyone.between(last - days + 1, last).sums(known.customer_id)
    after = everyone.between(last + 1, last + outcome).sums(known.customer_id)
    return Window(days, outcome, frame, known, *before, *after)


def joined(windows: list[Window]) -> Window:
    """One below the other."""
    names = Histories.__dataclass_fields__
    known = Histories(*(np.concatenate([getattr(w.known, n) for w in windows]) for n in names))
    frame = pd.concat([window.frame for window in windows], ignore_index=True)
    parts = (
        np.concatenate([getattr(window, name) for window in windows])
        for name in ("days_before", "before", "purchases", "spend")
    )
    return Window(windows[0].days, windows[0].outcome_days, frame, known, *parts)


def _frames(
    tables: Tables, lasts: list[int], chosen: list[int], told: bool
) -> dict[int, pd.DataFrame]:
    """told: whether the rows carry their customer's story."""
    moments = {pd.Timestamp(_midnight(last + 1)): last for last in set(lasts)}
    frame = features(tables, [moment.to_pydatetime() for moment in moments], chosen)
    frame = frame[frame["orders_all"] > 0]
    if told:
        frame = stories.with_stories(frame, tables)
    return {
        last: frame[frame["as_of"] == moment].reset_index(drop=True)
        for moment, last in moments.items()
    }


def _midnight(day: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(days=day)


def _sampled(customers: np.ndarray) -> list[int]:
    names = np.unique(customers)
    if len(names) > MOST_TRAINING_CUSTOMERS:
        generator = np.random.default_rng(42)
        names = generator.choice(names, MOST_TRAINING_CUSTOMERS, replace=False)
    return sorted(int(one) for one in names)


def _enough_customers(everyone: PurchaseDays) -> None:
    have = len(np.unique(everyone.customer_id))
    if have < LEAST_CUSTOMERS:
        raise NotEnoughData("too_few_customers", {"needed": LEAST_CUSTOMERS, "have": have})


def _enough(window: Window) -> None:
    returning = int(np.sum(window.spend > 0))
    if returning < LEAST_BUYERS:
        raise NotEnoughData("too_few_returning", {"needed": LEAST_BUYERS, "have": returning})
