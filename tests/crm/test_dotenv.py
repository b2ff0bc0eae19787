"""The file .env is written once, with keys of its own, and read by everything."""

import stat

import environ
import pytest

from crm.setup import dotenv


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("ENV_FILE", str(tmp_path / ".env"))
    return tmp_path / ".env"


def test_only_its_owner_can_read_it(path):
    dotenv.write()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_never_overwritten(path):
    path.write_text("SECRET_KEY=mine\n")
    assert dotenv.write() is False
    assert path.read_text() == "SECRET_KEY=mine\n"


def test_every_installation_has_its_own_keys(path):
    dotenv.write()
    first = dotenv.read()
    path.unlink()
    dotenv.write()
    second = dotenv.read()
    assert {name: first[name] != second[name] for name in first} == {
        "SECRET_KEY": True,
        "POSTGRES_PASSWORD": True,
    }
    assert len(first["SECRET_KEY"]) >= 50


def test_no_key_needs_quoting_for_a_shell_or_for_compose(path):
    dotenv.write()
    assert all(
        value.replace("-", "").replace("_", "").isalnum() for value in dotenv.read().values()
    )


def test_the_settings_read_it_as_the_set_up_does(path, monkeypatch):
    path.write_text("# words\nPLAIN=one\n  SPACED = two \nQUOTED='three four'\nexport TOLD=five\n")
    found = dotenv.read()
    assert found == {"PLAIN": "one", "SPACED": "two", "QUOTED": "three four", "TOLD": "five"}
    for name in found:
        monkeypatch.delenv(name, raising=False)
    env = environ.Env()
    env.read_env(str(path))
    assert {name: env.str(name) for name in ("PLAIN", "QUOTED", "TOLD")} == {
        name: found[name] for name in ("PLAIN", "QUOTED", "TOLD")
    }


def test_the_environment_goes_before_the_file(path, monkeypatch):
    path.write_text("PORT=1234\n")
    monkeypatch.setenv("PORT", "8001")
    dotenv.load()
    assert dotenv.os.environ["PORT"] == "8001"
