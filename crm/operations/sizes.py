"""How much room what takes."""

from pathlib import Path

from django.conf import settings
from django.core.cache import cache

KEPT_SECONDS = 60
MOST_FILES = 20_000


def folder_size(folder: Path) -> int:
    """Remembered for a minute: walking through many uploads is nothing to do every five seconds."""
    return cache.get_or_set(f"size:{folder}", lambda: _walk(folder), KEPT_SECONDS)


def _walk(folder: Path) -> int:
    size = 0
    for number, file in enumerate(folder.rglob("*")):
        if number == MOST_FILES:
            break
        if file.is_file():
            size += file.stat().st_size
    return size


def folders() -> dict[str, Path]:
    return {
        "models": Path(settings.MODELS_DIR),
        "uploads": Path(settings.MEDIA_ROOT),
        "backups": Path(settings.BACKUP_DIR),
    }
