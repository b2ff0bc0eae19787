"""Models and uploads: what goes into a backup, and how they come back together with the records they belong to."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from crm.operations.backups.archive import Writer, sync_directory
from crm.operations.models import Restored

STAGED, BEFORE = ".restore-", ".before-"
WHOLE, EMPTIED = "whole", "emptied"
VERSIONS = (
    "SELECT kind, number, checksum FROM insights_modelversion WHERE kept ORDER BY kind, number"
)


class Moved(Exception):
    """A version was pruned while its files were read: a newer picture of the records is needed."""


def roots() -> dict[str, Path]:
    return {"models": Path(settings.MODELS_DIR), "uploads": Path(settings.MEDIA_ROOT)}


def size() -> int:
    return sum(
        one.stat().st_size for root in roots().values() for one in root.rglob("*") if one.is_file()
    )


def add_models(archive: Writer, versions: list[tuple[str, int, str]]) -> list[dict]:
    """The files of these versions, each held against the checksum that the records have of it."""
    from insights.ml.storage import digest_of  # numbers: for commands and workers only

    added = []
    for kind, number, checksum in versions:
        folder = roots()["models"] / kind / f"v{number}"
        files = sorted(one for one in folder.glob("*") if one.is_file())
        try:
            whole = digest_of(folder) == checksum
            for file in files:
                with file.open("rb") as content:
                    archive.add(f"models/{kind}/v{number}/{file.name}", content)
        except FileNotFoundError:
            whole = False
        added.append({"kind": kind, "number": number, "checksum": checksum, "whole": whole})
    return added


def add_uploads(archive: Writer) -> int:
    root, count = roots()["uploads"], 0
    for file in sorted(root.rglob("*")):
        if file.is_file() and not any(
            part.startswith(".") for part in file.relative_to(root).parts
        ):
            with file.open("rb") as content:
                archive.add(f"uploads/{file.relative_to(root)}", content)
            count += 1
    return count


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Whether nobody else on this machine does the same at the moment."""
    folder = Path(settings.VAR_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def stage(name: str, token: str) -> Path:
    """A folder on the same file system as where its content will be moved to."""
    folder = roots()[name] / f"{STAGED}{token}" / "files"
    folder.mkdir(parents=True)
    return folder


def staged_whole(token: str) -> None:
    for root in roots().values():
        (root / f"{STAGED}{token}" / WHOLE).touch()
        sync_directory(root / f"{STAGED}{token}")


def settle() -> None:
    """End what a restore has left half done: with its records in place its files follow, else they go."""
    with only_one("restore") as alone:
        if alone:
            settle_alone()


def settle_alone() -> None:
    for root in roots().values():
        for staging in root.glob(f"{STAGED}*"):
            token = staging.name.removeprefix(STAGED)
            if (staging / WHOLE).exists() and was_restored(token):
                move_in(root, staging, root / f"{BEFORE}{token}")
            else:
                shutil.rmtree(staging)
        for left in root.glob(f"{BEFORE}*"):
            shutil.rmtree(left)


def was_restored(token: str) -> bool:
    """A database that does not answer is an error here: nothing may be thrown away before it has been asked."""
    return Restored._meta.db_table in tables() and Restored.objects.filter(token=token).exists()


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def move_in(root: Path, staging: Path, before: Path) -> None:
    """May be killed and begun again at any point."""
    before.mkdir(exist_ok=True)
    if not (staging / EMPTIED).exists():
        for child in root.iterdir():
            if not child.name.startswith("."):
                os.replace(child, before / child.name)
        (staging / EMPTIED).touch()
        sync_directory(staging)
    for child in (staging / "files").iterdir():
        os.replace(child, root / child.name)
    sync_directory(root)
    shutil.rmtree(before)
    shutil.rmtree(staging)
