"""Customers of a record shop who first bought in early 1997: what they buy in the 39 weeks from October.

Protocol: the 1/10 sample of 2,357 customers; purchases of one day are one; calibration to 1997-09-30, judged on
the 273 days after it. Candidates are chosen on the last 90 days of the calibration. The parameters are those of
the published fit (weeks), the likelihood its value. All 23,570 customers are fitted too, for the time it takes.

make bench NAME=value_cdnow            # SQLite; DATABASE_URL or --engine for PostgreSQL
"""

import csv
import datetime
import gzip

from benchmarks.common import arguments, command, finish, measured, real_data, throwaway
from benchmarks.value import learn

END = datetime.datetime(1998, 7, 1, tzinfo=datetime.UTC)
CALIBRATED = datetime.datetime(1997, 10, 1)
PARAMS = {"horizon_days": 273, "test_as_of": CALIBRATED}


def main() -> None:
    engine = arguments(__doc__ or "").parse_args().engine
    path = real_data("cdnow_master.csv.gz")
    with throwaway(engine):
        from insights.dataset import load_tables

        command("import", "import_orders", path, "--map", "docs/examples/cdnow_master.toml")
        ids = keys_of(sample_of(path))
        tables = load_tables(END, ids, archived=True)
        figures, candidates = learn(tables, END, PARAMS)
        figures["published_fit"] = published_fit(tables)
        figures["master"] = master(load_tables(END, archived=True))
    finish("value_cdnow", {**figures, "engine": engine}, candidates)


def sample_of(path) -> set[str]:
    """External ids of the customers of the 1/10 sample."""
    with gzip.open(path, "rt") as file:
        return {row["customer_id"] for row in csv.DictReader(file) if row["sample_id"]}


def keys_of(external_ids: set[str]) -> list[int]:
    from customers.models import ExternalId

    known = ExternalId.objects.values_list("external_id", "customer_id")
    return [key for external_id, key in known if external_id in external_ids]


def published_fit(tables: dict) -> dict:
    """BG/NBD and Gamma-Gamma as the papers give them, with time in weeks."""
    from dataclasses import replace

    from insights.ml.lifetimes import BetaGeometric, GammaGamma, PurchaseDays
    from insights.ml.lifetimes.histories import last_day_before

    known = PurchaseDays.of(tables).histories(last_day_before(CALIBRATED))
    weeks = replace(known, recency=known.recency / 7, age=known.age / 7)
    amounts = GammaGamma.fit(known.paid_days, known.mean)
    return {"bgnbd": BetaGeometric.fit(weeks).state(), "gammagamma": amounts.state()}


def master(tables: dict) -> dict:
    """The time that all models of buying take on everybody, and how near they come."""
    import numpy as np

    from insights.ml.lifetimes import PurchaseDays
    from insights.ml.lifetimes.behaviour import Behaviour
    from insights.ml.lifetimes.histories import last_day_before

    days, last = PurchaseDays.of(tables), last_day_before(CALIBRATED)
    known = days.histories(last)
    with measured("fit on all customers") as step:
        behaviour = Behaviour.fit(known)
    came, _ = days.between(last + 1, last + PARAMS["horizon_days"]).sums(known.customer_id)
    said = behaviour.purchases("pareto", known, PARAMS["horizon_days"])
    return {
        "customers": len(known),
        "mae_transactions": float(np.mean(np.abs(said - came))),
        "total_ratio": float(said.sum() / came.sum()),
        **step.figures(),
    }


if __name__ == "__main__":
    main()
