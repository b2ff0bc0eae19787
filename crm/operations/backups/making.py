"""Make a backup: a picture of the records first, then the files they speak of, then read back and checked."""

import datetime
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from crm.operations.backups import files, postgresql, sqlite
from crm.operations.backups.archive import read_manifest, writing
from crm.operations.models import Backup
from crm.operations.versions import product_version

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}
ATTEMPTS = 3
PATTERN = "perennial-*.tar"
BACKUP_TASK = "crm.operations.tasks.back_up"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"
Say = Callable[[str], None]


class Refused(Exception):
    """Why it is not done, and what to do."""


def make_backup(folder: Path | None = None, keep: int = 0, say: Say = lambda text: None) -> Backup:
    """A checked backup in ``folder``; of those there, the newest ``keep`` stay (0: all). Raises Refused, OSError."""
    folder = Path(folder or settings.BACKUP_DIR)
    with files.only_one("backup") as alone:
        if not alone:
            raise Refused("Another backup is being made; wait until it has ended.")
        path = folder / f"perennial-{timezone.now():%Y-%m-%d-%H%M%S}.tar"
        note = Backup.objects.create(path=str(path), started_at=timezone.now())
        try:
            prepare(folder)
            write(path, say)
            say("Reading it back")
            read_manifest(path)
        except BaseException as error:
            words = f"{type(error).__name__}: {error}"
            Backup.objects.filter(pk=note.pk).update(error=words[:500], ended_at=timezone.now())
            raise
        note.ended_at = note.verified_at = timezone.now()
        note.size = path.stat().st_size
        note.save()
        rotate(folder, keep)
        return note


def prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(".backup-*"):  # of one that was killed
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    needed = 2 * ENGINES[connection.vendor].size() + files.size()
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            f"A backup may need up to {megabytes(needed)} in {folder}, and {megabytes(free)} are free. Make room, or "
            "name another folder with --to."
        )


def write(path: Path, say: Say) -> None:
    """A version that is pruned between the records' picture and its turn makes it begin anew."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as scratch:
                write_once(path, Path(scratch), say, last=attempt == ATTEMPTS)
            return
        except files.Moved as moved:
            say(f"{moved}; beginning anew")


def write_once(path: Path, scratch: Path, say: Say, last: bool) -> None:
    engine = ENGINES[connection.vendor]
    with writing(path) as archive:
        say("Taking a picture of the records")
        with engine.snapshot(scratch) as picture:
            versions = picture.rows(files.VERSIONS)
            migrations = picture.rows(MIGRATIONS)
            records = picture.write(archive, say)
        say("Adding models and uploads")
        models = files.add_models(archive, versions)
        broken = [f"{one['kind']} v{one['number']}" for one in models if not one["whole"]]
        if broken and not last:
            raise files.Moved(f"The files of {', '.join(broken)} are not as the records say")
        archive.finish(
            {
                "product": product_version(),
                "made_at": timezone.now().isoformat(),
                "engine": connection.vendor,
                "server": list(connection.get_database_version()),
                "migrations": migrations,
                "models": models,
                "uploads": files.add_uploads(archive),
                **records,
            }
        )


def rotate(folder: Path, keep: int) -> None:
    """The names begin with the day, so the order of names is that of time."""
    if keep:
        for old in sorted(folder.glob(PATTERN))[:-keep]:
            old.unlink()


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def age_of(backup: Backup | None) -> datetime.timedelta | None:
    return timezone.now() - backup.started_at if backup else None
