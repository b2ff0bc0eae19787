"""The rows that could not be used, in a file people can mend and import again."""

import csv
import datetime
import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from customers.importing.reading import Source

# Rejected rows are people's data as well: what nobody has mended in a month goes.
KEPT_DAYS = 30
NUMBER = re.compile(r"-?[0-9.,]+")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; plain numbers stay as they are."""
    if cell and cell[0] in "@+-=|%\t\r" and not NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def write_rejected(path: Path, source: Source, rejected: Iterator[tuple[int, str, str]]) -> None:
    """Row number, column, reason and the row itself, read from the file a second time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pending = next(rejected, None)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([_("row"), _("column"), _("reason"), *source.header])
        for number, cells in source.rows():
            if pending is None:
                return
            if number == pending[0]:
                cells = [cell.replace("\0", "") for cell in cells]
                out.writerow([number, *map(harmless, [*pending[1:], *cells])])
                pending = next(rejected, None)


def kept_path(change_set_id: int) -> Path:
    """Where rejected rows go when nobody says where; see :func:`remove_old`."""
    return _folder() / f"rejected-{change_set_id}.csv"


def is_removed_later(path: Path) -> bool:
    """Files that somebody asked for elsewhere are theirs to keep."""
    return path.parent == _folder()


def remove_old(now: datetime.datetime) -> None:
    oldest = (now - datetime.timedelta(days=KEPT_DAYS)).timestamp()
    for path in _folder().glob("rejected-*.csv*"):  # what a killed import left half-written, too
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def forget_rows(names: set[str]) -> None:
    """Take out every row with a cell that is one of these names."""
    wanted = {name.casefold() for name in names}
    for path in _folder().glob("rejected-*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        left = [row for row in rows if wanted.isdisjoint(map(_said, row))]
        if len(left) == len(rows):
            continue
        half = path.with_suffix(".csv.half")
        with half.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(left)
        os.replace(half, path)


def _said(cell: str) -> str:
    """As it stood in the file that was imported."""
    return cell.strip().removeprefix("'").casefold()


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"
