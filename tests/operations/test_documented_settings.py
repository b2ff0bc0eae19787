"""docs/operations.md lists every setting that the product reads from its environment, and no other."""

import ast
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
# What the system, or a program that we start, is asked or told; nothing a user sets for us.
OTHERS = {
    "PATH", "CI", "ARGS", "NAME", "BROWSER", "CHROMIUM", "NODE_PATH", "DJANGO_SETTINGS_MODULE",
    "PYTHONUNBUFFERED", "PERENNIAL_WEB_PLACE", "TEST_SQLITE", "PERENNIAL_DATA",
}  # fmt: skip


def read_in_code() -> set[str]:
    """Names given to ``env.str("X")``, ``os.environ.get("X")``, ``os.environ["X"]`` and the like."""
    found = set()
    for path in (ROOT / "crm").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args:
                asked, name = ast.unparse(node.func), node.args[0]
                if isinstance(name, ast.JoinedStr) and asked == "env.str":
                    found |= {f"API_RATE_{kind.upper()}" for kind in settings.API_RATES}
            elif isinstance(node, ast.Subscript):
                asked, name = ast.unparse(node.value), node.slice
            else:
                continue
            if re.match(r"env\.(?!read_env)\w+$|os\.environ|environ\b", asked) and isinstance(
                name, ast.Constant
            ):
                found.add(name.value)
    return {name for name in found if isinstance(name, str) and name.isupper()}


def in_containers() -> set[str]:
    return set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))


def documented() -> set[str]:
    text = (ROOT / "docs" / "operations.md").read_text()
    return set(re.findall(r"^\| `(\w+)` \|", text, re.M))


def test_every_setting_is_documented():
    assert (read_in_code() | in_containers()) - OTHERS - documented() == set()


def test_nothing_is_documented_that_nobody_reads():
    assert documented() - (read_in_code() | in_containers()) == set()


def test_the_reader_of_the_code_finds_the_ways_of_reading():
    assert {
        "SECRET_KEY",
        "DATABASE_URL",
        "PORT",
        "WEB_CONCURRENCY",
        "DEMO",
        "VAR_DIR",
    } <= read_in_code()
