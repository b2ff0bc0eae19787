"""Who will not come back? The chance that a customer buys nothing in the next days, or carries a known label.

Two forms, chosen by params:
- behaviour, {'horizon_days': 90}: customers who bought before the moment; churned = no sale in
  [moment, moment + horizon). Trained on several past moments, judged on the newest window that is closed.
- label, {'label_attribute': 'Churn', 'positive': 'Yes'}: customers whose label is known. The label has no
  date, so it is judged by repeated folds, and only attributes that have no date either may speak: what a
  customer did could have happened after leaving.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from insights.ml import checks, explain, stories
from insights.ml.calibration import Platt
from insights.ml.evaluation import Candidate, Evaluation, NotEnoughData, Report
from insights.ml.features import ATTRIBUTE, KEYS, STORY, UNDATED, features
from insights.ml.judging import judge
from insights.ml.learners import Learner, learner_class, lightgbm
from insights.ml.learners.rule import SingleColumnRule
from insights.ml.readings import Readings
from insights.ml.snapshots import Inputs, Snapshot
from insights.ml.tables import Tables, complete, utc

KIND = "churn"
HORIZON_DAYS = 90
STEP_DAYS = 30
MOST_SNAPSHOTS = 5
LEAST_HISTORY_DAYS = 30
LEAST_CUSTOMERS = 100
LEAST_OF_EACH = 20
# More rows than this change the third decimal and cost minutes.
MOST_TRAINING_CUSTOMERS = 20_000
OF_PURCHASES = ("rfm_logistic", "lifetime")


def inputs(tables: Tables, as_of: datetime, params: Mapping[str, Any]) -> Inputs:
    """Snapshots and outcomes from everything known before as_of.

    params besides the two forms: 'test_as_of' and 'training_as_ofs' (datetimes) set the moments by hand;
    'confirmed' (columns) are learnt from though they look like leaks (see checks).
    Raises NotEnoughData: no_orders, history_too_short, too_few_customers, one_outcome_only, label_missing.
    """
    whole, as_of = complete(tables), utc(as_of)
    types, amounts = _attribute_types(whole), checks.counted(whole, as_of)
    ask = _label_inputs if params.get("label_attribute") else _behaviour_inputs
    try:
        made = ask(whole, as_of, dict(params), types)
    except NotEnoughData as lack:
        lack.facts["data"] = amounts
        raise
    return checks.guarded(made, amounts, params.get("confirmed", ()))


def candidates(params: Mapping[str, Any]) -> list[Candidate]:
    """The plain rule first, the blend of the others last; params['candidates'] (names) leaves out others, never the
    rule."""
    column = None if params.get("label_attribute") else ("recency_days",)
    rule = Candidate("rule", lambda: SingleColumnRule(column), baseline=True, glass_box=True)
    horizon = float(params.get("horizon_days", HORIZON_DAYS))
    others = [
        Candidate("rfm_logistic", learner_class("rfm_logistic"), glass_box=True),
        Candidate("lifetime", partial(learner_class("lifetime"), horizon), glass_box=True),
        Candidate("logistic", learner_class("logistic"), glass_box=True),
        Candidate("ebm", learner_class("ebm"), glass_box=True),
        Candidate("forest", learner_class("forest")),
        Candidate("boosting", learner_class("boosting")),
        Candidate("lightgbm", learner_class("lightgbm")),
        Candidate("svm", learner_class("svm")),
        Candidate("keras", learner_class("keras")),
        Candidate(
            stories.CANDIDATE, partial(learner_class(stories.CANDIDATE), horizon_days=int(horizon))
        ),
        Candidate("blend", learner_class("blend")),
    ]
    # When customers bought is no attribute; and what is not installed is no candidate.
    left_out = set(OF_PURCHASES) if column is None else set()
    left_out |= set() if lightgbm.installed() else {"lightgbm"}
    others = [one for one in others if one.name not in left_out]
    wanted = params.get("candidates")
    return [rule, *(one for one in others if wanted is None or one.name in wanted)]


def evaluate(inputs: Inputs, candidates: list[Candidate], report: Report) -> Evaluation:
    """Every candidate fitted, calibrated on customers it had not seen, and judged; the best refitted to serve."""

    def serving(learner: Learner, calibration: Platt) -> ChurnModel:
        readings = Readings.fit(inputs.train.frame)
        return ChurnModel(learner, calibration, inputs.params, inputs.attribute_types, readings)

    small = inputs.windows.get("stories", {}).get("small", False)
    candidates = stories.taking_part(candidates, STORY in inputs.train.frame, small)
    return judge(KIND, inputs, candidates, serving, report)


def predict(
    model: "ChurnModel", tables: Tables, as_of: datetime, customer_ids: Iterable[int] | None = None
) -> pd.DataFrame:
    """customer_id, risk and base in 0..1 (six decimals), reasons and the top one's code (see explain.py) per customer.

    The time zone of as_of is the place whose calendar the reasons' days are counted by.
    Customers the question does not concern (no sale before as_of; in the label form, no attribute) have no row.
    """
    frame = features(tables, [utc(as_of)], customer_ids)
    frame = frame[model.concerns(frame)].reset_index(drop=True)
    if frame.empty:
        return pd.DataFrame(columns=["customer_id", "risk", "base", "reasons", "top"])
    if model.learner.name == stories.CANDIDATE:
        frame = stories.with_stories(frame, tables)
    shares, p, p_base = model.explain(frame)
    risk, base = np.round(p, 6), round(p_base, 6)
    told = explain.reasons(
        frame,
        model.learner.families,
        shares,
        risk,
        base,
        model.attribute_types,
        as_of,
        model.readings,
    )
    return pd.DataFrame({"customer_id": frame["customer_id"], "risk": risk, "base": base}).assign(
        reasons=pd.Series(told.reasons, dtype=object), top=pd.Series(told.top, dtype=object)
    )


@dataclass
class ChurnModel:
    """A fitted learner, its calibration and what is needed to speak about it."""

    kind: ClassVar[str] = KIND
    learner: Learner
    calibration: Platt
    params: dict[str, Any]
    attribute_types: dict[str, str]
    readings: Readings

    def curve(self, raw: np.ndarray) -> np.ndarray:
        return self.calibration(self.learner.logit(raw))

    def risk(self, frame: pd.DataFrame) -> np.ndarray:
        return self.curve(self.learner.raw(frame))

    def explain(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, float]:
        """Points (n, families), risk (n,), base risk."""
        contributions, raw_base = self.learner.contributions(frame)
        return explain.points(contributions, raw_base, self.curve)

    def concerns(self, frame: pd.DataFrame) -> np.ndarray:
        if not self.params.get("label_attribute"):
            return (frame["orders_all"] > 0).to_numpy()
        label = ATTRIBUTE + self.params["label_attribute"]
        known = [name for name in frame.columns if name.startswith(ATTRIBUTE) and name != label]
        return frame[known].notna().any(axis=1).to_numpy()

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta, arrays = self.learner.state()
        document = {
            "learner": {"name": self.learner.name, "state": meta},
            "calibration": {"slope": self.calibration.slope, "offset": self.calibration.offset},
            "params": self.params,
            "attribute_types": self.attribute_types,
            "cuts": self.readings.cuts,
        }
        return document, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        chosen = learner_class(meta["learner"]["name"])
        return cls(
            chosen.from_state(meta["learner"]["state"], arrays),
            Platt(**meta["calibration"]),
            meta["params"],
            meta["attribute_types"],
            # Models of before know no cuts, and take most facts to explain both.
            Readings(meta.get("cuts", {})),
        )


def _attribute_types(tables: Tables) -> dict[str, str]:
    pairs = tables["attributes"].select(["name", "type"]).group_by(["name", "type"]).aggregate([])
    return dict(sorted((row["name"], row["type"]) for row in pairs.to_pylist()))


def _behaviour_inputs(
    tables: Tables, as_of: datetime, params: dict[str, Any], types: dict[str, str]
) -> Inputs:
    sales = _sales(tables, as_of)
    horizon = timedelta(days=int(params.get("horizon_days", HORIZON_DAYS)))
    test_as_of, training = _moments(sales, as_of, horizon, params)
    chosen = _sampled(sales["customer_id"].unique())
    frame = features(tables, [*training, test_as_of], chosen)
    frame = frame[frame["orders_all"] > 0].reset_index(drop=True)
    part = stories.Part.of(params, len(chosen), tables, small_too=True)
    if part.takes:
        frame = stories.with_stories(frame, tables)
    every = Snapshot(frame, _outcomes(frame, sales, horizon))
    newest = (frame["as_of"] == pd.Timestamp(test_as_of)).to_numpy()
    train, test = every.rows(~newest), every.rows(newest)
    _enough(train)
    _enough(test)
    windows = {
        "form": "behaviour",
        "horizon_days": horizon.days,
        "training_as_ofs": [moment.isoformat() for moment in training],
        "test_as_of": test_as_of.isoformat(),
        "test_until": (test_as_of + horizon).isoformat(),
        "sampled": len(chosen) < sales["customer_id"].nunique(),
        "stories": part.told,
    }
    return Inputs(train, test, {"horizon_days": horizon.days}, types, windows)


def _sales(tables: Tables, as_of: datetime) -> pd.DataFrame:
    orders = tables["orders"].select(["customer_id", "occurred_at", "kind"]).to_pandas()
    sales = orders[(orders["kind"] == "sale") & (orders["occurred_at"] < as_of)]
    if sales.empty:
        raise NotEnoughData("no_orders", {})
    return sales


def _moments(
    sales: pd.DataFrame, as_of: datetime, horizon: timedelta, params: dict[str, Any]
) -> tuple[datetime, list[datetime]]:
    """The judged moment and the training moments, whose windows close before the judged one opens."""
    if params.get("test_as_of"):
        return utc(params["test_as_of"]), sorted(utc(one) for one in params["training_as_ofs"])
    first = sales["occurred_at"].min().to_pydatetime()
    # A file that ends last year says nothing about the time since: its last order is its present.
    closed = min(as_of, sales["occurred_at"].max().to_pydatetime() + timedelta(seconds=1))
    test_as_of = closed - horizon
    earliest = first + timedelta(days=LEAST_HISTORY_DAYS)
    steps = [
        test_as_of - horizon - timedelta(days=STEP_DAYS * step) for step in range(MOST_SNAPSHOTS)
    ]
    training = [moment for moment in steps if moment >= earliest]
    if not training:
        needed = 2 * horizon.days + LEAST_HISTORY_DAYS
        raise NotEnoughData(
            "history_too_short", {"days_needed": needed, "days_have": (closed - first).days}
        )
    return test_as_of, sorted(training)


def _sampled(customers: np.ndarray) -> list[int]:
    generator = np.random.default_rng(42)
    if len(customers) > MOST_TRAINING_CUSTOMERS:
        customers = generator.choice(np.sort(customers), MOST_TRAINING_CUSTOMERS, replace=False)
    return sorted(int(one) for one in customers)


def _outcomes(frame: pd.DataFrame, sales: pd.DataFrame, horizon: timedelta) -> np.ndarray:
    left = np.ones(len(frame))
    for moment in frame["as_of"].unique():
        rows = np.flatnonzero(frame["as_of"] == moment)
        inside = (sales["occurred_at"] >= moment) & (sales["occurred_at"] < moment + horizon)
        came_back = sales.loc[inside, "customer_id"].unique()
        left[rows] = ~frame["customer_id"].iloc[rows].isin(came_back)
    return left


def _label_inputs(
    tables: Tables, as_of: datetime, params: dict[str, Any], types: dict[str, str]
) -> Inputs:
    column = ATTRIBUTE + params["label_attribute"]
    frame = features(tables, [as_of])
    if column not in frame or not frame[column].notna().any():
        raise NotEnoughData("label_missing", {"attribute": params["label_attribute"]})
    frame = frame[frame[column].notna()].reset_index(drop=True)
    y = _is_positive(frame[column], params.get("positive", True)).astype(float)
    allowed = [
        n for n in frame.columns if n in UNDATED or (n.startswith(ATTRIBUTE) and n != column)
    ]
    every = Snapshot(frame[[*KEYS, *allowed]], y)
    if len(every) > MOST_TRAINING_CUSTOMERS * MOST_SNAPSHOTS:
        every = every.rows(np.isin(every.groups, _sampled(every.groups)))
    _enough(every)
    kept = {"label_attribute": params["label_attribute"], "positive": params.get("positive", True)}
    return Inputs(every, None, kept, types, {"form": "label", "as_of": as_of.isoformat(), **kept})


def _is_positive(values: pd.Series, positive: Any) -> np.ndarray:
    if values.dtype == object:
        return (values.astype(str) == str(positive)).to_numpy()
    return (values == float(positive)).to_numpy()


def _enough(snapshot: Snapshot) -> None:
    customers = len(np.unique(snapshot.groups))
    if customers < LEAST_CUSTOMERS:
        raise NotEnoughData("too_few_customers", {"needed": LEAST_CUSTOMERS, "have": customers})
    left = int(snapshot.y.sum())
    if min(left, len(snapshot) - left) < LEAST_OF_EACH:
        # People are counted once, however many windows they stand in.
        told = {"left": snapshot.customers(1), "stayed": snapshot.customers(0)}
        facts = {"needed": LEAST_OF_EACH, **told}
        raise NotEnoughData("one_outcome_only", facts)
