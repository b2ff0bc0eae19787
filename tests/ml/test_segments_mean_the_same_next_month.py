"""Thresholds are handed on from model to model, and a group keeps its number while it is the same group."""

import numpy as np
import pandas as pd
import pytest

from insights.ml import segments
from insights.ml.behaviour import BEHAVIOUR
from insights.ml.clusters import fit_clusters
from insights.ml.groupings import Window
from insights.ml.segments_model import SegmentsModel
from insights.ml.segments_rfm import Rfm
from tests.ml.shops import NOW

TERMS = {"horizon_days": 90, "currency": "EUR"}


def buyers(seed=1, n=400):
    generator = np.random.default_rng(seed)
    orders = generator.integers(1, 30, n).astype(float)
    recency = generator.integers(1, 300, n).astype(float)
    return pd.DataFrame(
        {
            "recency_days": recency,
            "orders_all": orders,
            "spend_all": orders * generator.lognormal(3, 0.5, n),
            "returned_share": np.nan,
            "first_sale_days": recency + 10 * orders,
        }
    )


def drawn_for(frame, **changes):
    """What a training with these buyers does about the thresholds."""
    window = Window(NOW, frame, np.zeros(len(frame)))
    data = {"as_of": "2026-03-01", "terms": TERMS} | changes
    return segments.thresholds(segments.Inputs(90, window, window, frame, **data))


def model_of(frame, **changes):
    fields = {"thresholds_as_of": "2026-01-01", "terms": TERMS} | changes
    return SegmentsModel(Rfm.fit(frame), None, **fields)


def test_a_customer_keeps_the_name_when_only_others_changed():
    before = buyers()
    model = model_of(before)
    after = before.copy()
    after.loc[200:, "orders_all"] += 3
    after.loc[200:, "spend_all"] *= 1.2
    rfm, told = drawn_for(after, before=model)
    assert told == {"kept": True, "why": "", "as_of": "2026-01-01", "facts": {}}
    kept, was = rfm.assign(after)["segment"], model.rfm.assign(before)["segment"]
    assert (kept[:200] == was[:200]).all()
    assert (Rfm.fit(after).assign(after)["segment"][:200] != was[:200]).any()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"before": None}, "first"),
        ({"anew": True}, "asked"),
        ({"terms": TERMS | {"currency": "GBP"}}, "terms"),
        ({"terms": TERMS | {"horizon_days": 60}}, "terms"),
    ],
)
def test_thresholds_are_learnt_anew_where_there_is_a_reason(changes, why):
    frame = buyers()
    _, told = drawn_for(frame, **({"before": model_of(frame)} | changes))
    assert (told["kept"], told["why"], told["as_of"]) == (False, why, "2026-03-01")


def test_bands_that_have_drifted_far_are_drawn_again_and_the_band_is_named():
    frame = buyers()
    silent = frame.assign(recency_days=frame["recency_days"] + 200)
    rfm, told = drawn_for(silent, before=model_of(frame))
    assert told["why"] == "drifted" and told["facts"]["measure"] == "recency"
    assert told["facts"]["now"] > 2 * told["facts"]["then"]
    assert rfm.drifted(silent) is None


def test_a_model_of_an_earlier_release_is_followed_too():
    frame = buyers()
    meta, arrays = model_of(frame).state()
    del (
        arrays["shares"],
        meta["terms"],
        meta["likeness"],
        meta["thresholds_as_of"],
        meta["clusters_before"],
    )
    rfm, told = drawn_for(frame, before=SegmentsModel.from_state(meta, arrays))
    assert told["kept"] and not rfm.shares_unknown
    assert rfm.recency.edges.tolist() == Rfm.fit(frame).recency.edges.tolist()


def people(generator, n, **typical):
    frame = pd.DataFrame(0.0, index=range(n), columns=list(BEHAVIOUR))
    for name, value in typical.items():
        frame[name] = value * generator.normal(1, 0.1, n)
    return frame


def kinds(seed, size, more=()):
    generator = np.random.default_rng(seed)
    typical = [
        {"recency_days": 10, "orders_all": 30, "order_value": 20, "gap_median": 12},
        {"recency_days": 200, "orders_all": 3, "order_value": 20, "gap_median": 60},
        {"recency_days": 60, "orders_all": 4, "order_value": 900, "gap_median": 60},
        *more,
    ]
    return pd.concat([people(generator, size, **one) for one in typical], ignore_index=True)


def test_groups_keep_their_numbers_after_a_training_with_five_percent_new_customers():
    frame = kinds(2, 100)
    before = fit_clusters(frame, k=3)
    more = pd.concat([frame, kinds(3, 5)], ignore_index=True)
    after = fit_clusters(more, k=3, random_state=7)
    # Whatever order k-means found them in:
    shuffled = after.__class__(**{**vars(after), "centres": after.centres[[2, 0, 1]]})
    after = shuffled.continuing(before, more)
    assert sorted(after.numbers) == [0, 1, 2] and after.last_number == 2
    assert (after.assign(frame) == before.assign(frame)).mean() > 0.97


def test_a_group_that_was_not_there_gets_a_number_that_nobody_ever_had():
    frame = kinds(2, 100)
    before = fit_clusters(frame, k=3)
    fourth = {"recency_days": 2, "orders_all": 300, "order_value": 2, "gap_median": 1}
    more = kinds(2, 100, more=[fourth])
    after = fit_clusters(more, k=4).continuing(before, more, last_number=6)
    assert sorted(after.numbers) == [0, 1, 2, 7] and after.last_number == 7
    assert set(after.assign(more)[-100:]) == {7}


def test_groups_are_known_again_after_a_training_that_found_none():
    frame = kinds(2, 100)
    model = SegmentsModel(Rfm.fit(buyers()), None, clusters_before=fit_clusters(frame, k=3))
    again = SegmentsModel.from_state(*model.state())
    assert again.clusters is None
    assert again.known_clusters.numbers.tolist() == [0, 1, 2]
    assert (again.known_clusters.assign(frame) == model.clusters_before.assign(frame)).all()


def test_the_number_of_groups_stays_while_no_other_is_clearly_better():
    frame = kinds(2, 60)
    assert fit_clusters(frame).k == 3
    assert fit_clusters(frame, rather=5).k == 3  # three are clearly better
