"""What is spent, told from whole stories: what must hold whatever the network has learnt."""

import json
from dataclasses import replace

import numpy as np
import pytest

from insights.ml import value
from insights.ml.deep.story_churn import stories_of
from insights.ml.encoding import Columns
from insights.ml.features import STORY
from insights.ml.learners.boosted_amounts import BoostedTrees
from insights.ml.lifetimes.behaviour import Behaviour
from insights.ml.value_story import TARGET, StorySpender
from tests.ml.companies import NOW, leavers
from tests.ml.shops import quiet
from tests.ml.stories import untaught


@pytest.fixture(scope="module")
def data():
    return value.inputs(leavers(120), NOW, {"candidates": ["story"]})


@pytest.fixture(scope="module")
def behaviour(data):
    return Behaviour.fit(data.everyone.histories(data.test_last))


@pytest.fixture(scope="module")
def spender(data, behaviour):
    """Trees that see a network which has been taught nothing."""
    made, window = StorySpender(), data.training[-1]
    made.reader_ = untaught(stories_of(window.frame))
    made.columns_ = Columns.learn(window.frame)
    made.trees_ = BoostedTrees(TARGET).fit(made._seen(window, behaviour), window.spend)
    return made


def rows(window, chosen):
    known = window.known.rows(chosen)
    frame = window.frame[chosen].reset_index(drop=True)
    parts = {n: getattr(window, n)[chosen] for n in ("days_before", "before", "purchases", "spend")}
    return replace(window, frame=frame, known=known, **parts)


def test_every_window_carries_the_stories_of_its_own_moment(data):
    for window in (*data.training, data.test, data.newest):
        story = stories_of(window.frame)
        assert len(story) == len(window) and story.events["days"].min() >= 0
    assert data.windows["stories"]["takes"]


def test_one_customer_alone_is_the_one_among_all(spender, data, behaviour):
    everyone = spender.spend(data.test, behaviour)
    for place in (0, 41, len(data.test) - 1):
        alone = rows(data.test, np.arange(len(data.test)) == place)
        said = spender.spend(alone, behaviour)[0]
        assert said == pytest.approx(everyone[place], rel=1e-12)


def test_it_comes_back_from_arrays_as_it_was(spender, data, behaviour):
    meta, arrays = spender.state()
    again = StorySpender.from_state(json.loads(json.dumps(meta)), arrays)
    np.testing.assert_array_equal(
        again.spend(data.test, behaviour), spender.spend(data.test, behaviour)
    )


def test_without_stories_it_still_says_an_amount(spender, data, behaviour):
    bare = replace(data.test, frame=data.test.frame.drop(columns=[STORY]))
    told = spender.spend(bare, behaviour)
    assert np.isfinite(told).all() and (told > 0).all()


def test_it_is_no_candidate_where_no_stories_are_told():
    plain = value.inputs(leavers(120), NOW, {})
    assert STORY not in plain.test.frame and not plain.windows["stories"]["takes"]
    summary = value.evaluate(plain, value.candidates({}), quiet).summary
    assert "story" not in {one["name"] for one in summary["candidates"]}
