"""What `make run` keeps running: one that dies comes back, and all of them end together."""

import os
import signal
import subprocess
import sys
import time

import pytest

from crm.setup.steps import ROOT

PROGRAM = """
import sys
from crm.setup import processes
processes.HOPELESS_SECONDS, processes.MOST_TRIES = float(sys.argv[1]), 3
manager = processes.Manager()
for number, words in enumerate(sys.argv[2:]):
    manager.add_process(f"p{number}", "exec " + words).stopping = manager.stopping
manager.loop()
sys.exit(manager.returncode)
"""
# Writes its own id and that of a child that it leaves behind
PARENT = "sh -c 'echo $$ >> {0}; sleep 600 & echo $! >> {0}; wait'"


@pytest.fixture
def start(tmp_path):
    started = []

    def start(*words, hopeless=0.0):
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(hopeless), *words],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(true, seconds=60):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def ids(path, count):
    wait_until(lambda: path.exists() and len(path.read_text().split()) >= count)
    return [int(word) for word in path.read_text().split()]


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks into /proc")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_leaves_nothing_behind(start, tmp_path, number):
    run = start(PARENT.format(tmp_path / "a"), PARENT.format(tmp_path / "b"))
    everyone = ids(tmp_path / "a", 2) + ids(tmp_path / "b", 2)
    run.send_signal(number)
    assert run.wait(timeout=20) == 128 + number
    wait_until(lambda: not any(map(is_alive, everyone)))


def test_one_that_is_killed_starts_again_and_the_others_live_on(start, tmp_path):
    start(PARENT.format(tmp_path / "a"), PARENT.format(tmp_path / "b"))
    victim, its_child = ids(tmp_path / "a", 2)
    other = ids(tmp_path / "b", 2)
    os.kill(victim, signal.SIGKILL)
    ids(tmp_path / "a", 4)
    assert not is_alive(its_child)
    assert all(map(is_alive, other))


def test_one_that_cannot_start_ends_the_run(start, tmp_path):
    # It fails as soon as the other one runs, and before the time in which failing is hopeless is over.
    file = tmp_path / "b"
    fails = f"sh -c 'until [ -f {file} ] && [ $(wc -l < {file}) -ge 2 ]; do sleep 0.1; done; false'"
    run = start(fails, PARENT.format(file), hopeless=30)
    assert run.wait(timeout=60) == 1
    wait_until(lambda: not any(map(is_alive, ids(tmp_path / "b", 2))))


def test_one_that_lacks_something_at_first_is_tried_again(start, tmp_path):
    tries = tmp_path / "tries"
    fails_once = f"sh -c 'echo x >> {tries}; [ $(wc -l < {tries}) -ge 2 ] || exit 1; echo $$ >> {tries}; sleep 600'"
    run = start(fails_once, hopeless=30)
    wait_until(lambda: tries.exists() and len(tries.read_text().split()) >= 3)
    assert run.poll() is None and is_alive(int(tries.read_text().split()[-1]))


def test_a_run_that_is_killed_outright_takes_its_processes_with_it(start, tmp_path):
    run = start(PARENT.format(tmp_path / "a"))
    everyone = ids(tmp_path / "a", 2)
    run.kill()
    wait_until(lambda: not any(map(is_alive, everyone)))
