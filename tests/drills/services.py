"""PostgreSQL and Redis of the drill's own: started, stopped at once, emptied."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

import redis


class Missing(Exception):
    """Something this machine lacks; says what to install."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Postgres:
    """A cluster that is gone afterwards. Everything it confirmed is on disk: fsync stays on."""

    def __init__(self, home: Path, more: str = ""):
        self.home, self.port, self.more = home, free_port(), more
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        initdb = found[-1] if found else shutil.which("initdb")
        if not initdb:
            raise Missing("No initdb was found. Install it: apt-get install postgresql")
        self.bin = Path(initdb).parent

    def create(self) -> None:
        self.home.mkdir(parents=True)
        if os.getuid() == 0:  # which PostgreSQL refuses to run as
            shutil.chown(self.home, "postgres")
        words = ["--username", "postgres", "--auth", "trust", "--encoding", "UTF8"]
        self._run("initdb", "--pgdata", self.home / "data", *words, "--locale", "C.UTF-8")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -k {self.home} -c listen_addresses=127.0.0.1 {self.more}"
        words = ["--pgdata", self.home / "data", "--wait", "--log", self.home / "log"]
        self._run("pg_ctl", *words, "--options", options, "start")

    def stop_at_once(self) -> None:
        self._run("pg_ctl", "--pgdata", self.home / "data", "--mode", "immediate", "stop")

    def _run(self, program: str, *words) -> None:
        who = {}
        if os.getuid() == 0:
            entry = pwd.getpwnam("postgres")
            who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        with (self.home.parent / f"{program}.log").open("w+") as log:  # a pipe would be held open
            command = [self.bin / program, *words]
            done = subprocess.run(command, cwd=self.home, stdout=log, stderr=log, **who)
            if done.returncode:
                log.seek(0)
                raise Missing(f"{program} failed: {log.read()[-500:]}")


class Redis:
    """An append-only server; ``wipe`` lets it come back without a memory."""

    def __init__(self, home: Path):
        self.home, self.port = home, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.program = shutil.which("redis-server")
        if not self.program:
            raise Missing("No redis-server was found. Install it: apt-get install redis-server")
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.home)]
        keep = ["--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction"]
        self.process = subprocess.Popen([self.program, *words, *keep], stdout=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while not self.answers():
            if time.monotonic() > end:
                raise Missing("redis-server does not start")
            time.sleep(0.05)

    def stop_at_once(self, wipe: bool = False) -> None:
        self.process.kill()
        self.process.wait()
        if wipe:
            shutil.rmtree(self.home / "appendonlydir", ignore_errors=True)

    def link(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=5)

    def answers(self) -> bool:
        try:
            return bool(self.link().ping())
        except redis.RedisError:
            return False
