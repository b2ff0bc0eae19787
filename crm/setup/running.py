"""`make run`: everything from a fresh clone to a page in the browser."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NoReturn

from crm.broker import Broker, BrokerError
from crm.setup import dotenv, kit
from crm.setup.environment import BIN
from crm.setup.steps import ROOT, Stop, command, say, var


def run() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_by_signal)
    dotenv.load()
    with ExitStack() as stack:
        stack.enter_context(only_one())
        os.environ["PORT"] = os.environ.get("PORT") or "8000"
        check_port(int(os.environ["PORT"]))
        kit.prepare()
        env = environment()
        if not env.get("REDIS_URL"):
            env["REDIS_URL"] = stack.enter_context(embedded_broker()).url
        command(sys.executable, "-m", "crm.setup.inside", "prepare", env=env)
        return keep_running(env)


def stop_by_signal(number: int, frame: object) -> NoReturn:
    """A closed window or a polite kill ends the run as Ctrl-C does."""
    raise KeyboardInterrupt


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def only_one() -> Iterator[None]:
    """Two brokers on one set of files would ruin them."""
    var().mkdir(parents=True, exist_ok=True)
    with open(var() / "run.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Stop(
                f"Perennial is already running in this folder (process {lock.read().strip()}). "
                "Stop it with Ctrl-C in its window first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def check_port(port: int) -> None:
    try:
        socket.create_server((os.environ.get("HOST") or "127.0.0.1", port)).close()
    except OSError as error:
        raise Stop(
            f"Port {port} cannot be used ({error.strerror}). Choose another one: make run PORT=8001"
        ) from None


@contextmanager
def embedded_broker() -> Iterator[Broker]:
    try:
        with Broker(var()) as broker:
            yield broker
    except BrokerError as error:
        raise Stop(str(error)) from error


def keep_running(env: dict[str, str]) -> int:
    from crm.setup.processes import Manager, end  # honcho is there by now

    manager = Manager()
    manager.add_procfile(env)
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    greeter = subprocess.Popen(
        [sys.executable, "-m", "crm.setup.inside", "greet"],
        cwd=ROOT,
        env=env,
        start_new_session=True,
    )
    try:
        manager.loop()
    finally:
        end(greeter)
    if manager.returncode in (130, 143):  # asked to stop, and did
        say("Stopped. Everything is kept; `make run` starts it again.")
        return 0
    raise Stop("One of the processes above ended of itself, so the others were stopped too.")
