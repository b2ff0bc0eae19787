"""The network over whole stories: what must hold whatever it has learnt, and what it learns."""

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from insights.ml import churn, products, storage
from insights.ml.baskets import board, read_sales
from insights.ml.deep import story_network as net
from insights.ml.deep.story_churn import TOLD, StoryLearner, without
from insights.ml.deep.story_encoding import FEELING, FELT, Encoder
from insights.ml.deep.story_products import StoryScorer, WholeStory
from insights.ml.deep.story_questions import at_moment, questions
from insights.ml.encoding import Encoder as TableEncoder
from insights.ml.features import STORY, features
from insights.ml.learners import learner_class
from insights.ml.product_boards import told
from insights.ml.rankers import looked_up, strongest
from insights.ml.stories import EVENT, PURCHASE, Stories, stories, with_stories
from tests.ml.companies import NOW, at, leavers, with_rows
from tests.ml.shops import NOW as SHOP_NOW
from tests.ml.shops import one_leads_to_the_next, quiet, shop, two_worlds
from tests.ml.stories import drawn_weights, untaught

HORIZON = 60


@pytest.fixture(scope="module")
def tables():
    return leavers(40)


@pytest.fixture(scope="module")
def frame(tables):
    """Feature rows with stories, of everybody who bought before the moment."""
    made = features(tables, [at(400)])
    return with_stories(made[made["orders_all"] > 0].reset_index(drop=True), tables)


@pytest.fixture(scope="module")
def learner(frame):
    """A learner that has been taught nothing: any weights have to give reasons that add up."""
    made = StoryLearner()
    made.table_ = TableEncoder.learn(frame)
    design = made.table_.design(frame)
    made.means_ = design.mean(axis=0)
    made.linear_ = np.random.default_rng(5).normal(0, 0.1, design.shape[1])
    made.reader_ = untaught(Stories.of(frame[STORY].tolist()))
    made.typical_ = 30.0
    return made


def test_base_and_reasons_add_up_to_the_score(learner, frame):
    terms, base = learner.contributions(frame)
    assert terms.shape == (len(frame), len(learner.families))
    np.testing.assert_allclose(base + terms.sum(axis=1), learner.raw(frame), rtol=0, atol=1e-9)
    told = terms[:, [learner.families.index(code) for code in ("recency", "rhythm", "complaints")]]
    assert (np.abs(told).max(axis=0) > 0.01).all()


def test_a_row_alone_is_the_row_among_all(learner, frame):
    one = frame.iloc[[7]].reset_index(drop=True)
    assert learner.raw(one)[0] == pytest.approx(learner.raw(frame)[7], abs=1e-12)
    terms = learner.contributions(frame)[0][7]
    np.testing.assert_allclose(learner.contributions(one)[0][0], terms, rtol=0, atol=1e-12)


def test_it_comes_back_from_disk(learner, frame):
    meta, arrays = learner.state()
    again = StoryLearner.from_state(json.loads(json.dumps(meta)), arrays)
    np.testing.assert_array_equal(again.raw(frame), learner.raw(frame))
    terms, base = again.contributions(frame)
    assert base == learner.contributions(frame)[1]
    np.testing.assert_array_equal(terms, learner.contributions(frame)[0])


def test_the_feeling_of_a_message_reaches_the_network(learner, tables):
    """The same message once unread, once read as neutral, once as unhappy; what it says is told as what it is."""
    who = {"customer_id": 1, "occurred_at": at(390)}
    wrote = with_rows(tables, "interactions", [{**who, "channel": "email", "direction": "in"}])
    feelings = (None, 0.0, -0.9)
    read = [{**who, "label": "neutral", "sentiment": feeling} for feeling in feelings]
    frames = [
        with_stories(features(tables, [at(400)], [1]), with_rows(wrote, "readings", [one]))
        for one in read
    ]
    encoder = learner.reader_.encoder
    numbers = [encoder.encode(Stories.of(one[STORY].tolist())).numbers for one in frames]
    latest = [one[0][(one[0] != numbers[0][0]).any(axis=1)] for one in numbers[1:]]
    assert [one[0, [FEELING, FELT]].tolist() for one in latest] == [[0, 1], [np.float32(-0.9), 1]]
    assert (numbers[0][:, :, [FEELING, FELT]] == 0).all()
    assert len({float(learner.raw(one)[0]) for one in frames}) == 3
    place = learner.families.index("voice")
    shares = [learner.contributions(one)[0][0, place] for one in frames]
    assert shares[0] == 0 and abs(shares[2]) > 1e-3


def test_a_network_that_knew_fewer_kinds_and_numbers_says_what_it_said(learner, frame):
    meta, arrays = learner.state()
    old = {
        "story_weights_numbers": FEELING,
        "story_weights_kinds": 10,
        "story_centre": 10,
        "story_scale": 10,
    }
    cut = arrays | {name: arrays[name][:rows] for name, rows in old.items()}
    blind = arrays | {name: arrays[name].copy() for name in old}
    blind["story_weights_numbers"][FEELING:], blind["story_weights_kinds"][10:] = 0, 0
    said = StoryLearner.from_state(meta, cut).raw(frame)
    np.testing.assert_array_equal(said, StoryLearner.from_state(meta, blind).raw(frame))


