"""Groups found where a network places whole stories: compared with those of behaviour, and the better one published."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from insights.ml import segments, storage
from insights.ml.axes import AXES, Axes
from insights.ml.behaviour import BEHAVIOUR, Space
from insights.ml.clusters import CLEARLY, Clusters, fit_clusters
from insights.ml.features import features
from insights.ml.likeness import UNIT, Likeness
from insights.ml.segments import BY_BEHAVIOUR, BY_STORY, Found, preferred
from insights.ml.segments_model import SegmentsModel
from insights.ml.segments_rfm import Rfm
from insights.ml.stories import stories
from tests.ml.companies import NOW, at, leavers
from tests.ml.shops import quiet
from tests.ml.stories import untaught
from tests.ml.test_every_kind_meets_one_contract import known

MOMENT = at(400)


@pytest.fixture(scope="module")
def tables():
    return leavers(120)


@pytest.fixture(scope="module")
def frame(tables):
    made = features(tables, [MOMENT], custom=False)
    return made[made["orders_all"] > 0].reset_index(drop=True)


@pytest.fixture(scope="module")
def axes(tables, frame):
    """Axes of a network that has been taught nothing: what must hold whatever it has learnt."""
    told = stories(tables, frame["customer_id"], np.full(len(frame), np.datetime64(MOMENT, "us")))
    reader = untaught(told)
    x = reader.embedding(told).astype(float)
    directions = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2][: len(AXES)].T
    return Axes(reader, x.mean(axis=0), directions)


@pytest.fixture(scope="module")
def model(tables, frame, axes):
    placed = axes.placed(frame, tables)
    clusters, rfm = fit_clusters(placed, k=3, axes=axes), Rfm.fit(frame)
    return SegmentsModel(rfm, clusters, likeness=Likeness.fit(placed, rfm, clusters))


def test_one_customer_alone_is_told_what_they_are_told_among_all(model, tables):
    everyone = segments.predict(model, tables, MOMENT)
    for customer in everyone["customer_id"].iloc[[0, 50, 100]]:
        row = everyone[everyone["customer_id"] == customer].reset_index(drop=True)
        alone = segments.predict(model, tables, MOMENT, [customer])
        pd.testing.assert_frame_equal(alone, row, check_exact=True)


def test_what_comes_later_changes_no_place(axes, frame, tables):
    placed = axes.placed(frame, known(tables, MOMENT))
    pd.testing.assert_frame_equal(placed, axes.placed(frame, tables), check_exact=True)


def test_it_comes_back_from_disk_as_it_was(model, tables, tmp_path):
    loaded = storage.load(tmp_path / "model", storage.save(model, tmp_path / "model"))
    pd.testing.assert_frame_equal(
        segments.predict(loaded, tables, MOMENT),
        segments.predict(model, tables, MOMENT),
        check_exact=True,
    )


def test_who_is_alike_is_told_by_the_story_and_what_they_share_by_behaviour(model, frame, tables):
    told = segments.predict(model, tables, MOMENT)["alike"]
    points = model.clusters.placed(frame, tables)[list(AXES)].to_numpy()
    for i in (0, 60):
        assert np.abs(np.array(told[i]["axes"]) / UNIT - np.clip(points[i], -8, 8)).max() <= 0.006
        assert len(told[i]["sides"]) == len(BEHAVIOUR)
    near = [one["cells"][0] for one in told]
    assert len(set(near)) > 1


def test_groups_are_described_by_behaviour_whatever_they_were_found_in(model, frame, tables):
    described = model.clusters.described(model.clusters.placed(frame, tables))
    assert sum(one["n"] for one in described) == len(frame)
    assert {trait["code"] for one in described for trait in one["traits"]} <= set(BEHAVIOUR)


def test_groups_keep_their_numbers_from_one_way_to_the_other(model, frame, tables):
    """A group whose customers stay together goes by its number, though it is now found in something else."""
    by_story = model.clusters
    placed = by_story.placed(frame, tables)
    there = by_story.assign(placed) + 4
    known = Clusters(
        Space.fit(frame), by_story.centres, np.arange(4, 7), 6, by_story.silhouette, 1.0, 0.1
    )
    again = by_story.continuing(known, placed, there=there)
    assert sorted(again.numbers) == [4, 5, 6]
    assert (again.assign(placed) == there).all()


def found(silhouette, stability=0.95, axes=None):
    space = Space.of_axes(AXES)
    made = Clusters(
        space, np.zeros((3, 8)), np.arange(3), 2, silhouette, stability, smallest=0.2, axes=axes
    )
    return Found(made, pd.DataFrame())


@pytest.mark.parametrize(
    ("behaviour", "story", "chosen"),
    [
        ((0.3, 0.95), (0.3 + 2 * CLEARLY, 0.95), BY_STORY),
        ((0.3, 0.95), (0.3 + CLEARLY / 2, 0.95), BY_BEHAVIOUR),
        ((0.3, 0.5), (0.1, 0.95), BY_STORY),
        ((0.3, 0.95), (0.6, 0.5), BY_BEHAVIOUR),
    ],
    ids=["clearly better", "hardly better", "only stable one", "better but unsteady"],
)
def test_what_holds_together_better_is_published(behaviour, story, chosen):
    both = {BY_BEHAVIOUR: found(*behaviour), BY_STORY: found(*story)}
    assert preferred(both, None) == chosen


def test_the_kind_that_people_know_stays_where_the_other_is_not_clearly_better(axes):
    both = {BY_BEHAVIOUR: found(0.3), BY_STORY: found(0.3 - CLEARLY / 2)}
    assert preferred(both, None) == BY_BEHAVIOUR
    assert preferred(both, found(0.3, axes=axes).clusters) == BY_STORY


def test_a_small_company_is_grouped_by_behaviour_alone(tables):
    data = segments.inputs(leavers(250), NOW - timedelta(days=60), {"horizon_days": 60})
    assert data.tables is None and not data.part["takes"]
    summary = segments.evaluate(data, segments.candidates({}), quiet).summary
    assert BY_STORY not in {one["name"] for one in summary["candidates"]}
    assert summary["windows"]["stories"]["customers_needed"] > 250


@pytest.mark.slow
def test_both_are_learnt_judged_and_compared_and_the_same_lesson_gives_the_same_groups():
    facts = leavers(160)
    params = {"horizon_days": 60, "candidates": ["story"]}
    data = segments.inputs(facts, NOW, params)
    made = segments.evaluate(data, segments.candidates(params), quiet)
    told = {one["name"]: one["metrics"] for one in made.summary["candidates"]}
    assert set(told) == {"rfm", BY_BEHAVIOUR, BY_STORY}
    for name in (BY_BEHAVIOUR, BY_STORY):
        assert -1 <= told[name]["silhouette"] <= 1 and told[name]["stability"] <= 1
    assert made.summary["grouped_by"] in told
    assert len(segments.predict(made.model, facts, NOW)) == len(data.now)
