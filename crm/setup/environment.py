"""The virtual environment: made once, filled from the lock, filled again only when that changes."""

import os
import sys
import venv
from pathlib import Path

from crm.setup.steps import ROOT, command, digest, is_done, mark_done, python, step, works

VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
UV = "uv==0.13.9"


def enter(requirements: str) -> None:
    """Install what `requirements` names and go on inside .venv: this does not return there."""
    if Path(sys.prefix) != VENV:
        if not is_whole():
            with step(f"Making .venv with Python {sys.version.split()[0]}"):
                venv.create(VENV, with_pip=True, clear=VENV.exists())
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    fill(requirements)


def is_whole() -> bool:
    """False where making it was interrupted, or where its Python has since left the machine."""
    has_installer = (BIN / "uv").exists() or works(PYTHON, "-m", "pip", "--version")
    return has_installer and works(PYTHON, "--version")


def fill(requirements: str) -> None:
    files = {ROOT / "requirements.lock", ROOT / requirements}
    value = digest(files, UV, sys.version)
    stamp = VENV / f".{requirements}.done"
    if is_done(stamp, value):
        return
    with step(f"Installing {requirements} (about 3 GB, most of it TensorFlow)"):
        if not (BIN / "uv").exists():
            python("-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
        install("-r", requirements)
    mark_done(stamp, value)


def install(*what: str) -> None:
    # Byte-compiled at once: TensorFlow without it takes up to a minute to import.
    command(BIN / "uv", "pip", "install", "--compile-bytecode", "--python", PYTHON, *what)
