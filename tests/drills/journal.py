"""What was asked of the product and what it answered, so that nothing can be lost or doubled unseen."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Entry:
    """One thing to be written, however often it had to be asked for."""

    kind: str  # order, interaction, note or events
    keys: list[str]
    body: dict | list
    answers: list[int | None] = field(default_factory=list)  # None: no answer came
    accepted: bool = False
    refused: str = ""


class Journal:
    def __init__(self):
        self.entries: list[Entry] = []
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> Entry:
        with self._lock:
            self.entries.append(entry)
        return entry

    def since(self, number: int) -> list[Entry]:
        with self._lock:
            return self.entries[number:]


class Reads:
    """Pages that were read: when, how long it took, and what came back (0: no answer)."""

    def __init__(self):
        self.rows: list[tuple[float, float, int]] = []

    def add(self, began: float, status: int) -> None:
        self.rows.append((began, time.monotonic() - began, status))

    def between(self, start: float, end: float) -> tuple[int, int, float]:
        """How many there were, how many failed, and the 95th percentile in milliseconds."""
        rows = [row for row in list(self.rows) if start <= row[0] and row[0] + row[1] <= end]
        times = sorted(seconds for _at, seconds, _status in rows)
        p95 = times[int(0.95 * (len(times) - 1))] * 1000 if times else 0.0
        return len(rows), sum(status != 200 for _at, _s, status in rows), round(p95, 1)
