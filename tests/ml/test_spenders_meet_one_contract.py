"""Every way to foretell amounts, on companies whose customers are known: what each must be able to do."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from insights.ml import storage, value, value_judging, value_stages
from insights.ml.evaluation import NotEnoughData, paired_gain
from insights.ml.learners import boosted_amounts
from insights.ml.value_judging import metrics
from insights.ml.value_spenders import SPENDERS
from insights.ml.value_stages import Stage, deviance
from insights.ml.value_windows import Window
from tests.ml.companies import NOW, leavers, without_memory
from tests.ml.shops import quiet
from tests.ml.test_scoring_goes_without_the_training_libraries import SCORE

# Networks take seconds to begin; the blend is the trees of the others.
SLOW = ("ziln", "blend", "story")
EVERY = [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in SPENDERS]
LEARNERS = [one for one in EVERY if one.values != ("rule",)]
HUNGRY = [one for one in EVERY if SPENDERS[one.values[0]].hungry]
CANDIDATES = {one.name: one for one in value.candidates({})}


@pytest.fixture(scope="module", autouse=True)
def few_rounds():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosted_amounts.SETTINGS, "max_iter", 12)
        patch.setitem(boosted_amounts.SETTINGS, "learning_rate", 0.2)
        yield


def stage_of(tables):
    """What is known as the judged window opens, and that window."""
    data = value.inputs(tables, NOW, {"candidates": list(SPENDERS)})
    stage = Stage.of(data, data.test_last, data.training, "pareto")
    stage.weight = 1.0  # each speaks for itself, without the rule's share
    return stage, data.test


@pytest.fixture(scope="module")
def board():
    return stage_of(leavers(300))


@pytest.fixture(scope="module")
def fitted(board):
    made = {}

    def fit(name):
        if name not in made:
            made[name] = board[0].forecast(CANDIDATES[name])
        return made[name]

    return fit


def at_the_level_of(stage, forecast, window):
    return forecast.spend(window, window.days) * stage.level(forecast)


def rows(window, chosen):
    known = window.known.rows(chosen)
    parts = (getattr(window, n)[chosen] for n in ("days_before", "before", "purchases", "spend"))
    frame = window.frame[chosen].reset_index(drop=True)
    return Window(window.days, window.outcome_days, frame, known, *parts)


@pytest.mark.parametrize("name", LEARNERS)
def test_it_finds_who_will_spend_where_that_can_be_known(board, fitted, name):
    """And beats the dummy, the mean of all, by more than chance."""
    stage, window = board
    told = at_the_level_of(stage, fitted(name), window)
    dummy = np.full(len(window), stage.newest.spend.mean())
    gain, error = paired_gain(deviance(window.spend, dummy), deviance(window.spend, told))
    assert gain > 1.645 * error
    assert metrics(window.spend, told)["ngini"] > 0.75


@pytest.fixture(scope="module")
def nothing_to_know():
    return stage_of(without_memory(300))


@pytest.mark.parametrize("name", LEARNERS)
def test_it_claims_nothing_where_nothing_can_be_known(nothing_to_know, name):
    stage, window = nothing_to_know
    told = at_the_level_of(stage, stage.forecast(CANDIDATES[name]), window)
    dummy = np.full(len(window), stage.newest.spend.mean())
    gain, error = paired_gain(deviance(window.spend, dummy), deviance(window.spend, told))
    assert gain <= 1.645 * error
    assert metrics(window.spend, told)["ngini"] < 0.25


@pytest.mark.parametrize("name", EVERY)
def test_a_row_alone_is_the_row_among_all(board, fitted, name):
    window = board[1]
    everyone = fitted(name).spend(window, window.days)
    for place in (0, 41, len(window) - 1):
        alone = rows(window, np.arange(len(window)) == place)
        assert fitted(name).spend(alone, window.days)[0] == pytest.approx(
            everyone[place], rel=1e-12
        )


@pytest.mark.parametrize("name", EVERY)
def test_learning_twice_gives_the_same_answer(board, fitted, name):
    stage, window = board
    fresh = replace(stage, heads=type(stage.heads)(stage.train, stage.behaviour))
    again = fresh.forecast(CANDIDATES[name]).spend(window, window.days)
    # float32 sums may be split between threads, and what is learnt in many steps drifts apart
    rtol = {"ziln": 1e-3, "story": 0.2}.get(name, 1e-12)
    np.testing.assert_allclose(again, fitted(name).spend(window, window.days), rtol=rtol)


@pytest.mark.parametrize("name", EVERY)
def test_it_comes_back_from_arrays_as_it_was(board, fitted, name):
    window = board[1]
    forecast = fitted(name)
    meta, arrays = forecast.spender.state()
    again = SPENDERS[name].from_state(json.loads(json.dumps(meta)), arrays)
    np.testing.assert_array_equal(
        replace(forecast, spender=again).spend(window, 365), forecast.spend(window, 365)
    )


@pytest.mark.parametrize("name", EVERY)
def test_it_copes_with_what_training_never_showed(board, fitted, name):
    """Facts that are missing or absurd, a new country, no country column at all: amounts above zero, finite."""
    window = rows(board[1], np.arange(len(board[1])) < 4)
    strange = window.frame.copy()
    strange["recency_days"] = [np.nan, -1e9, 1e9, 5.0]
    strange["country"] = np.array([None, "ZZ", "", "SE"], dtype=object)
    for frame in (strange, strange[["customer_id", "as_of", "orders_all"]]):
        told = fitted(name).spend(replace(window, frame=frame), 365)
        assert np.isfinite(told).all() and (told > 0).all()


@pytest.mark.parametrize("name", HUNGRY)
def test_where_nothing_differs_it_says_so(board, name):
    stage = board[0]
    bare = replace(stage.train, frame=stage.train.frame[["customer_id", "as_of"]])
    with pytest.raises(NotEnoughData) as caught:
        heads = type(stage.heads)(bare, stage.behaviour)
        SPENDERS[name]().fit(bare, stage.behaviour, heads)
    assert caught.value.code == "nothing_differs"


@pytest.mark.parametrize("name", EVERY)
def test_it_learns_where_everybody_buys_in_every_window(board, name):
    """No one to tell apart by whether they come at all."""
    stage, window = board
    bought = np.flatnonzero(stage.train.spend > 0)
    chosen = np.isin(np.arange(len(stage.train)), bought)
    train = rows(stage.train, chosen)
    stage = replace(stage, train=train, heads=type(stage.heads)(train, stage.behaviour))
    told = stage.forecast(CANDIDATES[name]).spend(window, window.days)
    assert np.isfinite(told).all() and (told > 0).all()


@pytest.mark.slow
def test_the_network_says_from_arrays_what_keras_says(board, fitted):
    stage, window = board
    spender = fitted("ziln").spender
    x = spender._design(window, stage.behaviour)
    network = spender.network_
    by_keras = [np.asarray(one(x.astype(np.float32)), float) for one in network.estimators_]
    expected = np.mean([network._mean(said) for said in by_keras], axis=0)
    again = type(network).from_state(*network.state())
    np.testing.assert_allclose(again.expected(x), expected, rtol=1e-5)


@pytest.mark.slow
def test_a_fresh_process_scores_by_the_network_without_tensorflow(tmp_path, monkeypatch):
    monkeypatch.setattr(value_judging, "ENOUGH_CUSTOMERS", 100)
    monkeypatch.setattr(value_stages, "SURE_CUSTOMERS", 100)
    data = value.inputs(leavers(300), NOW, {})
    model = value.evaluate(data, [CANDIDATES["rule"], CANDIDATES["ziln"]], quiet).model
    assert model.forecast.spender.name == "ziln"
    checksum = storage.save(model, tmp_path / "model")
    here = value.predict(model, leavers(60), NOW)["spend_365"]
    script = SCORE.replace("churn", "value").replace("risk", "spend_365")
    words = [sys.executable, "-c", script, str(tmp_path / "model"), checksum]
    there = subprocess.run(words, capture_output=True, text=True, check=False)
    assert there.returncode == 0, there.stderr
    assert there.stdout.split() == [str(len(here)), str(round(float(here.sum()), 6))]


def test_who_needs_many_customers_is_left_out_of_a_small_company():
    data = value.inputs(leavers(120), NOW, {})
    steps = []
    value.evaluate(data, list(CANDIDATES.values()), lambda step, *rest: steps.append(step))
    fitted = {step.removeprefix("fit:") for step in steps if step.startswith("fit:")}
    assert fitted == {name for name, spender in SPENDERS.items() if not spender.hungry}
