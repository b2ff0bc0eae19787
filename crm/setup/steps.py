"""Saying what happens, running commands, and remembering what is already done."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Stop(Exception):
    """What cannot be done, and what the reader can do about it."""


def var() -> Path:
    """Where everything lives that is not code; the settings read the same variable."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var")


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    say(f"→ {what} …")
    start = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - start:.0f} s")


def command(*words: str | Path, env: dict[str, str] | None = None, advice: str = "") -> None:
    """Run a command in the project's folder, its output shown; Stop when it fails."""
    result = subprocess.run([str(word) for word in words], cwd=ROOT, env=env, check=False)
    if result.returncode:
        shown = " ".join(str(word) for word in words)
        raise Stop(f"This command failed with code {result.returncode}: {shown}\n{advice}".rstrip())


def works(*words: str | Path) -> bool:
    """Whether a program is there and runs: shims on PATH may exist and yet refuse to."""
    try:
        result = subprocess.run(
            [str(word) for word in words], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def python(*words: str | Path, **kwargs) -> None:
    command(sys.executable, *words, **kwargs)


def manage(*words: str | Path, **kwargs) -> None:
    python(ROOT / "manage.py", *words, **kwargs)


def digest(paths: Iterable[Path], *more: str) -> str:
    """One hash over the content of files, so that a step runs again only when they change."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for text in more:
        whole.update(text.encode() + b"\0")
    return whole.hexdigest()


def is_done(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


def mark_done(stamp: Path, value: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    temporary = stamp.with_name(stamp.name + ".new")
    temporary.write_text(value)
    os.replace(temporary, stamp)
