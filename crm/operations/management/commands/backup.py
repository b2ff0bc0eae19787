from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from crm.operations.backups.archive import Damaged, read_manifest
from crm.operations.backups.making import Refused, make_backup, megabytes


class Command(BaseCommand):
    help = (
        "Records, models and uploads into one checked file, while the product runs. "
        "The keys and passwords in .env are not in it: keep those apart."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="instead of BACKUP_DIR")
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="only the newest N in that folder"
        )
        parser.add_argument(
            "--verify", type=Path, metavar="FILE", help="make none; check every byte of this one"
        )

    def handle(self, *args, to, keep, verify, **options) -> None:
        if verify:
            self.verify(verify)
            return
        try:
            made = make_backup(to, keep, lambda text: self.stdout.write(f"→ {text}"))
        except Refused as error:
            raise CommandError(f"No backup was made. {error}") from error
        except (Damaged, OSError) as error:
            raise CommandError(f"No backup was made: {error}") from error
        seconds = (made.ended_at - made.started_at).total_seconds()
        self.stdout.write(f"{made.path}: {megabytes(made.size)}, {seconds:.1f} s, read back whole")
        self.warn(read_manifest(Path(made.path)))

    def verify(self, path: Path) -> None:
        try:
            manifest = read_manifest(path)
        except (Damaged, OSError) as error:
            raise CommandError(f"{path} is not whole: {error}") from error
        rows = sum(manifest["tables"].values())
        self.stdout.write(
            f"{path} is whole: made {manifest['made_at']} by release {manifest['product']} on "
            f"{manifest['engine']}; {len(manifest['tables'])} tables, {rows:,} rows, "
            f"{len(manifest['models'])} models, {manifest['uploads']} uploads"
        )
        self.warn(manifest)

    def warn(self, manifest: dict) -> None:
        broken = [
            f"{one['kind']} v{one['number']}" for one in manifest["models"] if not one["whole"]
        ]
        if broken:
            self.stderr.write(
                f"The files of {', '.join(broken)} were missing or damaged already: these models are not in it."
            )
