"""The winner as it is served: refitted on everything known, at its levels, with ranges as wide as its errors."""

import numpy as np

from insights.ml.calibration import Platt
from insights.ml.evaluation import Candidate
from insights.ml.next_order import NextOrder
from insights.ml.ranges import LEAST_OF_EACH, Ranges
from insights.ml.value_model import Forecast, ValueModel, chance_to_buy
from insights.ml.value_stages import Foretold, Stage, share
from insights.ml.value_windows import LEAST_CUSTOMERS, YEAR_DAYS, Inputs, Window


def ranges_from(held: list[Foretold]) -> Ranges:
    """Learnt on windows that were foretold; how much their levels had moved is what the next may move."""
    drift = np.sqrt(np.mean([np.log(one.moved) ** 2 for one in held]))
    alike = [one for one in held if one.days == held[-1].days]
    expected, spend, odds = (
        np.concatenate([getattr(one, name) for one in alike]) for name in ("fair", "spend", "odds")
    )
    return Ranges.fit(expected, spend, odds, float(np.exp(drift)))


def serving_model(
    data: Inputs, winner: Candidate, buying: str, before: Foretold, now: Foretold
) -> ValueModel:
    stage = Stage.of(data, data.closed, [*data.training, data.newest], buying)
    forecast = stage.forecast(winner)
    far = forecast.spend(data.far, data.far.outcome_days)
    newest, year = stage.level(forecast), share(data.far.spend.sum(), far.sum())
    return ValueModel(
        forecast,
        {"newest": newest, "near": newest * stage.season, "year": year},
        ranges_from([before, now]),
        _far_ranges(data, winner, forecast, far),
        _staying(forecast, data.far),
        NextOrder.fit(data.everyone, data.closed, stage.behaviour, buying),
        {**data.params, "year_days": YEAR_DAYS},
    )


def _far_ranges(data: Inputs, winner: Candidate, served: Forecast, far: np.ndarray) -> Ranges:
    """Around a year's amounts: from what would have been said before that year, not from what is said (`far`) once
    it is known, which comes nearer to it than anybody can foretell. The chances to order in it are those that are
    told beside the range (see _staying)."""
    odds = chance_to_buy(served, data.far.known, data.far.outcome_days)
    if data.before_far and len(data.before_far[-1]) >= LEAST_CUSTOMERS:
        opened = data.closed - data.windows["far_days"]
        stage = Stage.of(data, opened, data.before_far, served.buying)
        far = stage.forecast(winner).spend(data.far, data.far.outcome_days)
    said = Foretold(far, data.far.spend, odds, data.far.outcome_days)
    return Ranges.fit(said.fair, said.spend, said.odds)


def _staying(forecast: Forecast, far: Window) -> Platt:
    came = (far.purchases > 0).astype(float)
    if min(came.sum(), (1 - came).sum()) < LEAST_OF_EACH:
        return Platt()
    return Platt.fit(chance_to_buy(forecast, far.known, far.outcome_days), came)
