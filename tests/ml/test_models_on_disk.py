"""Models are saved without pickle, whole or not at all, and never used when a byte has changed."""

import json
import os
import time
import zipfile

import numpy as np
import pytest

from insights.ml import storage
from insights.ml.calibration import Platt
from insights.ml.churn import ChurnModel
from insights.ml.features import features
from insights.ml.learners import learner_class
from insights.ml.readings import Readings
from tests.ml.companies import NOW, labelled


@pytest.fixture(scope="module")
def model():
    frame = features(labelled(200), [NOW])
    y = (frame.pop("attribute:left") == "yes").to_numpy().astype(float)
    learner = learner_class("logistic")().fit(frame, y, frame["customer_id"].to_numpy())
    form, types = {"label_attribute": "left"}, {"age": "number"}
    return ChurnModel(learner, Platt(0.9, 0.1), form, types, Readings({"tenure_days": 200.5}))


def test_what_is_loaded_scores_as_what_was_saved(model, tmp_path):
    frame = features(labelled(50, seed=2), [NOW])
    checksum = storage.save(model, tmp_path / "one")
    loaded = storage.load(tmp_path / "one", checksum)
    np.testing.assert_array_equal(loaded.risk(frame), model.risk(frame))
    assert loaded.params == model.params and loaded.attribute_types == model.attribute_types
    assert loaded.readings == model.readings


@pytest.mark.parametrize("name", storage.FILES)
def test_one_changed_byte_is_refused(model, tmp_path, name):
    checksum = storage.save(model, tmp_path / "one")
    path = tmp_path / "one" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(storage.ChecksumMismatch):
        storage.load(tmp_path / "one", checksum)


def test_a_missing_file_is_refused(model, tmp_path):
    checksum = storage.save(model, tmp_path / "one")
    (tmp_path / "one" / "arrays.npz").unlink()
    with pytest.raises(storage.ChecksumMismatch):
        storage.load(tmp_path / "one", checksum)


def test_saving_the_same_model_twice_gives_the_same_checksum(model, tmp_path):
    assert storage.save(model, tmp_path / "one") == storage.save(model, tmp_path / "two")


def test_saving_again_replaces_the_directory_and_leaves_nothing_beside_it(model, tmp_path):
    storage.save(model, tmp_path / "one")
    checksum = storage.save(model, tmp_path / "one")
    assert storage.load(tmp_path / "one", checksum)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_what_a_killed_save_left_is_removed_and_a_save_under_way_is_not(model, tmp_path):
    checksum = storage.save(model, tmp_path / "one")
    for name, age in ((".one-killed", 7200), (".one-old-killed", 7200), (".two-under-way", 60)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.json").write_text("{")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    storage.remove_leftovers(tmp_path, time.time() - 3600)
    assert {path.name for path in tmp_path.iterdir()} == {"one", ".two-under-way"}
    assert storage.load(tmp_path / "one", checksum)


def test_when_writing_fails_the_model_before_stays_whole(model, tmp_path, monkeypatch):
    checksum = storage.save(model, tmp_path / "one")

    def disk_full(path, data):
        path.write_bytes(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "_write_durably", disk_full)
    with pytest.raises(OSError, match="No space"):
        storage.save(model, tmp_path / "one")
    assert storage.load(tmp_path / "one", checksum)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_files_hold_json_and_plain_arrays_only(model, tmp_path):
    storage.save(model, tmp_path / "one")
    json.loads((tmp_path / "one" / "model.json").read_text())
    with zipfile.ZipFile(tmp_path / "one" / "arrays.npz") as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())
    with np.load(tmp_path / "one" / "arrays.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "biuf" for name in arrays.files)


def test_an_array_of_python_objects_is_refused(tmp_path):
    class Sly:
        kind = "churn"

        def state(self):
            return {}, {"sly": np.array([print], dtype=object)}

    with pytest.raises(ValueError, match="Object arrays"):
        storage.save(Sly(), tmp_path / "sly")
    assert not list(tmp_path.iterdir())


def test_a_file_cannot_choose_which_code_reads_it(tmp_path):
    class Stranger:
        kind = "os:system"

        def state(self):
            return {}, {}

    checksum = storage.save(Stranger(), tmp_path / "stranger")
    with pytest.raises(KeyError):
        storage.load(tmp_path / "stranger", checksum)
