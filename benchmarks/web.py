"""The web processes as the Procfile starts them, clients that keep their connections, and what it all cost."""

import http.client
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.common import ROOT, say

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Web:
    """A running web server: its port, and the process that started the others."""

    port: int
    process: subprocess.Popen

    def processes(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def cpu_s(self) -> float:
        """Processor time that the web processes have used so far."""
        total = 0
        for pid in self.processes():
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(words[11]) + int(words[12])
        return total / TICKS

    def peak_mb(self) -> float:
        """Highest resident memory that any one of them has had."""
        peaks = [0]
        for pid in self.processes():
            status = Path(f"/proc/{pid}/status").read_text()
            peaks += [int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line]
        return max(peaks) / 1024


@contextmanager
def web_processes(*words: str, **settings: str) -> Iterator[Web]:
    """Start the Procfile's web line, more words behind it, on the database that is set up; end it afterwards."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    program, *rest = shlex.split(lines["web"])
    command = [str(Path(sys.executable).parent / program), *rest, *words]
    port = free_port()
    env = {**os.environ, "PORT": str(port), **settings}
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    try:
        wait_for(port, process)
        say(f"→ {lines['web']} on port {port}, processes {Web(port, process).processes()}")
        yield Web(port, process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit(f"The web server ended with code {process.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The web server did not answer within a minute")


@dataclass
class Load:
    """What several clients sent, how long it took, and what they were told."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    answers: list[dict] = field(default_factory=list)
    latencies_ms: list[float] = field(default_factory=list)

    def note(self, status: int, text: bytes, seconds: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.latencies_ms.append(seconds * 1000)
        whole = status < 500
        self.answers.append(json.loads(text) if whole else {"broken": text[:200].decode()})


def post_all(web: Web, path: str, token: str, bodies: list[bytes], clients: int) -> Load:
    """Each client sends every n-th body over one connection; all begin together."""
    load, lock, gate = Load(), threading.Lock(), threading.Barrier(clients + 1)

    def client(mine: list[bytes]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=120)
        connection.connect()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        gate.wait()
        for body in mine:
            start = time.perf_counter()
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            text = response.read()
            with lock:
                load.note(response.status, text, time.perf_counter() - start)
        connection.close()

    threads = [threading.Thread(target=client, args=(bodies[n::clients],)) for n in range(clients)]
    for thread in threads:
        thread.start()
    cpu = web.cpu_s()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    load.wall_s = time.perf_counter() - start
    load.cpu_s = web.cpu_s() - cpu
    return load
