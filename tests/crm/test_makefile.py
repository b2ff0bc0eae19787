"""`make` finds a Python that fits by running it, since a name on PATH proves nothing."""

import os
import shutil
import subprocess
import sys

import pytest

from crm.setup.steps import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")


@pytest.fixture
def programs(tmp_path):
    """A folder for PATH with the little that make itself needs."""
    for name in ("sh", "make"):
        (tmp_path / name).symlink_to(shutil.which(name))
    return tmp_path


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def make(programs, *words):
    return subprocess.run(
        ["make", *words],
        cwd=ROOT,
        env={"PATH": str(programs), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_shim_that_refuses_is_passed_over(programs):
    script(programs / "python3.13", "echo 'command not found' >&2; exit 127")
    script(programs / "python3.12", f'exec {sys.executable} "$@"')
    assert "exec python3.12 crm/setup env" in make(programs, "-n", "env").stdout


def test_a_python_without_its_venv_module_is_passed_over(programs):
    script(programs / "python3.13", "exit 1")
    script(programs / "python3", f'exec {sys.executable} "$@"')
    assert "exec python3 crm/setup env" in make(programs, "-n", "env").stdout


def test_with_none_it_says_what_is_needed(programs):
    result = make(programs, "env")
    assert result.returncode != 0
    assert "Python 3.11, 3.12 or 3.13" in result.stdout


def test_a_setting_reaches_the_setup_when_it_is_given_and_is_not_there_otherwise(programs):
    """An empty PORT is no port: what nobody has set must not arrive as nothing."""
    tell = (
        "import os; print({k: v for k, v in os.environ.items() if k in ('PORT', 'DEMO', 'ARGS')})"
    )
    script(programs / "python3", f'[ "$1" = -c ] || exec {sys.executable} -c "{tell}"')
    assert make(programs, "run").stdout.strip() == "{}"
    said = make(programs, "run", "PORT=8123", "ARGS=a b").stdout.strip()
    assert said == "{'PORT': '8123', 'ARGS': 'a b'}"
