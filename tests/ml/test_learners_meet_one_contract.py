"""Every learner of yes-or-no questions, on companies whose answers are known."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from insights.ml import churn
from insights.ml.deep.story_churn import stories_of
from insights.ml.deep.story_encoding import moments
from insights.ml.evaluation import NotEnoughData, binary_metrics
from insights.ml.features import features
from insights.ml.learners import (
    LEARNERS,
    customer_folds,
    held_out_groups,
    learner_class,
    lightgbm,
)
from insights.ml.learners.fitting import fit_calibrated
from insights.ml.learners.lifetime import NARROWEST, _histories
from insights.ml.learners.rule import SingleColumnRule
from insights.ml.snapshots import Snapshot
from tests.ml.companies import NOW, labelled, leavers, without_memory

# A blend fits each of its members several times, TensorFlow takes its time; LightGBM is there where it is installed.
MARKS = {
    "blend": pytest.mark.slow,
    "keras": pytest.mark.slow,
    "story": pytest.mark.slow,
    "lightgbm": pytest.mark.skipif(not lightgbm.installed(), reason="LightGBM is not installed"),
}
EVERY = [pytest.param(name, marks=MARKS.get(name, ())) for name in LEARNERS]
QUICK = ("rfm_logistic", "logistic", "lifetime")
ALL_SLOW_BUT_THE_QUICK = [
    one
    if one.values[0] in QUICK
    else pytest.param(*one.values, marks=[*one.marks, pytest.mark.slow])
    for one in EVERY
]
# What these are not shown is what this board is about, and labels come without orders.
KNOWING_ALL = [one for one in EVERY if one.values[0] not in churn.OF_PURCHASES]


@pytest.fixture(scope="module")
def board():
    """Snapshots of a company whose customers leave in their own rhythm and after complaints, with their stories."""
    return churn.inputs(leavers(), NOW, {"horizon_days": 60, "candidates": ["story"]})


@pytest.fixture(scope="module")
def fitted(board):
    """Each learner fitted once for the whole module."""
    made = {}

    def fit(name):
        if name not in made:
            made[name] = learner_class(name)().fit(
                board.train.frame, board.train.y, board.train.groups
            )
        return made[name]

    return fit


def restored(learner):
    """The learner as it comes back from disk: through JSON and arrays."""
    meta, arrays = learner.state()
    return type(learner).from_state(json.loads(json.dumps(meta)), arrays)


def library_scale(learner, frame):
    """What the library that trained it says, on the scale of raw()."""
    if learner.name in ("logistic", "rfm_logistic", "boosting"):
        return learner.estimator_.decision_function(learner._design(frame))
    if learner.name == "lightgbm":
        return learner.estimator_.predict(learner._design(frame), raw_score=True)
    if learner.name == "lifetime":
        chance = learner.model_.none_within(_histories(learner._design(frame)), learner.days)
        return np.clip(np.log(chance) - np.log1p(-chance), *logit([NARROWEST, 1 - NARROWEST]))
    if learner.name == "svm":
        return learner.estimator_.decision_function(learner.encoder_.design(frame))
    if learner.name == "blend":
        odds = [
            curve.slope * one.logit(library_scale(one, frame)) + curve.offset
            for one, curve in zip(learner.learners_, learner.curves_, strict=True)
        ]
        return np.column_stack(odds) @ learner.weights_ + learner.offset_
    if learner.name == "forest":
        return learner.estimator_.predict_proba(learner._design(frame))[:, 1]
    if learner.name == "ebm":
        return learner.estimator_.decision_function(learner._input(learner.columns_.matrix(frame)))
    if learner.name == "story":
        return told_by_keras(learner, frame)
    design = learner.encoder_.design(frame).astype(np.float32)
    return np.mean([np.asarray(one(design))[:, 0] for one in learner.estimators_], axis=0)


def told_by_keras(learner, frame):
    story = learner.reader_.encoder.encode(stories_of(frame))
    asked = np.zeros(story.days.shape, np.float32)
    upto = np.ones((1, 1, story.kind.shape[1]), bool)
    moment = moments(story, asked)[:, -1:]
    z = learner.estimator_.answer(story, moment, asked[:, -1:], upto, False)[0][:, 0]
    w = learner.estimator_.named
    told = np.asarray(z) @ np.asarray(w["leaves"]) + np.asarray(w["leaves_bias"])
    columns = learner.table_.design(frame) - learner.means_
    return (told + columns @ np.asarray(w["columns"]))[:, 0]


@pytest.mark.parametrize("name", KNOWING_ALL)
def test_it_beats_the_rule_where_there_is_more_to_know_than_silence(board, fitted, name):
    rule = SingleColumnRule(("recency_days",)).fit(
        board.train.frame, board.train.y, board.train.groups
    )
    y = board.test.y
    learner = fitted(name)
    plain = binary_metrics(y, expit(rule.raw(board.test.frame)))
    learnt = binary_metrics(y, expit(learner.logit(learner.raw(board.test.frame))))
    assert 1 - learnt["roc_auc"] < 0.6 * (1 - plain["roc_auc"])
    # A margin is no chance: the curve that makes one of it is fitted outside.
    assert name == "svm" or learnt["log_loss"] < 0.8 * plain["log_loss"]


@pytest.fixture(scope="module")
def nothing_to_know():
    """Snapshots of a company whose customers come by chance, all at the same rate, and never leave."""
    params = {"horizon_days": 60, "candidates": ["story"]}
    return churn.inputs(without_memory(), NOW, params)


@pytest.mark.parametrize("name", ALL_SLOW_BUT_THE_QUICK)
def test_it_claims_nothing_where_nothing_can_be_known(nothing_to_know, name):
    made = fit_calibrated(learner_class(name), nothing_to_know.train)
    y, p = nothing_to_know.test.y, made.chance(nothing_to_know.test.frame)
    told, plain = binary_metrics(y, p), binary_metrics(y, np.full(len(y), y.mean()))
    assert told["roc_auc"] < 0.6
    assert told["log_loss"] > 0.99 * plain["log_loss"]


@pytest.mark.parametrize("name", EVERY)
def test_scoring_from_arrays_is_what_the_library_says(board, fitted, name):
    learner = fitted(name)
    tolerance = 1e-5 if name in ("keras", "story") else 1e-9
    np.testing.assert_allclose(
        restored(learner).raw(board.test.frame),
        library_scale(learner, board.test.frame),
        rtol=0,
        atol=tolerance,
    )


@pytest.mark.parametrize("name", EVERY)
def test_contributions_add_up_to_the_score(board, fitted, name):
    learner = restored(fitted(name))
    terms, base = learner.contributions(board.test.frame)
    assert terms.shape == (len(board.test), len(learner.families))
    raw = learner.raw(board.test.frame)
    np.testing.assert_allclose(base + terms.sum(axis=1), raw, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", EVERY)
def test_a_row_alone_is_the_row_among_all(board, fitted, name):
    learner, frame = fitted(name), board.test.frame
    one = frame.iloc[[7]].reset_index(drop=True)
    assert learner.raw(one)[0] == pytest.approx(learner.raw(frame)[7], abs=1e-12)
    terms, _ = learner.contributions(frame)
    np.testing.assert_allclose(learner.contributions(one)[0][0], terms[7], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", EVERY)
def test_the_logit_rises_with_the_scale(fitted, name):
    scale = np.linspace(0.001, 0.999, 50)
    assert (np.diff(fitted(name).logit(scale)) > 0).all()


@pytest.mark.parametrize("name", EVERY)
def test_learning_twice_gives_the_same_answer(board, fitted, name):
    again = learner_class(name)().fit(board.train.frame, board.train.y, board.train.groups)
    # float32 sums may be split between threads, and what is learnt in many steps drifts apart
    atol = {"keras": 1e-4, "story": 0.1}.get(name, 1e-12)
    np.testing.assert_allclose(
        again.raw(board.test.frame), fitted(name).raw(board.test.frame), rtol=0, atol=atol
    )


@pytest.mark.parametrize("name", KNOWING_ALL)
def test_it_copes_with_what_training_never_showed(name):
    """New levels, missing values and attributes, amounts out of range: a finite score between 0 and 1."""
    frame = features(labelled(250), [NOW])
    y = (frame.pop("attribute:left") == "yes").to_numpy().astype(float)
    learner = learner_class(name)().fit(frame, y, frame["customer_id"].to_numpy())
    strange = frame.iloc[:4].copy()
    strange["attribute:age"] = [np.nan, -1e9, 1e9, 50.0]
    strange["attribute:contract"] = pd.Series(
        [None, "weekly", "monthly", ""], dtype=object
    ).to_numpy()
    for rows in (strange, strange.drop(columns=["attribute:age", "attribute:contract"])):
        p = expit(learner.logit(learner.raw(rows)))
        assert np.isfinite(p).all() and ((p > 0) & (p < 1)).all()
        terms, base = learner.contributions(rows)
        np.testing.assert_allclose(base + terms.sum(axis=1), learner.raw(rows), atol=1e-9)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            *one.values, marks=[*one.marks, *[pytest.mark.slow] * (one.values[0] == "ebm")]
        )
        for one in KNOWING_ALL
    ],
)
def test_columns_that_say_nothing_change_nothing(name):
    """Empty columns and those that are the same for everybody."""
    frame = features(labelled(200), [NOW])
    y = (frame.pop("attribute:left") == "yes").to_numpy().astype(float)
    more = frame.assign(
        **{"attribute:a": np.nan, "attribute:b": 7.0, "attribute:c": None, "attribute:d": "same"}
    )
    more[["attribute:c", "attribute:d"]] = more[["attribute:c", "attribute:d"]].astype(object)
    groups = frame["customer_id"].to_numpy()
    one, other = (learner_class(name)().fit(f, y, groups).raw(f) for f in (frame, more))
    atol = {"keras": 1e-4, "story": 0.1}.get(name, 1e-9)
    np.testing.assert_allclose(one, other, rtol=0, atol=atol)


@pytest.mark.parametrize("name", EVERY)
def test_where_nothing_differs_it_says_so(name):
    frame = features(labelled(60), [NOW])[["customer_id", "as_of", "orders_all", "country"]]
    y = np.arange(60) % 2.0
    with pytest.raises(NotEnoughData) as caught:
        learner_class(name)().fit(frame, y, frame["customer_id"].to_numpy())
    assert caught.value.code == "nothing_differs"


@pytest.mark.parametrize("name", EVERY)
def test_one_outcome_only_is_said_in_a_word(board, name):
    same = Snapshot(board.train.frame, np.ones(len(board.train)))
    with pytest.raises(NotEnoughData) as caught:
        fit_calibrated(learner_class(name), same)
    assert caught.value.code == "one_outcome_only"


def test_the_rule_picks_the_one_column_that_tells_most():
    frame = features(labelled(600), [NOW])
    y = (frame.pop("attribute:left") == "yes").to_numpy().astype(float)
    rule = SingleColumnRule().fit(frame, y, frame["customer_id"].to_numpy())
    monthly = (frame["attribute:contract"] == "monthly").to_numpy()
    p = expit(rule.raw(frame))
    assert p[monthly].min() > p[~monthly].max()
    assert roc_auc_score(y, p) > 0.6


def test_inner_splits_part_customers_not_rows():
    groups = np.repeat(np.arange(30), 4)
    folds = customer_folds(groups, 3, 42)
    assert np.sum(folds, axis=0).tolist() == [1] * len(groups)
    for mask in (*folds, held_out_groups(groups, 0.2, 42)):
        assert not set(groups[mask]) & set(groups[~mask])
        assert mask.any() and not mask.all()
