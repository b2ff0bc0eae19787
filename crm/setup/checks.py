"""`make test`, `make lint`, `make drill` and `make bench`."""

import os
import shlex
import subprocess
import sys

from crm.setup import browser, dotenv, kit
from crm.setup.environment import BIN
from crm.setup.steps import ROOT, Stop, say

# Whole files to each process: what a file prepares once, such as a trained model, is prepared once. In the order of
# tests/conftest.py, so that no long file is left for the end.
PARALLEL = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# They fill two cores: threads that numpy starts beside them wait for each other, busily. A churn model of a few hundred
# customers takes four times the processor time then.
ONE_THREAD_EACH = {"OMP_NUM_THREADS": "1"}
# A browser or a killed process may miss its moment on a busy machine; pytest tells how many needed a second go.
SECOND_GO = ["--reruns", "1"]


def test() -> int:
    """The everyday run, or what ARGS asks for instead."""
    dotenv.load()
    kit.prepare()
    wanted = shlex.split(os.environ.get("ARGS", ""))
    marks = [] if "-m" in wanted else ["not slow"]
    if says("BROWSER", "no"):
        marks.append("not browser")
    else:
        os.environ["CHROMIUM"] = browser.find()
        say(f"→ Testing with {os.environ['CHROMIUM']}")
    selection = ["-m", " and ".join(marks)] if marks else []
    if says("CI", "true"):
        selection += SECOND_GO
    words = [sys.executable, "-m", "pytest", *PARALLEL, *selection, *wanted]
    env = ONE_THREAD_EACH | os.environ
    return subprocess.run(words, cwd=ROOT, env=env, check=False).returncode


def says(variable: str, word: str) -> bool:
    return os.environ.get(variable, "").lower() == word


def lint() -> int:
    """All of it, so that one run shows everything there is to mend."""
    tools = [
        ("ruff", "check"),
        ("ruff", "format", "--check"),
        ("mypy",),
        ("lint-imports", "--no-cache"),
    ]
    codes = [
        subprocess.run([BIN / words[0], *words[1:]], cwd=ROOT, check=False).returncode
        for words in tools
    ]
    return max(codes)


def mend() -> int:
    for words in (("check", "--fix"), ("format",)):
        subprocess.run([BIN / "ruff", *words], cwd=ROOT, check=False)
    return 0


def drill() -> int:
    """Kills, outages and full disks, against an instance that is started for it and is gone afterwards."""
    dotenv.load()
    kit.prepare()
    wanted = shlex.split(os.environ.get("ARGS", ""))
    return subprocess.run(
        [sys.executable, "-m", "tests.drills", *wanted], cwd=ROOT, check=False
    ).returncode


def bench() -> int:
    name = os.environ.get("NAME", "")
    if not name.isidentifier():
        known = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
        raise Stop(f"Say which one: make bench NAME={'|'.join(known)}")
    dotenv.load()
    wanted = shlex.split(os.environ.get("ARGS", ""))
    return subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *wanted], cwd=ROOT, check=False
    ).returncode
