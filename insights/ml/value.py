"""What will each customer spend, will they still be there in a year, and when do they order next?"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from insights.ml import stories, value_judging
from insights.ml.evaluation import Candidate, Evaluation, Report
from insights.ml.features import features
from insights.ml.lifetimes import Histories, PurchaseDays
from insights.ml.lifetimes.histories import last_day_before
from insights.ml.next_order import Soon
from insights.ml.tables import Tables, only, utc
from insights.ml.value_model import KIND, ValueModel
from insights.ml.value_spenders import SPENDERS
from insights.ml.value_windows import HORIZON_DAYS, YEAR_DAYS, Inputs, Window, inputs

__all__ = ["KIND", "Inputs", "ValueModel", "candidates", "evaluate", "inputs", "predict"]

COLUMNS = [
    "customer_id", "spend_90", "spend_90_low", "spend_90_high", "spend_365", "spend_365_low",
    "spend_365_high", "stays_365", "next_from", "next_on", "next_to", "usual_gap", "within_30",
]  # fmt: skip


def candidates(params: Mapping[str, Any]) -> list[Candidate]:
    """The plain rule first; params['candidates'] (names) leaves out others, never the rule."""
    wanted = params.get("candidates")
    return [
        Candidate(name, spender, baseline=name == "rule")
        for name, spender in SPENDERS.items()
        if name == "rule" or wanted is None or name in wanted
    ]


def evaluate(data: Inputs, candidates: list[Candidate], report: Report) -> Evaluation:
    """Champion chosen on the window before the newest, graded on the newest, refitted on all of them."""
    return value_judging.evaluate(data, candidates, report)


def predict(
    model: ValueModel, tables: Tables, as_of: datetime, customer_ids: Iterable[int] | None = None
) -> pd.DataFrame:
    """One row per customer with a sale before as_of, COLUMNS.

    spend_…: amounts in the base currency to expect of the next 90 and 365 days, and the ends of the range that
    eight of ten outcomes lie in. stays_365: chance of at least one order in the next 365 days. next_…: days
    (ISO dates by the calendar of as_of's zone) between which eight of ten next orders come, and the middle one,
    of those who order again. usual_gap: the customer's median gap in days, NaN with fewer than two purchase
    days. within_30: chance of an order in the next 30 days.
    """
    some = only(tables, customer_ids)
    last = last_day_before(as_of)
    days = PurchaseDays.of(some).until(last)
    soon = Soon.of(days, last)
    if not len(soon.known):
        return pd.DataFrame(columns=COLUMNS)
    frame = pd.DataFrame({"customer_id": soon.known.customer_id})
    if model.needs_features:
        frame = features(some, [utc(as_of)])
        frame = frame[np.isin(frame["customer_id"], soon.known.customer_id)].reset_index(drop=True)
    if model.reads_stories:
        frame = stories.with_stories(frame, some)
    window = _open_window(model, days, soon.known, frame, last)
    told = {
        "customer_id": soon.known.customer_id,
        **_amounts(model, window),
        "stays_365": np.round(model.staying(soon.known, YEAR_DAYS), 6),
        **_next_order(model, soon, as_of),
    }
    return pd.DataFrame(told, columns=COLUMNS)


def _open_window(
    model: ValueModel, days: PurchaseDays, known: Histories, frame: pd.DataFrame, last: int
) -> Window:
    """What is known after the day `last`; of what follows nothing."""
    length = model.window_days
    before = days.between(last - length + 1, last).sums(known.customer_id)
    nothing = np.zeros(len(known))
    return Window(length, length, frame, known, *before, nothing, nothing)


def _amounts(model: ValueModel, window: Window) -> dict[str, np.ndarray]:
    near, year = model.forecast.outlook(window, [HORIZON_DAYS, YEAR_DAYS])
    near = near * model.levels["near"]
    # More time cannot bring less.
    year = np.maximum(year * model.levels["year"], near)
    near_low, near_high = model.near.around(near, model.odds(window.known, HORIZON_DAYS))
    year_low, year_high = model.year.around(year, model.odds(window.known, YEAR_DAYS))
    told = {
        "spend_90": near,
        "spend_90_low": near_low,
        "spend_90_high": near_high,
        "spend_365": year,
        "spend_365_low": np.maximum(year_low, near_low),
        "spend_365_high": np.maximum(year_high, near_high),
    }
    return {name: np.round(amounts, 2) for name, amounts in told.items()}


def _next_order(model: ValueModel, soon: Soon, as_of: datetime) -> dict[str, Any]:
    first, middle, latest = (_dates(as_of, wait) for wait in model.next_order.waits(soon))
    chance = model.next_order.chance(soon, model.forecast.behaviour)
    return {
        "next_from": first,
        "next_on": middle,
        "next_to": latest,
        "usual_gap": soon.own.median,
        "within_30": np.round(chance, 6),
    }


def _dates(as_of: datetime, waits: np.ndarray) -> list[str]:
    """So many days from the day of as_of; at most about ten years."""
    today = np.datetime64(as_of.date(), "D")
    days = today + np.minimum(waits, 3650).astype("timedelta64[D]")
    return np.datetime_as_string(days).tolist()
