"""Every recommender, on a shop whose answers are known: what each must be able to do."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from insights.ml import products, storage
from insights.ml.baskets import board, read_sales
from insights.ml.rankers import looked_up, strongest
from insights.ml.recommenders import ranker
from insights.ml.wording import Wording, catalogue_texts
from tests.ml.shops import NOW, no_pattern, quiet, shop, two_worlds

# The one that reads whole stories has boards of its own (test_whole_story).
NAMES = [one.name for one in products.candidates({}) if not one.baseline and one.name != "story"]
CUT = NOW - timedelta(days=60)
CATALOGUE = [
    {"product_id": p, "name": f"{'espresso beans' if p < 100 else 'garden shears'} {p}"}
    for p in [*range(1, 13), *range(101, 113)]
]


def tables(purchases):
    return shop(purchases, CATALOGUE, list(range(1, 241)))


@pytest.fixture(scope="module")
def learnt():
    """Each recommender with its first setting, learnt once, as of CUT."""
    made = {}

    def learn(name, purchases=None):
        if purchases is None and name in made:
            return made[name]
        facts = tables(two_worlds() if purchases is None else purchases)
        on = board(read_sales(facts), CUT)
        texts = catalogue_texts(facts["products"], on.product_ids)
        learner = next(c for c in products.candidates({}) if c.name == name).build()
        settings = {"popular_days": 14, **learner.choices({})[0]}
        scorer = learner.learn(on, Wording.fit(texts).vectors(texts), settings)
        groups = np.full(len(on.product_ids), -1)
        answer = on, ranker(on, scorer, settings, groups)
        if purchases is None:
            made[name] = answer
        return answer

    return learn


@pytest.mark.parametrize("name", NAMES)
def test_it_tells_the_two_worlds_apart(learnt, name):
    on, made = learnt(name)
    top, _ = made.listed(made.scores(on.history), 3)
    own = (on.product_ids[top] > 100) == (on.customer_ids % 2 == 0)[:, None]
    assert own.mean() > 0.95


@pytest.mark.parametrize("name", NAMES)
def test_it_never_sees_the_future(learnt, name):
    on, made = learnt(name)
    early = [row for row in two_worlds() if row[2] < 300]
    late = [(customer, 1 + customer % 3, 301) for customer in range(1, 241)]
    _, other = learnt(name, early + late)
    np.testing.assert_array_equal(other.scores(on.history), made.scores(on.history))


@pytest.mark.parametrize("name", NAMES)
def test_one_customer_alone_is_the_one_among_all(learnt, name):
    on, made = learnt(name)
    everyone = made.scores(on.history)
    top, _ = made.listed(everyone)
    reasons = [strongest(one)[0] for one in made.scorer.contributions(on.history, top)]
    for row in (0, 7, 101):
        alone = on.history[row : row + 1]
        np.testing.assert_array_equal(made.scores(alone)[0], everyone[row])
        own = made.scorer.contributions(alone, top[row : row + 1])
        assert [strongest(one)[0][0] for one in own] == [owner[row] for owner in reasons]


@pytest.mark.parametrize("name", NAMES)
def test_what_the_purchases_add_is_the_score_and_the_reason_is_owned(learnt, name):
    on, made = learnt(name)
    scores = made.scores(on.history)
    top, value = made.listed(scores)
    for k, added in enumerate(made.scorer.contributions(on.history, top)):
        spoken = value[:, k] > 0
        total = np.asarray(added.sum(axis=1)).ravel() * made.lift[top[:, k]]
        np.testing.assert_allclose(total[spoken], value[spoken, k], rtol=1e-9)
        owner, _ = strongest(added)
        assert (owner[spoken] >= 0).all()
        assert looked_up(on.bought, np.flatnonzero(spoken), owner[spoken]).all()


@pytest.mark.parametrize("name", NAMES)
def test_learning_twice_gives_the_same_scores(learnt, name):
    on, made = learnt(name)
    _, again = learnt(name, two_worlds())
    np.testing.assert_array_equal(again.scores(on.history), made.scores(on.history))


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_back_from_disk_with_the_same_scores(learnt, name):
    on, made = learnt(name)
    meta, arrays = made.scorer.state()
    again = type(made.scorer).from_state(json.loads(json.dumps(meta)), arrays)
    plain, restored = made.scorer.spoken(on.history), again.spoken(on.history)
    assert (abs(plain - restored) > 0).sum() == 0


@pytest.fixture(scope="module")
def without_pattern():
    """What every recommender, the one of whole stories too, reaches where there is nothing beyond best-sellers."""
    params = {"candidates": [one.name for one in products.candidates({})]}
    data = products.inputs(shop(no_pattern()), NOW, params)
    summary = products.evaluate(data, products.candidates(params), quiet).summary
    return {one["name"]: one for one in summary["candidates"]} | {"summary": summary}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NAMES, "story"])
def test_it_claims_nothing_where_there_is_nothing_beyond_what_sells_most(without_pattern, name):
    low, _ = without_pattern[name]["interval"]["ndcg_at_10"]
    assert low <= without_pattern["popularity"]["metrics"]["ndcg_at_10"]
    assert not without_pattern["summary"]["better_than_rule"]


@pytest.mark.parametrize("name", NAMES)
def test_who_has_bought_nothing_is_scored_all_the_same(learnt, name):
    on, made = learnt(name)
    nobody = on.history[np.array([0, 1])]
    bare = replace(nobody, lags=sp.csr_matrix(nobody.shape))
    assert np.isfinite(made.scores(bare)).sum() >= 10


@pytest.mark.parametrize("name", ["sequence", "als", "blend"])
def test_it_serves_saves_and_loads_as_a_whole_model(name, tmp_path):
    data = products.inputs(tables(two_worlds()), NOW, {})
    chosen = [one for one in products.candidates({}) if one.baseline or one.name == name]
    model = products.evaluate(data, chosen, quiet).model
    frame = products.predict(model, tables(two_worlds()), NOW)
    codes = {"sequence": {"bought_after"}, "als": {"goes_with"}, "blend": REASONS}[name]
    new = frame[~frame["why"].isin(["popular", "reorder"])]
    assert len(new) > 500 and set(new["why"]) <= codes
    assert new["because_product_id"].notna().all()
    told = [next(iter(facts.values())) for facts in new["facts"]]
    assert all(0 <= number <= 1 for number in told)
    checksum = storage.save(model, tmp_path / "model")
    again = products.predict(storage.load(tmp_path / "model", checksum), tables(two_worlds()), NOW)
    pd.testing.assert_frame_equal(again, frame, check_exact=True)


REASONS = {"bought_with", "bought_after", "alike"}
