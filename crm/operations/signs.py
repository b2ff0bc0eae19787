"""Signs of life beside the database, left while it is SQLite and somebody is writing to it for long: no row can be
touched meanwhile. Such an installation is on one machine, so a file in its folder says as much."""

import datetime
from pathlib import Path
from urllib.parse import quote, unquote

from django.conf import settings
from django.db import connection


def leave(name: str) -> None:
    place(name).parent.mkdir(parents=True, exist_ok=True)
    place(name).touch()


def take_away(name: str) -> None:
    place(name).unlink(missing_ok=True)


def since(moment: datetime.datetime) -> list[str]:
    """Names of those who have left one since."""
    if connection.vendor != "sqlite" or not folder().is_dir():
        return []
    return [
        unquote(sign.name) for sign in folder().iterdir() if modified(sign) >= moment.timestamp()
    ]


def modified(sign: Path) -> float:
    try:
        return sign.stat().st_mtime
    except FileNotFoundError:  # taken away since we looked
        return 0


def folder() -> Path:
    return settings.VAR_DIR / "alive"


def place(name: str) -> Path:
    return folder() / quote(name, safe="@")
