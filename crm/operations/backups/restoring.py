"""Bring an installation back from a backup, or leave it as it is.

Everything is unpacked and checked beside what is there. Then the records change in one transaction, which also notes
that they did; after that note, and only after it, the files follow, and whoever starts next ends what was cut short.
"""

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from crm.operations.backups import files, postgresql, sqlite
from crm.operations.backups.archive import Damaged, read_manifest, unpack
from crm.operations.backups.making import ENGINES, Refused, Say, megabytes
from crm.operations.models import WorkerHeartbeat
from crm.operations.state import migrations_on_disk

NOTE = "INSERT INTO operations_restored (token, path, at) VALUES (?, ?, ?)"


def restore(path: Path, replace: bool = False, running: bool = False, say: Say = print) -> dict:
    """Returns the backup's manifest; raises Refused or Damaged with nothing changed."""
    with files.only_one("restore") as alone:
        if not alone:
            raise Refused("Another restore is under way; wait until it has ended.")
        files.settle_alone()
        say("Checking every byte of the backup")
        manifest = read_manifest(path)
        refuse(manifest, replace, running)
        check_space(path)
        token = secrets.token_hex(16)
        try:
            stage_files(path, manifest, token, say)
            restore_records(path, manifest, token, say)
        finally:  # with the records in place the files follow them, else they go
            connection.close()
            files.settle_alone()
        return manifest


def refuse(manifest: dict, replace: bool, running: bool) -> None:
    """Whatever speaks against it, before anything is written."""
    if manifest["engine"] != connection.vendor:
        raise Refused(
            f"This backup is of an installation on {manifest['engine']}, and this one is on {connection.vendor}."
        )
    unknown = {tuple(one) for one in manifest["migrations"]} - migrations_on_disk()
    # Those of an app that was taken out of the product since are older, not newer.
    ours = {config.label for config in apps.get_app_configs()}
    newer = sorted(f"{app}.{name}" for app, name in unknown if app in ours)
    if newer:
        raise Refused(
            f"This backup was made by another, probably newer release ({manifest['product']}; unknown here: "
            f"{', '.join(newer[:3])}). Update the product first."
        )
    found = files.tables()
    theirs = set(found) - known_tables() - set(manifest["tables"])
    if strangers := sorted(name for name in theirs if not name.startswith("sqlite_")):
        raise Refused(
            f"This database holds tables that are not of this product: {', '.join(strangers[:5])}."
        )
    if not replace and is_used(found):
        raise Refused(
            "There are records here already. To put the backup in their place, add --replace."
        )
    if not running and "operations_workerheartbeat" in found:
        alive = WorkerHeartbeat.objects.alive().values_list("name", flat=True)
        if alive:
            raise Refused(
                f"The product is running ({', '.join(alive)}). Stop it first; one that was just killed "
                "is forgotten after half a minute."
            )


def known_tables() -> set[str]:
    return {*connection.introspection.django_table_names(), "django_migrations"}


def is_used(found: list[str]) -> bool:
    from customers.models import Customer, User

    return any(
        model._meta.db_table in found and model.objects.exists() for model in (User, Customer)
    )


def check_space(path: Path) -> None:
    """Beside what is there, the new content exists twice for a moment: unpacked, and in the journal of the change."""
    needed = 4 * path.stat().st_size + 2 * ENGINES[connection.vendor].size()
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free < needed:
        raise Refused(
            f"A restore may need up to {megabytes(needed)} on the disk of {settings.VAR_DIR}, and "
            f"{megabytes(free)} are free."
        )


def stage_files(path: Path, manifest: dict, token: str, say: Say) -> None:
    from insights.ml.storage import digest_of

    say("Unpacking models and uploads")
    for name in files.roots():
        unpack(path, manifest, name, files.stage(name, token))
    models = files.roots()["models"] / f"{files.STAGED}{token}" / "files"
    for one in manifest["models"]:
        folder = models / one["kind"] / f"v{one['number']}"
        if one["whole"] and digest_of(folder) != one["checksum"]:
            raise Damaged(f"the model {one['kind']} v{one['number']} is not the one that was saved")
    files.staged_whole(token)


def restore_records(path: Path, manifest: dict, token: str, say: Say) -> None:
    if connection.vendor == "postgresql":
        postgresql.restore(path, manifest, token, say)
        return
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.VAR_DIR) as scratch:
        say("Unpacking the records")
        copy = sqlite.unpack(path, Path(scratch))
        say("Bringing them up to this release")
        migrate_copy(copy)
        with closing(sqlite3.connect(copy)) as link, link:
            if link.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise Damaged("the database in it is not whole")
            link.execute("DELETE FROM operations_workerheartbeat")
            link.execute(NOTE, [token, str(path), timezone.now().isoformat(sep=" ")])
        connection.close()
        say("Putting them in place")
        sqlite.put_in_place(copy)


def migrate_copy(copy: Path) -> None:
    """In a process of its own, for which the copy is the database."""
    env = os.environ | {"DATABASE_URL": f"sqlite:///{copy}"}
    words = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity", "0"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"The backup could not be brought up to this release:\n{done.stderr[-2000:]}")
