"""The file itself: written once from front to back and put in place by a rename; no byte of it goes unchecked."""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MANIFEST, SEAL = "manifest.json", "SHA256"
BLOCK = 1024 * 1024
FORMAT = 1


class Damaged(Exception):
    """The file is not, byte for byte, what was written; says where."""


class HashingFile:
    """What the tar file is written through: knows the digest of every byte so far."""

    def __init__(self, file: IO[bytes]):
        self.file, self.digest = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.file.write(data)

    def tell(self) -> int:
        return self.file.tell()


class Writer:
    """``with writing(path) as archive: archive.add("models/a", open_file)``"""

    def __init__(self, file: IO[bytes]):
        self.out = HashingFile(file)
        self.tar = tarfile.open(fileobj=self.out, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.parts: dict[str, str] = {}

    def add(self, name: str, content: IO[bytes]) -> None:
        """``content`` from its beginning to its end."""
        head = tarfile.TarInfo(name)
        head.size, head.mode = content.seek(0, os.SEEK_END), 0o600
        content.seek(0)
        hashing = HashingReader(content)
        self.tar.addfile(head, hashing)
        self.parts[name] = hashing.digest.hexdigest()

    def finish(self, manifest: dict) -> None:
        whole = {"format": FORMAT, **manifest, "parts": self.parts}
        text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)
        self.add(MANIFEST, io.BytesIO(text.encode()))
        self.add(SEAL, io.BytesIO(self.out.digest.hexdigest().encode()))
        self.tar.close()


class HashingReader:
    def __init__(self, file: IO[bytes]):
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A crash leaves no half file under the name: it is written beside, forced onto the disk and renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".backup-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield Writer(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_directory(path.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)


def sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_manifest(path: Path) -> dict:
    """What the file says of itself; raises Damaged unless every byte of it is the one that was written."""
    try:
        with tarfile.open(path, "r:") as tar:
            members = {one.name: one for one in tar.getmembers()}
            if SEAL not in members or MANIFEST not in members:
                raise Damaged("it ends too early, or is no backup of this product")
            seal = members[SEAL]
            sealed = _read(tar, seal).decode("ascii", "replace")
            manifest = _read(tar, members[MANIFEST])
    except (tarfile.TarError, EOFError, UnicodeError) as error:
        raise Damaged(f"it cannot be read as a tar file ({error})") from error
    _check_bytes(path, seal.offset, sealed)
    _check_rest(path, seal)
    content = json.loads(manifest)
    if content.get("format") != FORMAT:
        raise Damaged(f"its format {content.get('format')} is not one that this release knows")
    if set(content["parts"]) != set(members) - {SEAL, MANIFEST}:
        raise Damaged("its parts are not those that its list names")
    return content


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file
    return file.read()


def _check_bytes(path: Path, length: int, sealed: str) -> None:
    digest, left = hashlib.sha256(), length
    with path.open("rb") as file:
        while left and (block := file.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
    if left or digest.hexdigest() != sealed:
        raise Damaged("its SHA-256 is not the one that was written into it")


def _check_rest(path: Path, seal: tarfile.TarInfo) -> None:
    """After the seal there is nothing but the zeros that end a tar file."""
    with path.open("rb") as file:
        file.seek(seal.offset_data + seal.size)
        while block := file.read(BLOCK):
            if block.strip(b"\0"):
                raise Damaged("something follows its end")


@contextmanager
def part(path: Path, name: str) -> Iterator[IO[bytes]]:
    with tarfile.open(path, "r:") as tar:
        file = tar.extractfile(name)
        assert file
        yield file


def unpack(path: Path, manifest: dict, prefix: str, target: Path) -> int:
    """Write the parts below ``prefix`` into a folder, checked once more and forced onto the disk; how many."""
    count = 0
    with tarfile.open(path, "r:") as tar:
        for name, digest in manifest["parts"].items():
            if not name.startswith(f"{prefix}/"):
                continue
            place = (target / name.removeprefix(f"{prefix}/")).resolve()
            if not place.is_relative_to(target.resolve()):
                raise Damaged(f"the name {name} leads out of its folder")
            place.parent.mkdir(parents=True, exist_ok=True)
            source = tar.extractfile(name)
            assert source
            _write(source, place, digest)
            count += 1
    return count


def _write(source: IO[bytes], place: Path, digest: str) -> None:
    hashing = HashingReader(source)
    with place.open("wb") as file:
        while block := hashing.read(BLOCK):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if hashing.digest.hexdigest() != digest:
        raise Damaged(f"the part {place.name} is not the one that was written")
