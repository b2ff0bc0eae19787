"""k-means finds groups that are there, says what sets them apart, and admits when there are none."""

import numpy as np
import pandas as pd
import pytest

from insights.ml.behaviour import BEHAVIOUR
from insights.ml.clusters import STABLE, fit_clusters


def behaviour(generator, n, **typical):
    """n customers around typical values, 10 % spread; what is not named is the same for all."""
    frame = pd.DataFrame(0.0, index=range(n), columns=list(BEHAVIOUR))
    for name, value in typical.items():
        frame[name] = value * generator.normal(1, 0.1, n)
    return frame


@pytest.fixture
def three_kinds():
    generator = np.random.default_rng(2)
    kinds = [
        behaviour(generator, 150, recency_days=10, orders_all=30, order_value=20, gap_median=12),
        behaviour(generator, 150, recency_days=200, orders_all=3, order_value=20, gap_median=60),
        behaviour(generator, 150, recency_days=60, orders_all=4, order_value=900, gap_median=60),
    ]
    return pd.concat(kinds, ignore_index=True), np.repeat([0, 1, 2], 150)


def test_groups_that_are_there_are_found_and_stable(three_kinds):
    frame, kind = three_kinds
    found = fit_clusters(frame)
    assert found.k == 3 and found.stable and found.stability > 0.95 and found.silhouette > 0.5
    pairs = set(zip(found.assign(frame).tolist(), kind.tolist(), strict=True))
    assert len(pairs) == 3
    # Numbered from the most to the least active.
    assert set(found.assign(frame)[kind == 0]) == {0}
    assert set(found.assign(frame)[kind == 1]) == {2}


def test_each_group_is_described_by_what_sets_it_apart(three_kinds):
    frame, _ = three_kinds
    told = fit_clusters(frame).described(frame)
    assert [one["n"] for one in told] == [150, 150, 150]
    often, dear, gone = told[0], told[1], told[2]
    assert {(t["code"], t["direction"]) for t in often["traits"]} >= {("orders_all", "high")}
    assert dear["traits"][0]["code"] == "order_value" and dear["traits"][0]["direction"] == "high"
    assert dear["traits"][0]["facts"]["typical"] == pytest.approx(900, rel=0.05)
    assert dear["traits"][0]["facts"]["overall"] == pytest.approx(22, rel=0.2)
    assert ("recency_days", "high") in {(t["code"], t["direction"]) for t in gone["traits"]}


def test_a_single_cloud_is_not_called_stable():
    generator = np.random.default_rng(4)
    cloud = pd.DataFrame(
        np.exp(generator.normal(3, 1, (600, len(BEHAVIOUR)))), columns=list(BEHAVIOUR)
    )
    assert fit_clusters(cloud).stability < STABLE


def test_customers_who_differ_in_nothing_are_not_grouped():
    same = pd.DataFrame(1.0, index=range(300), columns=list(BEHAVIOUR))
    assert fit_clusters(same) is None


def test_a_missing_fact_counts_as_the_usual_one(three_kinds):
    frame, _ = three_kinds
    found = fit_clusters(frame)
    typical = frame.median().to_frame().T
    unknown = typical.assign(gap_median=np.nan)
    np.testing.assert_allclose(found.space.standardised(unknown), found.space.standardised(typical))


def test_one_giant_does_not_become_a_group_of_its_own(three_kinds):
    frame, _ = three_kinds
    frame.loc[0, "order_value"] = 1e9
    sizes = [one["n"] for one in fit_clusters(frame).described(frame)]
    assert min(sizes) > 100
