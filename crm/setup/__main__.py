"""`python crm/setup COMMAND`, by any Python that fits; the Makefile finds one and calls this."""

import sys
import types
from pathlib import Path

# The package `crm` loads Celery, which is not installed yet when this starts, so its __init__ is
# passed over; everything here is found below the same name as elsewhere.
CRM = Path(__file__).resolve().parents[1]
sys.path[0] = str(CRM.parent)
sys.modules["crm"] = types.ModuleType("crm")
sys.modules["crm"].__path__ = [str(CRM)]

from crm.setup import checks, dotenv, environment, kit, running  # noqa: E402
from crm.setup.steps import Stop, say  # noqa: E402

COMMANDS = {
    "run": ("requirements.lock", running.run),
    "env": (None, dotenv.load),
    "kit": ("requirements.lock", kit.prepare),
    "test": ("requirements-dev.txt", checks.test),
    "lint": ("requirements-dev.txt", checks.lint),
    "format": ("requirements-dev.txt", checks.mend),
    "drill": ("requirements-dev.txt", checks.drill),
    "bench": ("requirements-dev.txt", checks.bench),
}


def main(words: list[str]) -> int:
    if not words or words[0] not in COMMANDS:
        say(f"Usage: python crm/setup {'|'.join(COMMANDS)}")
        return 2
    requirements, carry_out = COMMANDS[words[0]]
    try:
        if requirements:
            environment.enter(requirements)
        return carry_out(*words[1:]) or 0
    except Stop as stop:
        say(f"\n{stop}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
