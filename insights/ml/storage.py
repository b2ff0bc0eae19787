"""Models on disk: JSON and plain arrays, checksummed, written atomically. Nothing is ever unpickled.

A model is any object with a `kind`, a `state()` -> (JSON-able dict, {name: array}) and a class method
`from_state(meta, arrays)`. Which class reads which kind is fixed here, so a file cannot choose code.
"""

import hashlib
import importlib
import io
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np

READERS = {
    "churn": "insights.ml.churn:ChurnModel",
    "segments": "insights.ml.segments_model:SegmentsModel",
    "products": "insights.ml.products:ProductsModel",
    "value": "insights.ml.value:ValueModel",
    "sentiment": "insights.ml.voice.sentiment:SentimentModel",
    "intent": "insights.ml.voice.intent:IntentModel",
}
FILES = ("model.json", "arrays.npz")


class Unusable(Exception):
    """The model cannot be used; it has to be learnt again."""


class ChecksumMismatch(Unusable):
    """The files are not the ones that were saved: they must not be used."""


class FormatChanged(Unusable):
    """The files are whole, but were written by a release whose models looked different."""


class Storable(Protocol):
    kind: ClassVar[str]

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]: ...

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self: ...


def save(model: Storable, directory: str | Path) -> str:
    """Write the model and return its checksum; a crash leaves either the old directory or the new."""
    target = Path(directory)
    target.parent.mkdir(parents=True, exist_ok=True)
    meta, arrays = model.state()
    content = dict(zip(FILES, (_meta_bytes(model.kind, meta), _array_bytes(arrays)), strict=True))
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name, data in content.items():
            _write_durably(staging / name, data)
        _sync_directory(staging)
        _put_in_place(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return _digest(content)


def remove_leftovers(parent: str | Path, before: float) -> None:
    """Remove what saves that were killed left beside the models of this folder: staged before that moment (in
    seconds since 1970)."""
    for staged in Path(parent).glob(".*-*"):
        if staged.stat().st_mtime < before:
            shutil.rmtree(staged, ignore_errors=True)


def digest_of(directory: str | Path) -> str:
    """The checksum of the files there; FileNotFoundError where one is missing."""
    return _digest({name: (Path(directory) / name).read_bytes() for name in FILES})


def load(directory: str | Path, checksum: str) -> Any:
    """The model that was saved there. Raises ChecksumMismatch unless every byte is the saved one, FormatChanged
    where this release cannot read it any more."""
    content = {}
    for name in FILES:
        try:
            content[name] = (Path(directory) / name).read_bytes()
        except FileNotFoundError as missing:
            raise ChecksumMismatch(f"{name} is missing from {directory}") from missing
    if _digest(content) != checksum:
        raise ChecksumMismatch(f"the files in {directory} are not the ones that were saved")
    document = json.loads(content["model.json"])
    with np.load(io.BytesIO(content["arrays.npz"]), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    module, _, name = READERS[document["kind"]].partition(":")
    reader = getattr(importlib.import_module(module), name)
    try:
        return reader.from_state(document["meta"], arrays)
    except (KeyError, TypeError, ValueError) as error:
        raise FormatChanged(f"{directory} was written by another release ({error!r})") from error


def _meta_bytes(kind: str, meta: dict[str, Any]) -> bytes:
    document = {"kind": kind, "meta": meta}
    return json.dumps(document, allow_nan=False, ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} does not belong in a model's JSON; use an array")


def _array_bytes(arrays: dict[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _digest(content: dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in FILES:
        whole.update(hashlib.sha256(content[name]).digest())
    return whole.hexdigest()


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put_in_place(staging: Path, target: Path) -> None:
    """A directory cannot be replaced by one rename when it has content: move the old one aside first."""
    staging.chmod(0o750)
    if target.exists():
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
        target.rename(aside / "was")
        staging.replace(target)
        shutil.rmtree(aside)
    else:
        staging.replace(target)
    _sync_directory(target.parent)
