"""Every kind of model, from tables to what is said of each customer: one contract for all of them.

What single learners have to fulfil stands beside it, for learners of yes or no, of amounts, and recommenders.
"""

from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest

from insights.ml import churn, products, segments, storage, value
from insights.ml.evaluation import NotEnoughData
from insights.ml.tables import complete
from tests.ml import companies, shops
from tests.ml.companies import company, leavers
from tests.ml.shops import quiet, shop, two_worlds

# What is asked, and who competes: learners that take no time.
KINDS = {
    "churn": (churn, {"horizon_days": 60}, ("logistic",)),
    "value": (value, {}, ("pareto",)),
    "segments": (segments, {"horizon_days": 60}, ("kmeans",)),
    "products": (products, {}, ("item_knn",)),
}
SOME = [7, 60]
# To learn twice takes a second or two; that no feature sees the future is held every day, wherever features are.
TWICE = [
    pytest.param(kind, marks=[pytest.mark.slow] * (kind in ("churn", "segments"))) for kind in KINDS
]


@cache
def facts(kind):
    """A company's tables and the moment of the training, after which they go on for two months."""
    if kind == "products":
        return shop(two_worlds()), shops.NOW - timedelta(days=60)
    return leavers(250), companies.NOW - timedelta(days=60)


def known(tables, moment):
    """The tables as they were at the moment."""
    return {
        name: rows.filter(pc.less(rows["occurred_at"], moment))
        if "occurred_at" in rows.column_names
        else rows
        for name, rows in tables.items()
    }


def learn(kind, tables, moment):
    module, params, names = KINDS[kind]
    competing = [one for one in module.candidates(params) if one.baseline or one.name in names]
    return module.evaluate(module.inputs(tables, moment, params), competing, quiet).model


@cache
def learnt(kind):
    return learn(kind, *facts(kind))


def said(kind, tables, customers=None, model=None):
    return KINDS[kind][0].predict(model or learnt(kind), tables, facts(kind)[1], customers)


@pytest.mark.parametrize("kind", TWICE)
def test_what_comes_later_changes_neither_the_model_nor_what_it_says(kind, tmp_path):
    """Learnt twice, from tables that go on and from tables that end: the same bytes, so nothing hangs on chance."""
    tables, moment = facts(kind)
    past = known(tables, moment)
    assert past["orders"].num_rows < tables["orders"].num_rows
    again = learn(kind, past, moment)
    one, other = (storage.save(m, tmp_path / n) for m, n in ((learnt(kind), "one"), (again, "two")))
    assert one == other
    pd.testing.assert_frame_equal(said(kind, tables), said(kind, past), check_exact=True)


@pytest.mark.parametrize("kind", KINDS)
def test_one_customer_alone_is_told_what_they_are_told_among_all(kind):
    tables, _ = facts(kind)
    everyone = said(kind, tables)
    for customer in SOME:
        row = everyone[everyone["customer_id"] == customer].reset_index(drop=True)
        alone = said(kind, tables, [customer])
        assert len(alone)
        pd.testing.assert_frame_equal(alone, row, check_exact=True)


@pytest.mark.parametrize("kind", KINDS)
def test_it_comes_back_from_disk_as_it_was(kind, tmp_path):
    tables, _ = facts(kind)
    loaded = storage.load(tmp_path / "model", storage.save(learnt(kind), tmp_path / "model"))
    pd.testing.assert_frame_equal(
        said(kind, tables, SOME, loaded), said(kind, tables, SOME), check_exact=True
    )


@pytest.mark.parametrize("kind", KINDS)
def test_customers_of_whom_little_is_known_are_told_something_finite(kind):
    """Orders alone: no country, no visits, no conversations."""
    tables, _ = facts(kind)
    few = {name: tables[name] for name in ("customers", "orders", "lines", "products")}
    told = said(kind, complete(few), SOME)
    assert set(told["customer_id"]) == set(SOME)
    numbers = told.select_dtypes("number").drop(columns=["because_product_id"], errors="ignore")
    assert np.isfinite(numbers.astype(float).fillna(0)).all().all()


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_not_known_is_told_nothing(kind):
    nobody = said(kind, facts(kind)[0], [10**9])
    assert nobody.empty and "customer_id" in nobody


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("tables", "code"),
    [
        (complete({}), "no_orders"),
        (
            company([(c, day) for c in range(1, 200) for day in (1, 20)], [], 25),
            "history_too_short",
        ),
        (leavers(12), "too_few_customers"),
    ],
    ids=["nothing", "a month", "twelve customers"],
)
def test_what_is_missing_is_said_in_a_word_with_how_much(kind, tables, code):
    with pytest.raises(NotEnoughData) as refused:
        KINDS[kind][0].inputs(tables, companies.NOW, {})
    assert refused.value.code == code
    have = {"history_too_short": "days_have", "too_few_customers": "have"}.get(code)
    assert (
        not have or refused.value.facts[have] < refused.value.facts[have.replace("have", "needed")]
    )
