"""A network whose training is cut off goes on after its last epoch, and ends where it would have ended."""

import numpy as np
import pytest

from insights.ml.checkpoints import ENDING, Checkpoint, kept_in
from insights.ml.deep import story_training
from insights.ml.deep.story_course import Course
from insights.ml.deep.story_teaching import taught
from insights.ml.stories import stories
from tests.ml.companies import at, leavers

HORIZON, EPOCHS = 60, 4


class Killed(Exception):
    pass


@pytest.fixture(scope="module")
def told():
    facts = leavers(60)
    ids = facts["customers"]["customer_id"].to_numpy()
    return stories(facts, ids, np.full(len(ids), np.datetime64(at(400), "us")))


@pytest.fixture(autouse=True)
def sampled_and_short(monkeypatch):
    """A few epochs, in which negatives are drawn at random as well."""
    monkeypatch.setattr(story_training, "EPOCHS", EPOCHS)
    monkeypatch.setattr(story_training, "NEGATIVES", 2)


@pytest.fixture
def epochs(monkeypatch):
    """Which epochs are gone through."""
    gone = []
    judged = Course.judged

    def note(self, loss, better):
        judged(self, loss, better)
        gone.append(self.epoch)

    monkeypatch.setattr(Course, "judged", note)
    return gone


def cut_off_after(epoch, told, folder, monkeypatch):
    judged = Course.judged

    def killed(self, loss, better):
        judged(self, loss, better)
        if self.epoch == epoch:
            raise Killed

    with monkeypatch.context() as patched, kept_in(folder), pytest.raises(Killed):
        patched.setattr(Course, "judged", killed)
        taught(told, HORIZON)


@pytest.mark.slow
def test_it_ends_where_it_would_have_ended(told, tmp_path, monkeypatch, epochs):
    whole = taught(told, HORIZON)
    cut_off_after(2, told, tmp_path, monkeypatch)
    epochs.clear()
    with kept_in(tmp_path):
        resumed = taught(told, HORIZON)
    assert epochs == [3, 4]
    for name, weights in whole.weights.items():
        np.testing.assert_allclose(resumed.weights[name], weights, rtol=0, atol=1e-5)

    epochs.clear()
    with kept_in(tmp_path):  # and is not learnt once more when a later one is cut off
        again = taught(told, HORIZON)
    assert epochs == []
    for name, weights in resumed.weights.items():
        np.testing.assert_array_equal(again.weights[name], weights)


def test_other_data_and_other_settings_begin_anew(told, tmp_path, monkeypatch):
    """Where the state of each would be looked for; nothing is learnt."""
    places = []

    def looked(self, network, optimizer, checkpoint):
        places.append(checkpoint.path)
        raise Killed

    monkeypatch.setattr(Course, "__init__", looked)
    fewer = told[np.arange(len(told) - 1)]
    for stories_told, horizon, width in (
        (told, HORIZON, 32),
        (fewer, HORIZON, 32),
        (told, HORIZON + 1, 32),
        (told, HORIZON, 16),
        (told, HORIZON, 32),
    ):
        with kept_in(tmp_path), pytest.raises(Killed):
            taught(stories_told, horizon, width=width)
    assert len(set(places)) == 4 and places[0] == places[-1]


def test_nothing_is_kept_unless_it_is_said_where(tmp_path):
    assert Checkpoint.of(b"any").path is None
    Checkpoint.of(b"any").save({"a": np.ones(1)})
    assert Checkpoint.of(b"any").load() is None


def test_what_is_not_whole_is_not_gone_on_with(tmp_path):
    with kept_in(tmp_path):
        one, other = Checkpoint.of(b"any", np.arange(3)), Checkpoint.of(b"any", np.arange(4))
    one.save({"a": np.arange(5)})
    assert one.load()["a"].tolist() == [0, 1, 2, 3, 4] and other.load() is None
    assert [file.suffix for file in tmp_path.iterdir()] == [ENDING]
    content = bytearray(one.path.read_bytes())
    content[-30] ^= 1
    one.path.write_bytes(content)
    assert one.load() is None


def test_a_training_goes_on_where_nothing_can_be_kept(tmp_path):
    with kept_in(tmp_path / "gone"):
        one = Checkpoint.of(b"any")
    one.save({"a": np.ones(1)})
    assert one.load() is None
