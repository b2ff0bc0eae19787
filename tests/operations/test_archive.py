"""The file of a backup: every byte of it counts, and half a file never stands under its name."""

import io
import shutil

import pytest

from crm.operations.backups.archive import Damaged, read_manifest, unpack, writing

CONTENT = {"models/churn/v1/model.json": b"{}", "uploads/\u5ba2\u6237.csv": b"id\n1\n" * 300}


@pytest.fixture
def file(tmp_path):
    with writing(tmp_path / "a.tar") as archive:
        for name, content in CONTENT.items():
            archive.add(name, io.BytesIO(content))
        archive.finish({"product": "1"})
    return tmp_path / "a.tar"


def flipped(file, at, tmp_path):
    copy = tmp_path / "flipped.tar"
    shutil.copy(file, copy)
    with copy.open("r+b") as out:
        out.seek(at)
        (byte,) = out.read(1)
        out.seek(at)
        out.write(bytes([byte ^ 1]))
    return copy


def test_what_went_in_comes_out(file, tmp_path):
    manifest = read_manifest(file)
    assert manifest["product"] == "1" and set(manifest["parts"]) == set(CONTENT)
    assert unpack(file, manifest, "uploads", tmp_path / "out") == 1
    assert (tmp_path / "out" / "\u5ba2\u6237.csv").read_bytes() == b"id\n1\n" * 300


def test_a_flipped_byte_anywhere_is_refused(file, tmp_path):
    size = file.stat().st_size
    for at in [*range(0, size, 13), size - 1]:
        with pytest.raises(Damaged):
            read_manifest(flipped(file, at, tmp_path))


def test_a_file_that_was_cut_off_is_refused(file, tmp_path):
    whole = file.read_bytes()
    for length in (0, 512, len(whole) // 2, len(whole) - 10_240):
        (tmp_path / "short.tar").write_bytes(whole[:length])
        with pytest.raises(Damaged):
            read_manifest(tmp_path / "short.tar")


def test_something_else_is_refused(tmp_path):
    (tmp_path / "other.tar").write_text("not a backup")
    with pytest.raises(Damaged):
        read_manifest(tmp_path / "other.tar")


def test_what_fails_half_way_leaves_the_file_before(file):
    before = file.read_bytes()
    with pytest.raises(OSError, match="full"), writing(file) as archive:
        archive.add("models/x", io.BytesIO(b"x" * 100_000))
        raise OSError("disk full")
    assert file.read_bytes() == before
    assert [one.name for one in file.parent.iterdir()] == ["a.tar"]


def test_a_name_that_leads_out_of_its_folder_is_refused(tmp_path):
    with writing(tmp_path / "b.tar") as archive:
        archive.add("uploads/../../evil", io.BytesIO(b"x"))
        archive.finish({})
    manifest = read_manifest(tmp_path / "b.tar")
    with pytest.raises(Damaged, match="leads out"):
        unpack(tmp_path / "b.tar", manifest, "uploads", tmp_path / "deep" / "out")
    assert not (tmp_path / "evil").exists()
