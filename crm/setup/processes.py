"""The processes of the Procfile, kept running in the foreground and stopped as a whole."""

import multiprocessing
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

import honcho.manager
from honcho.environ import parse_procfile
from honcho.process import Process

from crm.setup.steps import ROOT

# One that ends sooner after its start lacks something: it is started again ever less often, for the database or the
# broker may only be on its way. One that has never yet lived longer ends the run after some tries.
HOPELESS_SECONDS, LONGEST_PAUSE, MOST_TRIES = 10, 15, 8
honcho.manager.KILL_WAIT = 25  # a worker hands back its unfinished jobs for up to ten seconds


def end_group(pid: int) -> None:
    """Every process has a session of its own; this ends whatever it leaves behind there."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


class LastingProcess(Process):
    """Started again when it dies of itself: killing the trainer must not take the pages away."""

    stopping: "multiprocessing.synchronize.Event"

    def run(self, events=None, ignore_signals=False) -> None:
        self._events = events
        signal.signal(signal.SIGINT, pass_over)
        signal.signal(signal.SIGTERM, pass_over)
        threading.Thread(target=self._follow_parent, args=(os.getppid(),), daemon=True).start()
        has_lived, pause, tries = False, 1, 0
        while True:
            started = time.monotonic()
            code = self._live()
            tries += 1
            if time.monotonic() - started > HOPELESS_SECONDS:
                has_lived, pause = True, 1
            elif code < 0:  # killed from outside: it lacked nothing
                pause = 1
            if self.stopping.is_set() or (tries >= MOST_TRIES and not has_lived):
                break
            self._send_message(f"ended with code {code}, starting again in {pause} s\n".encode())
            if self.stopping.wait(pause):
                break
            pause = min(2 * pause, LONGEST_PAUSE)
        self._send_message({"returncode": code}, type="stop")

    def _follow_parent(self, parent: int) -> None:
        """Should the one who started us be killed outright, nothing of it stays behind."""
        while os.getppid() == parent:
            time.sleep(1)
        self.stopping.set()
        self._child.terminate()

    def _live(self) -> int:
        self._child = self._child_ctor(self.cmd, env=self.env, cwd=self.cwd)
        self._send_message({"pid": self._child.pid}, type="start")
        if self.stopping.is_set():
            self._child.terminate()
        reader = threading.Thread(target=self._read)
        reader.start()
        code = self._child.wait()
        end_group(self._child.pid)  # a child left behind would hold the pipe open as well
        reader.join()
        return code

    def _read(self) -> None:
        with self._child.stdout as lines:
            for line in lines:
                self._send_message(line)


def pass_over(number: int, frame: object) -> None:
    """Unlike an ignored signal, one that is handled is not inherited by what is started."""


class LeadersOnly:
    """Ask the first process of a group to stop: a worker wants to end its own children."""

    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        end_group(pid)


class Manager(honcho.manager.Manager):
    def __init__(self):
        super().__init__()
        self._process_ctor = LastingProcess
        self._procmgr = LeadersOnly()
        self.stopping = multiprocessing.Event()

    def add_procfile(self, env: dict[str, str]) -> None:
        for name, words in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
            # exec: no shell stays between us and the process that must hear of the end
            process = self.add_process(name, f"exec {words}", env=env, cwd=str(ROOT))
            process.stopping = self.stopping

    def terminate(self) -> None:
        self.stopping.set()
        super().terminate()

    def _killall(self, force: bool = False) -> None:
        """Those that are known to run; one that is just being started sees for itself that it is over."""
        everyone = self._processes
        self._processes = {name: one for name, one in everyone.items() if "pid" in one}
        try:
            super()._killall(force)
        finally:
            self._processes = everyone


def end(process: subprocess.Popen) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
    end_group(process.pid)
