from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from crm.operations.backups.archive import Damaged
from crm.operations.backups.making import Refused
from crm.operations.backups.restoring import restore


class Command(BaseCommand):
    help = (
        "Records, models and uploads as they were when a backup was made. Stop the product first. "
        "What fails, or is killed, leaves everything as it was."
    )
    # Tables may be missing, or older than this release.
    requires_migrations_checks = False

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="put it in place of what is here"
        )
        parser.add_argument(
            "--while-running", action="store_true", help="do not ask whether the product is stopped"
        )

    def handle(self, *args, file, replace, while_running, **options) -> None:
        try:
            manifest = restore(
                file, replace, while_running, lambda text: self.stdout.write(f"→ {text}")
            )
        except Refused as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        except Damaged as error:
            raise CommandError(f"Nothing was changed: {file} is not whole, {error}.") from error
        except (OSError, Error, ValueError) as error:
            raise CommandError(
                f"Nothing was changed: {file} cannot be restored, {error}"
            ) from error
        rows = sum(manifest["tables"].values())
        self.stdout.write(
            f"Restored as of {manifest['made_at']}: {rows:,} rows, {len(manifest['models'])} models, "
            f"{manifest['uploads']} uploads. Keys and passwords are those of this installation's .env."
        )
