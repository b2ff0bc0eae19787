"""What every drill has at hand, and the waiting that all of them share."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from customers.models import CustomerScore
from insights.models import StaleCustomer, TrainingRun
from tests.drills.instance import Instance
from tests.drills.load import Load
from tests.drills.watching import Watch

MOST_SECONDS = 60  # to resume by itself
PATIENCE = 150  # before it is taken for stuck


class Stuck(Exception):
    """What should have gone on has not."""


@dataclass
class Context:
    instance: Instance
    load: Load
    watch: Watch
    rng: random.Random
    notes: list[str] = field(default_factory=list)

    def wait_a_moment(self, most: float = 1.5) -> None:
        time.sleep(self.rng.uniform(0, most))

    def until(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE):
        """Wait for it, through a database that is away; what it returned, or Stuck."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := self.ask(condition):
                return found
            time.sleep(0.15)
        raise Stuck(what)

    def ask(self, question: Callable[[], object]):
        try:
            return question()
        except (InterfaceError, OperationalError):
            connection.close()
        finally:
            close_old_connections()
        return None

    def order_is_scored(self, began: float) -> float:
        """Seconds from ``began`` until an order posted after it has changed its customer's score."""
        customer = self.rng.choice(self.load.customers)
        before = self.until(lambda: [scored_at(customer)], "the database answers")[0]
        entry = self.load.order(self.rng, customer)
        self.load.see_through(entry, time.monotonic() + PATIENCE)
        if entry.refused or not entry.accepted:
            raise Stuck(f"an order was not accepted: {entry.refused or entry.answers}")
        self.until(
            lambda: (
                scored_at(customer) != before
                and not StaleCustomer.objects.filter(customer=customer).exists()
            ),
            f"customer {customer} was not scored again",
        )
        return time.monotonic() - began

    def train(self, kind: str = "segments") -> TrainingRun:
        """Ask for a training by the API, until somebody answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.ask_to_train(kind)
            if answer is not None and answer.status_code == 202:
                mine = TrainingRun.objects.filter(pk=answer.json()["id"])
                return self.until(mine.first, "the database answers")
            time.sleep(0.5)
        raise Stuck("nobody takes a training")

    def ask_to_train(self, kind: str):
        try:
            return self.load.door.post("training-runs", {"kind": kind})
        except requests.RequestException:
            return None

    def is_learning(self, run: TrainingRun, attempt: int = 1) -> bool:
        now = TrainingRun.objects.get(pk=run.pk)
        return not now.is_active or (now.attempts >= attempt and now.step not in ("", "start"))

    def settled(self, run: TrainingRun) -> TrainingRun:
        """The run, or the one that was made in its place, once it has ended."""

        def last():
            newest = TrainingRun.objects.filter(kind=run.kind, pk__gte=run.pk).latest("pk")
            return newest if not newest.is_active else None

        return self.until(last, f"run {run.pk} is not settled")


def scored_at(customer: int):
    return CustomerScore.objects.values_list("segments_scored_at", flat=True).get(pk=customer)
