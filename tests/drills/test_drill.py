"""The short form of the drill: everything is disturbed once or twice, and nothing is lost.

That it finds what is lost where a guard is missing is shown by hand, since a crash must hit an unsaved commit:
``make drill ARGS="--only postgres --times 5 --without commits"``.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crm.setup.steps import ROOT
from tests.drills import report

HAS_POSTGRES = bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"))  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks into /proc"),
    pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server here"),
]


def drill(*words: str) -> tuple[int, dict, str]:
    left_out = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "MODELS_DIR")
    environment = {k: v for k, v in os.environ.items() if k not in left_out}
    command = [sys.executable, "-m", "tests.drills", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    words = done.stdout.strip().splitlines() or [done.stderr]
    try:
        return done.returncode, json.loads(words[-1]), done.stdout
    except ValueError:
        pytest.fail(f"{done.stdout}\n{done.stderr}")


@pytest.mark.timeout(3000)  # several minutes on a machine of one's own
def test_whatever_is_killed_or_taken_away_nothing_is_lost_doubled_or_stuck():
    code, figures, text = drill("--short", "--engine", "postgres" if HAS_POSTGRES else "sqlite")
    assert code == 0, text
    assert figures["requests"] > 100 and figures["scores_compared"] > 100


def test_a_row_fails_by_any_figure_that_is_not_zero_and_by_a_minute_passed():
    assert not report.Row("x", [1.0, 59.0]).fails
    assert report.Row("x", [1.0, 61.0]).fails
    for name in ("lost", "doubled", "stuck", "mixed"):
        assert report.Row("x", [1.0], **{name: 1}).fails
