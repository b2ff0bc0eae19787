"""What will each customer spend, will they still be there in a year, and when do they order next?"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from insights.ml import value_judging
from insights.ml.evaluation import Candidate, Evaluation, Report
from insights.ml.features import features
from insights.ml.lifetimes import PurchaseDays
from insights.ml.lifetimes.histories import last_day_before
from insights.ml.next_order import Soon
from insights.ml.tables import Tables, only, utc
from insights.ml.value_learners import SPENDERS
from insights.ml.value_model import KIND, ValueModel
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
    known = soon.known
    if not len(known):
        return pd.DataFrame(columns=COLUMNS)
    frame = pd.DataFrame({"customer_id": known.customer_id})
    if model.needs_features:
        frame = features(some, [utc(as_of)])
        frame = frame[np.isin(frame["customer_id"], known.customer_id)].reset_index(drop=True)
    length = model.window_days
    before = days.between(last - length + 1, last).sums(known.customer_id)
    nothing = np.zeros(len(known))
    window = Window(length, length, frame, known, *before, nothing, nothing)
    near, year = model.forecast.outlook(window, [HORIZON_DAYS, YEAR_DAYS])
    near = near * model.levels["near"]
    # More time cannot bring less.
    year = np.maximum(year * model.levels["year"], near)
    near_low, near_high = model.near.around(near)
    year_low, year_high = model.year.around(year)
    first, middle, latest = (_dates(as_of, wait) for wait in model.next_order.waits(soon))
    told = {
        "customer_id": known.customer_id,
        "spend_90": _money(near),
        "spend_90_low": _money(near_low),
        "spend_90_high": _money(near_high),
        "spend_365": _money(year),
        "spend_365_low": _money(np.maximum(year_low, near_low)),
        "spend_365_high": _money(np.maximum(year_high, near_high)),
        "stays_365": np.round(model.staying(known, YEAR_DAYS), 6),
        "next_from": first,
        "next_on": middle,
        "next_to": latest,
        "usual_gap": soon.own.median,
        "within_30": np.round(model.next_order.chance(soon, model.forecast.behaviour), 6),
    }
    return pd.DataFrame(told, columns=COLUMNS)


def _money(amounts: np.ndarray) -> np.ndarray:
    return np.round(amounts, 2)


def _dates(as_of: datetime, waits: np.ndarray) -> list[str]:
    """So many days from the day of as_of; at most about ten years."""
    today = np.datetime64(as_of.date(), "D")
    days = today + np.minimum(waits, 3650).astype("timedelta64[D]")
    return np.datetime_as_string(days).tolist()
