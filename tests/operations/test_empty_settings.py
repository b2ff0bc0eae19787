"""A setting that stands empty, as NAME= in .env leaves it, is one that is not set."""

import os
import runpy
from pathlib import Path

import pytest

from crm.setup import running
from tests.operations.test_documented_settings import ROOT, documented

# What decides where the rest is read, and what there is no default for.
KEPT = {"ENV_FILE": os.devnull, "SECRET_KEY": "only-for-tests"}


def read(path: str) -> dict:
    made = runpy.run_path(str(ROOT / path))
    return {name: made[name] for name in made if name.isupper() or name in ("bind", "workers")}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """Without any setting of this machine's; what is made lies in a folder of the test's."""
    for name in documented():
        monkeypatch.delenv(name, raising=False)
    for name, value in KEPT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TEST_SQLITE", str(tmp_path / "test.sqlite3"))
    return monkeypatch


@pytest.mark.parametrize("path", ["crm/settings.py", "crm/gunicorn.py"])
def test_all_of_them_empty_is_none_of_them_set(path, environment):
    unset = read(path)
    for name in documented() - set(KEPT):
        environment.setenv(name, "")
    assert read(path) == unset


@pytest.mark.parametrize("name", sorted(name for name in documented() if name.endswith("_URL")))
def test_an_address_that_is_given_is_taken(name, environment):
    """So that the test above compares what can differ."""
    unset = read("crm/settings.py")
    environment.setenv(
        name, "redis://elsewhere:6379/0" if name != "DATABASE_URL" else "postgres:///x"
    )
    assert read("crm/settings.py") != unset


def test_an_empty_file_of_settings_is_the_usual_one(environment):
    environment.setenv("ENV_FILE", "")
    assert running.dotenv.path() == Path(ROOT / ".env")


def test_with_an_empty_address_of_a_broker_one_is_started(environment, tmp_path):
    class Started(Exception):
        """As far as this test goes."""

    def broker():
        raise Started

    environment.setenv("REDIS_URL", "")
    environment.setenv("PORT", "0")
    environment.setenv("VAR_DIR", str(tmp_path))
    environment.setattr(running.kit, "prepare", lambda: None)
    environment.setattr(running, "embedded_broker", broker)
    environment.setattr(running.signal, "signal", lambda *_: None)
    with pytest.raises(Started):
        running.run()
