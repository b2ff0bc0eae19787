"""What runs in a container is what `make run` runs, so that one is tested by the other."""

import json
import shlex
import shutil
import subprocess

import pytest
import yaml
from honcho.environ import parse_procfile

from crm.setup.steps import ROOT

PROCESSES = parse_procfile((ROOT / "Procfile").read_text()).processes
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.mark.parametrize("name", PROCESSES)
def test_compose_starts_each_process_with_the_command_of_the_procfile(name):
    assert COMPOSE["services"][name]["command"] == PROCESSES[name]


def test_compose_adds_only_the_services_that_a_local_run_embeds():
    assert set(COMPOSE["services"]) - set(PROCESSES) == {"postgres", "redis", "prepare"}


def test_compose_prepares_with_the_program_that_a_local_run_uses():
    command = shlex.split(COMPOSE["services"]["prepare"]["command"])
    assert command == ["python", "-m", "crm.setup.inside", "prepare"]


def test_the_image_starts_the_web_process_by_default():
    last = (ROOT / "Dockerfile").read_text().strip().splitlines()[-1]
    assert last.startswith("CMD ")
    assert json.loads(last.removeprefix("CMD ")) == shlex.split(PROCESSES["web"])


def test_the_image_does_not_run_as_root():
    final_stage = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert "\nUSER perennial\n" in final_stage


def test_the_broker_in_compose_refuses_rather_than_forgets():
    words = shlex.split(COMPOSE["services"]["redis"]["command"])
    assert words[1:] == ["--maxmemory-policy", "noeviction", "--appendonly", "yes"]


def test_compose_takes_its_secrets_from_the_environment_and_has_no_default_for_them():
    environment = COMPOSE["services"]["web"]["environment"]
    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert "${POSTGRES_PASSWORD:?" in environment["DATABASE_URL"]


def compose_client():
    for words in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(words[0]):
            answer = subprocess.run([*words, "version"], capture_output=True, check=False)
            if answer.returncode == 0:
                return words
    return None


@pytest.mark.skipif(compose_client() is None, reason="no docker compose on this machine")
def test_compose_itself_accepts_the_file(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("POSTGRES_PASSWORD", "y")
    words = [*compose_client(), "-f", str(ROOT / "docker-compose.yml"), "config", "--quiet"]
    subprocess.run(words, check=True, cwd=ROOT)
