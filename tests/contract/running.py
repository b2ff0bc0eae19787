"""Hold the API's description against the product as it runs: every role, so many seeds, all checks.

    python -m tests.contract.running --seeds 5 --examples 10

starts a server with a small company, has Schemathesis send what the description allows and what it forbids, and
prints a line per run and the sum; its exit code is 1 where anything failed.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.contract.serving import ROOT, Served, served

ROLES = ("sales", "manager", "admin")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Outcome:
    role: str
    seed: int
    cases: int
    code: int
    told: str

    def __str__(self) -> str:
        return f"{self.role:8} seed {self.seed}: {self.cases} cases, {'ok' if not self.code else 'FAILED'}"


def run(served_at: Served, role: str, seed: int, examples: int, *more: str) -> Outcome:
    """One pass of Schemathesis over all operations, with the token of one role."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"),
        "run", f"{served_at.url}/api/v1/schema/", "--checks", "all", "--seed", str(seed),
        "--max-examples", str(examples), "--no-color", "--generation-database", "none",
        "--header", f"Authorization: Bearer {served_at.tokens[role]}", "--header", "Accept: application/json",
        *more,
    ]  # fmt: skip
    env = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.contract.rules", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    told = done.stdout + done.stderr
    generated = re.search(r"([\d,]+) generated", told)
    cases = int(generated[1].replace(",", "")) if generated else 0
    # A run that asked nothing has shown nothing.
    return Outcome(role, seed, cases, done.returncode or (0 if cases else 2), told)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seeds", type=int, default=5)
    words.add_argument(
        "--examples", type=int, default=10, help="most cases per operation and phase"
    )
    given = words.parse_args()
    outcomes = []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as company:
        for seed in range(1, given.seeds + 1):
            for role in ROLES:
                # What the coverage phase tries does not depend on the seed.
                again = ("--phases", "examples,fuzzing,stateful") if seed > 1 else ()
                outcomes.append(run(company, role, seed, given.examples, *again))
                print(outcomes[-1], flush=True)
                if outcomes[-1].code:
                    print(outcomes[-1].told, flush=True)
    failed = [one for one in outcomes if one.code]
    sums = {"runs": len(outcomes), "cases": sum(o.cases for o in outcomes), "failed": len(failed)}
    print(json.dumps(sums))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
