"""What /readyz answers: may requests come here, and is everything behind the pages well?

``down`` (503) only where this web server could not serve anyone: the database does not answer, or is not yet
prepared for this release. Everything else is ``degraded`` (200): with the broker, the workers or a model gone, pages
and records work on, and a load balancer that took all web servers out would make a small trouble a large one. A
database that is slow serves as well: it has answered before, and is given time to answer again.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass, field
from time import monotonic

from django.db import DatabaseError, InterfaceError, connections

from crm.operations.broker import Silent, ask_broker
from crm.operations.models import WorkerHeartbeat
from crm.operations.state import Records, disk, look_up, seconds_since

OK, DEGRADED, DOWN = "ok", "degraded", "down"
ANSWER_SECONDS, KEPT_SECONDS = 2.0, 2.0
# Under load a look takes some seconds; what has not answered for so long does not answer.
AWAY_SECONDS = 15.0
# A night may be missed for an hour; stale customers are scored within seconds.
SCORED_SECONDS, STALE_SECONDS, WAITING_SECONDS = 26 * 3600, 300, 900


@dataclass(frozen=True)
class Part:
    state: str
    facts: dict = field(default_factory=dict)


class TimedQuestion:
    """Asks in a thread of its own and waits no longer than allowed; while one hangs, no second one is asked."""

    def __init__(self, ask: Callable):
        self.ask = ask
        self.thread = ThreadPoolExecutor(1, thread_name_prefix=ask.__name__)
        self.asked: Future | None = None
        self.asked_at = 0.0
        self.has_answered = False

    def answer(self, seconds: float = ANSWER_SECONDS):
        if self.asked is None:
            self.asked, self.asked_at = self.thread.submit(self._ask), monotonic()
        try:
            answer = self.asked.result(seconds)
            self.has_answered = True
            return answer
        finally:
            if self.asked.done():  # otherwise the answer is for whoever asks next
                self.asked = None

    @property
    def waited(self) -> float:
        """Seconds since what was asked last."""
        return monotonic() - self.asked_at

    def _ask(self):
        try:
            return self.ask()
        finally:
            connections.close_all()


_database, _broker = TimedQuestion(look_up), TimedQuestion(ask_broker)
_looking = threading.Lock()
_kept: tuple[float, dict[str, Part]] | None = None


def parts() -> dict[str, Part]:
    """The state of each part, at most two seconds old; one request looks, the others take what it found last."""
    global _kept
    kept = _kept
    if kept and monotonic() - kept[0] < KEPT_SECONDS:
        return kept[1]
    if not _looking.acquire(blocking=kept is None):
        assert kept
        return kept[1]
    try:
        if _kept and monotonic() - _kept[0] < KEPT_SECONDS:  # found while we waited
            return _kept[1]
        found = look_at_parts()
        _kept = monotonic(), found
        return found
    finally:
        _looking.release()


def look_at_parts() -> dict[str, Part]:
    found = {"broker": broker_part()}
    try:
        records = _database.answer()
    except NoAnswer:
        return {"database": unanswered(), **found}
    except (DatabaseError, InterfaceError) as error:
        return {"database": Part(DOWN, {"error": type(error).__name__}), **found}
    return {"database": Part(OK, {"ms": records.milliseconds}), **found, **parts_of(records)}


def unanswered() -> Part:
    """Of a database that has not answered yet: slow, or away."""
    waited = _database.waited
    slow = _database.has_answered and waited < AWAY_SECONDS
    facts = {"error": "slow" if slow else "no answer", "waited_ms": round(1000 * waited, 1)}
    return Part(DEGRADED if slow else DOWN, facts)


def broker_part() -> Part:
    try:
        facts = _broker.answer()
    except (Silent, NoAnswer) as error:
        return Part(DEGRADED, {"error": str(error) or type(error).__name__})
    return Part(OK, {"ms": facts.milliseconds, "queues": facts.queues})


def parts_of(records: Records) -> dict[str, Part]:
    if records.unapplied:
        return {"migrations": Part(DOWN, {"unapplied": records.unapplied})}
    space = disk()
    return {
        "migrations": Part(OK, {"unapplied": []}),
        "workers": workers_part(records),
        "scoring": scoring_part(records),
        "trainings": trainings_part(records),
        "disk": Part(DEGRADED if space.is_low else OK, {"free_bytes": space.free}),
    }


def workers_part(records: Records) -> Part:
    alive = dict.fromkeys(WorkerHeartbeat.Role.values, 0)
    for worker in records.workers:
        alive[worker.role] += 1
    seen = max((one.seen_at for one in records.workers), default=None)
    return Part(OK if all(alive.values()) else DEGRADED, {**alive, "age": seconds_since(seen)})


def scoring_part(records: Records) -> Part:
    """Where no model is published yet, nothing is late."""
    age, stale_age = seconds_since(records.scored_at), seconds_since(records.stale_since)
    late = age is not None and age > SCORED_SECONDS or (stale_age or 0) > STALE_SECONDS
    facts = {"age": age, "stale": records.stale, "stale_age": stale_age}
    return Part(DEGRADED if records.has_champion and late else OK, facts)


def trainings_part(records: Records) -> Part:
    """One waits behind another as long as that takes; with none under way, nobody takes it up."""
    age = seconds_since(records.waiting_since)
    unheard = not records.running and (age or 0) > WAITING_SECONDS
    facts = {"running": records.running, "waiting": records.waiting, "age": age}
    return Part(DEGRADED if unheard else OK, facts)


def verdict(found: dict[str, Part]) -> str:
    states = {part.state for part in found.values()}
    return next((state for state in (DOWN, DEGRADED) if state in states), OK)