def test_with_everything_taken_out_all_stories_are_the_same(learner, frame):
    told = Stories.of([*frame[STORY].tolist(), np.empty(0, EVENT)])
    bare = without(learner.reader_.encoder.encode(told), TOLD, 30.0)
    said = learner.reader_.leaving(bare)
    assert np.ptp(said) < 1e-5  # float32; in which order is added up differs with the threads
    assert (bare.kind == PURCHASE).sum(axis=1).tolist() == [1] * len(told)
    whole = learner.reader_.encoder.encode(told)
    for one, other in zip(without(whole, (), 30.0).arrays(), whole.arrays(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_comes_later_changes_no_earlier_answer(tables):
    """The answers to all questions of a story, its later half once as it is and once as something else."""
    ids = tables["customers"]["customer_id"].to_numpy()
    reader = untaught(stories(tables, ids, np.full(len(ids), np.datetime64(at(400), "us"))))
    story = reader.encoder.encode(
        stories(tables, ids, np.full(len(ids), np.datetime64(at(400), "us")))
    )
    half = story.kind.shape[1] // 2
    other = replace(story, kind=story.kind.copy(), items=story.items.copy())
    other.kind[:, half:], other.items[:, half:] = 9, 0
    asked = questions(story, HORIZON)

    def answers(one):
        upto = np.tril(np.ones((story.kind.shape[1],) * 2, bool))[None]
        x, _ = net.read(reader.weights, reader.products[0], one, np)
        z = net.ask(reader.weights, x, one, asked.moment, asked.asked, upto, np)
        return z, net.tastes(reader.weights, z, x, one, asked.asked, upto, np)

    (z, weight), (z_other, weight_other) = answers(story), answers(other)
    np.testing.assert_array_equal(z[:, :half], z_other[:, :half])
    np.testing.assert_array_equal(weight[:, :, :half], weight_other[:, :, :half])
    assert np.abs(z[:, half:] - z_other[:, half:]).max() > 0.01


def test_questions_are_answered_by_what_the_story_tells_after_them():
    """Bought on days 0 (products 1, 2), 10 (product 2, 3) and 100 (product 4), told on day 200."""
    bought = [(1, 1, 0), (1, 2, 0), (1, 2, 10), (1, 3, 10), (1, 4, 100)]
    told = stories(shop(bought), [1], np.array([at(200)], "datetime64[us]"))
    story = Encoder.learn(told).encode(told)
    made = questions(story, 60)
    first, second, third = story.kind.shape[1] - np.array([3, 2, 1])
    assert (made.asked[0, first] <= 200) and (made.asked[0, first] >= 190)
    assert made.left[0, first] == 0 and made.known[0, first] == 1
    spans = [made.items[made.first[0, q] : made.last[0, q]].tolist() for q in (first, third)]
    assert spans == [[3], []]
    assert made.asked[0, third] == 0 and made.known[0, third] == 0
    cut = made[np.array([0, 0])]
    assert cut.asked.tolist() == made.asked.tolist() * 2 and cut.items is made.items
    later = at_moment(story, 60, 130.0)
    assert later.items[later.first[0, second] : later.last[0, second]].tolist() == [4]
    assert (later.last > later.first).sum() == 1
    early = questions(story, 60, until=150.0)
    assert early.known[0, second] == 0 or early.asked[0, second] >= 210
    assert (early.last[0, second:] == early.first[0, second:]).all()


@pytest.fixture(scope="module")
def scoring():
    """A board with stories and a scorer that has been taught nothing."""
    tables = shop(two_worlds(customers=60))
    on = told(board(read_sales(tables), SHOP_NOW - timedelta(days=60)), tables)
    reader = untaught(on.history.stories)
    reader.weights["popular"] *= 0
    return on, StoryScorer(reader, on.product_ids)


def test_a_board_tells_nothing_of_what_comes_after_its_moment():
    bought = two_worlds(customers=60)
    early, late = [row for row in bought if row[2] < 300], [(c, 1, 301) for c in range(1, 61)]
    made = [
        told(board(read_sales(facts), SHOP_NOW - timedelta(days=60)), facts).history.stories
        for facts in (shop(bought), shop(early + late))
    ]
    assert made[0].events.tobytes() == made[1].events.tobytes()
    assert (made[0].starts == made[1].starts).all()


def test_what_the_purchases_add_is_the_score_and_the_reason_is_owned(scoring):
    on, scorer = scoring
    said = scorer.spoken(on.history)
    top = np.argsort(-said, axis=1)[:, :6]
    for k, added in enumerate(scorer.contributions(on.history, top)):
        value = np.take_along_axis(said, top[:, [k]], axis=1)[:, 0]
        np.testing.assert_allclose(np.asarray(added.sum(axis=1)).ravel(), value, rtol=1e-9)
        owner, _ = strongest(added)
        spoken = np.flatnonzero(value > 0)
        assert len(spoken) > 30 and (owner[spoken] >= 0).all()
        assert looked_up(on.bought, spoken, owner[spoken]).all()


def test_one_customers_list_is_the_same_alone_and_after_a_night_on_disk(scoring):
    on, scorer = scoring
    meta, arrays = scorer.state()
    again = StoryScorer.from_state(json.loads(json.dumps(meta)), arrays)
    everyone = scorer.spoken(on.history)
    np.testing.assert_array_equal(again.spoken(on.history), everyone)
    for row in (0, 7, 41):
        np.testing.assert_array_equal(scorer.spoken(on.history[row : row + 1])[0], everyone[row])


@pytest.mark.slow
def test_numpy_says_what_keras_says():
    import tensorflow as tf

    from insights.ml.deep.story_training import exported, new_network

    facts = leavers(60)
    ids = facts["customers"]["customer_id"].to_numpy()
    told = stories(facts, ids, np.full(len(ids), np.datetime64(at(400), "us")))
    reader = untaught(told)
    network = new_network(reader.encoder.category, 32, 0, 42)
    for variable in network.trainable_variables:
        variable.assign(drawn_weights(len(reader.encoder.product_ids))[variable.name])
    assert all((one == reader.weights[name]).all() for name, one in exported(network).items())
    story = reader.encoder.encode(told)
    given = SimpleNamespace(
        kind=tf.constant(story.kind), days=tf.constant(story.days),
        numbers=tf.constant(story.numbers), items=tf.constant(story.items),
    )  # fmt: skip
    asked = questions(story, HORIZON)
    upto = np.tril(np.ones((story.kind.shape[1],) * 2, bool))[None]
    z, weight, _, offered = network.answer(given, asked.moment, asked.asked, upto, False)
    np.testing.assert_allclose(reader.now(story)[0][:, 0], z[:, -1], rtol=0, atol=1e-5)
    np.testing.assert_allclose(reader.tastes(story), weight[:, :, -1], rtol=0, atol=1e-5)
    np.testing.assert_allclose(reader.products[1], offered, rtol=0, atol=1e-6)


@pytest.mark.slow
def test_it_learns_who_leaves_and_serves():
    facts = leavers()
    params = {"horizon_days": HORIZON, "candidates": ["story"]}
    data = churn.inputs(facts, NOW, params)
    evaluation = churn.evaluate(data, churn.candidates(params), quiet)
    told = {one["name"]: one["metrics"]["roc_auc"] for one in evaluation.summary["candidates"]}
    assert 1 - told["story"] < 0.6 * (1 - told["rule"])
    scored = churn.predict(evaluation.model, facts, NOW)
    for row in scored.itertuples():
        total = 100 * row.base + sum(reason["points"] for reason in row.reasons)
        assert total == pytest.approx(100 * row.risk, abs=1e-9)


@pytest.mark.slow
def test_labels_alone_are_enough_for_a_learner_that_reads_stories():
    from tests.ml.companies import labelled

    rows = features(labelled(300), [NOW])
    y = (rows.pop("attribute:left") == "yes").to_numpy().astype(float)
    made = learner_class("story")().fit(rows, y, rows["customer_id"].to_numpy())
    assert roc_auc_score(y, made.raw(rows)) > 0.6


@pytest.mark.slow
def test_it_learns_what_leads_to_what_and_serves(tmp_path):
    facts = shop(one_leads_to_the_next())
    params = {"candidates": ["story"]}
    data = products.inputs(facts, SHOP_NOW, params)
    evaluation = products.evaluate(data, products.candidates(params), quiet)
    ndcg = {one["name"]: one["metrics"]["ndcg_at_10"] for one in evaluation.summary["candidates"]}
    assert ndcg["story"] > 1.5 * ndcg["popularity"]
    model = evaluation.model
    assert model.reads_stories and set(model.tables) >= {"events", "interactions"}
    lists = products.predict(model, facts, SHOP_NOW)
    new = lists[lists["why"] == "goes_with"]
    assert len(new) > 500 and new["because_product_id"].notna().all()
    checksum = storage.save(model, tmp_path / "model")
    again = products.predict(storage.load(tmp_path / "model", checksum), facts, SHOP_NOW)
    pd.testing.assert_frame_equal(again, lists, check_exact=True)


@pytest.mark.slow
def test_the_same_lesson_twice_makes_the_same_network():
    facts = shop(two_worlds(customers=80))
    on = told(board(read_sales(facts), SHOP_NOW - timedelta(days=60)), facts)
    one, other = (WholeStory().learn(on, None, {}).spoken(on.history) for _ in range(2))
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-3)
