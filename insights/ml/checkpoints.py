"""What a network has learnt so far, on disk: a training that was cut off goes on from there instead of beginning anew.

Where it is kept is said once, around the whole training (`kept_in`); outside of that nothing is kept. A state lies
under the digest of all that it came from, so that other data, other settings and another release begin anew.
"""

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ENDING = ".checkpoint"
_CHECKSUM_BYTES = 32
_folder: ContextVar[Path | None] = ContextVar("checkpoints", default=None)


@contextlib.contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """What is learnt meanwhile is kept in this folder, which has to be there."""
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


@dataclass(frozen=True)
class Checkpoint:
    """The place of one network's state; path None: nothing is kept."""

    path: Path | None

    @classmethod
    def of(cls, *came_from: np.ndarray | bytes) -> "Checkpoint":
        """came_from: all that decides what will be learnt."""
        folder = _folder.get()
        return cls(folder and folder / f"{_digest(*came_from)}{ENDING}")

    def load(self) -> dict[str, np.ndarray] | None:
        """The arrays saved last; None where there are none, or not whole."""
        if self.path is None:
            return None
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        checksum, data = content[:_CHECKSUM_BYTES], content[_CHECKSUM_BYTES:]
        if hashlib.sha256(data).digest() != checksum:
            return None
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}

    def save(self, arrays: dict[str, np.ndarray]) -> None:
        """Whole or not at all. Where there is no room the training goes on without."""
        if self.path is None:
            return
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        data = buffer.getvalue()
        with contextlib.suppress(OSError):
            _replace(self.path, hashlib.sha256(data).digest() + data)


def _replace(path: Path, content: bytes) -> None:
    handle, staged = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(staged, path)
    finally:
        Path(staged).unlink(missing_ok=True)


def _digest(*parts: np.ndarray | bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            whole.update(f"{part.dtype} {part.shape}".encode())
            part = np.ascontiguousarray(part).tobytes()
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
