"""The list that a salesperson sees: what may be on it, and why it is."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from insights.ml import products, storage
from tests.ml.shops import NOW, quiet, shop, two_worlds

CATALOGUE = [{"product_id": p} for p in [*range(1, 13), *range(101, 113)]]


@pytest.fixture(scope="module")
def model():
    """Learnt by neighbours: what the other recommenders say is tested where each of them is."""
    data = products.inputs(shop(two_worlds()), NOW, {})
    chosen = [one for one in products.candidates({}) if one.name in ("popularity", "item_knn")]
    made = products.evaluate(data, chosen, quiet).model
    assert made is not None
    return made


def lists(model, purchases=None, catalogue=CATALOGUE, customers=None, as_of=NOW, ids=None):
    tables = shop(two_worlds() if purchases is None else purchases, catalogue, customers)
    return products.predict(model, tables, as_of, ids)


def test_a_customer_is_offered_the_products_of_their_own_world(model):
    frame = lists(model, [(1, 1, 300), (1, 2, 310), (2, 101, 300), (2, 102, 310)])
    first = frame[(frame["customer_id"] == 1) & (frame["rank"] <= 8)]["product_id"]
    second = frame[(frame["customer_id"] == 2) & (frame["rank"] <= 8)]["product_id"]
    assert set(first) <= set(range(1, 13)) and set(second) <= set(range(101, 113))


def test_new_products_are_new_and_the_reason_is_one_that_is_owned(model):
    frame = lists(model)
    owned = {(customer, product) for customer, product, _ in two_worlds()}
    new = frame[frame["why"].isin(["bought_with", "popular"])]
    assert len(new) > 500
    assert not owned & set(zip(new["customer_id"], new["product_id"], strict=True))
    because = frame[frame["why"] == "bought_with"]
    assert set(zip(because["customer_id"], because["because_product_id"], strict=True)) <= owned


def test_the_share_given_as_a_reason_is_the_share_in_the_data(model):
    bought = {}
    for customer, product, _ in two_worlds():
        bought.setdefault(product, set()).add(customer)
    frame = lists(model)
    for row in frame[frame["why"] == "bought_with"].head(200).itertuples():
        because, listed = bought[row.because_product_id], bought[row.product_id]
        assert row.facts["share"] == pytest.approx(len(because & listed) / len(because), abs=1e-4)


def test_what_is_out_of_stock_or_archived_is_never_offered(model):
    gone = [{"product_id": 3, "in_stock": False}, {"product_id": 104, "archived": True},
            {"product_id": 7, "in_stock": None}]  # fmt: skip
    rest = [one for one in CATALOGUE if one["product_id"] not in (3, 104, 7)]
    everything, now = lists(model), lists(model, catalogue=rest + gone)
    assert {3, 104, 7} <= set(everything["product_id"])
    assert not {3, 104, 7} & set(now["product_id"])


def test_what_was_sent_back_is_offered_again_only_once_it_was_bought_again(model):
    base = [row for row in two_worlds() if row[0] == 1]
    plain = lists(model, base)
    new = int(plain[plain["why"] == "bought_with"]["product_id"].iloc[0])
    due = int(plain[plain["why"] == "reorder"]["product_id"].iloc[0])
    back = lists(model, [*base, (1, new, 350, "return"), (1, due, 350, "return")])
    assert not {new, due} & set(back["product_id"])
    last = max(day for _, product, day in base if product == due)
    earlier = lists(model, [*base, (1, due, last - 1, "return")])
    assert due in set(earlier["product_id"])


def test_a_product_first_sold_after_the_training_is_not_offered_to_who_has_it(model):
    catalogue = [*CATALOGUE, {"product_id": 500, "name": "article 1 article"}]
    purchases = [(1, 1, 300), (1, 500, 310), (3, 1, 300)]
    frame = lists(model, purchases, catalogue)
    offered = frame[frame["product_id"] == 500]
    assert set(offered["customer_id"]) == {3}


def test_a_product_no_longer_in_the_catalogue_is_never_offered(model):
    assert 5 not in set(
        lists(model, catalogue=[p for p in CATALOGUE if p["product_id"] != 5])["product_id"]
    )


def test_ranks_run_from_one_and_scores_are_chances_that_fall(model):
    frame = lists(model)
    for _, one in frame.groupby("customer_id"):
        assert one["rank"].tolist() == list(range(1, len(one) + 1)) and len(one) <= 10
        assert one["score"].is_monotonic_decreasing
    assert frame["score"].between(0, 1).all()
    assert not frame.duplicated(["customer_id", "product_id"]).any()


def test_one_customer_alone_gets_the_same_list_as_among_all(model):
    catalogue = [*CATALOGUE, {"product_id": 500, "name": "article 1 article"}]
    everyone = lists(model, catalogue=catalogue)
    for customer in (1, 2, 77, 240):
        alone = lists(model, catalogue=catalogue, ids=[customer]).reset_index(drop=True)
        among = everyone[everyone["customer_id"] == customer].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, among, check_exact=True)


def test_what_happens_later_does_not_change_the_list(model):
    moment = NOW - timedelta(days=60)
    before = [row for row in two_worlds() if row[2] < 300]
    generator = np.random.default_rng(0)
    after = [(customer, int(generator.choice([1, 101])), 301) for customer in range(1, 241)]
    everyone = list(range(1, 241))
    pd.testing.assert_frame_equal(
        lists(model, before, customers=everyone, as_of=moment),
        lists(model, before + after, customers=everyone, as_of=moment),
    )


def test_a_customer_without_purchases_gets_the_best_sellers(model):
    frame = lists(model, [(1, 1, 10)], customers=[1, 999])
    stranger = frame[frame["customer_id"] == 999]
    assert len(stranger) == 10 and set(stranger["why"]) == {"popular"}
    lately = {}
    for customer, product, day in two_worlds():
        if day >= 332:
            lately.setdefault(product, set()).add(customer)
    for row in stranger.itertuples():
        # The model counted back from its last order, the last minutes of day 359 at the latest.
        assert abs(row.facts["buyers_recent"] - len(lately[row.product_id])) <= 3
        assert row.facts["days"] == 28


def test_a_product_nobody_bought_yet_is_offered_to_who_owns_one_like_it():
    worded = [
        {
            "product_id": p,
            "name": f"{'espresso coffee beans' if p < 100 else 'garden rose shears'} {p}",
        }
        for p in [*range(1, 13), *range(101, 113)]
    ]
    tables = shop(two_worlds(), worded)
    data = products.inputs(tables, NOW, {})
    model = products.evaluate(data, products.candidates({})[:2], quiet).model
    fresh = {"product_id": 500, "name": "espresso coffee beans, decaf"}
    frame = lists(model, catalogue=[*worded, fresh])
    offered = frame[frame["product_id"] == 500]
    assert set(offered["why"]) == {"similar"}
    assert set(offered["customer_id"] % 2) == {1} and len(offered) == 120
    assert (offered["because_product_id"] < 100).all()
    assert all(0.35 <= facts["similarity"] <= 1 for facts in offered["facts"])


def test_a_saved_model_gives_the_same_lists(model, tmp_path):
    checksum = storage.save(model, tmp_path / "products")
    again = storage.load(tmp_path / "products", checksum)
    pd.testing.assert_frame_equal(lists(again), lists(model), check_exact=True)


def test_an_empty_selection_gives_an_empty_frame_with_all_columns(model):
    frame = lists(model, ids=[123456])
    assert len(frame) == 0 and frame.columns.tolist() == products.COLUMNS
