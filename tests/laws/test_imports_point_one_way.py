"""The contracts stand in pyproject.toml; this keeps them among the tests as well."""

import subprocess
import sys
from pathlib import Path

from crm.setup.steps import ROOT


def test_every_import_contract_is_kept():
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout
