"""All the while: no page mixes two versions, and no two trainings of a kind run at once."""

import random
import re
import threading

import requests
from django.db import DatabaseError, InterfaceError, connection

from customers.models import Customer
from insights.models import Kind, TrainingRun
from tests.drills.load import Door

# One statement is one moment: each row stands under the version that is published in it.
MIXED = {
    Kind.CHURN: "customers_customerscore s ON s.churn_version <> v.id",
    Kind.SEGMENTS: "customers_customerscore s ON s.segments_version <> v.id",
    Kind.PRODUCTS: "customers_recommendation s ON s.version <> v.id",
    Kind.VALUE: "customers_customerscore s ON s.value_version <> v.id",
}
COUNT = "SELECT COUNT(*) FROM insights_modelversion v JOIN {} WHERE v.is_champion AND v.kind = '{}'"
VERSIONS = ("churn_version", "segments_version")


class Watch:
    def __init__(self, door: Door, customers: list[int], seed: int):
        self.door, self.customers = door, customers
        self.mixed: list[str] = []
        self.overlaps: list[str] = []
        self.looks = self.pages = 0
        self._rng = random.Random(f"{seed} watch")
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(look, pause), daemon=True)
            for look, pause in ((self._look, 0.3), (self._read_api, 2), (self._read_page, 1))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _run(self, look, pause: float) -> None:
        while not self._stop.wait(pause):
            try:
                look()
            except (DatabaseError, InterfaceError):
                connection.close()
            except requests.RequestException:
                self._person = None

    def _look(self) -> None:
        for kind, join in MIXED.items():
            with connection.cursor() as cursor:
                cursor.execute(COUNT.format(join, kind.value))
                if found := cursor.fetchone()[0]:
                    self.mixed.append(f"{found} rows of {kind} stand under another version")
        running = list(TrainingRun.objects.filter(status="running").values_list("kind", flat=True))
        if len(running) != len(set(running)):
            self.overlaps.append(f"running at once: {running}")
        self.looks += 1

    def _read_api(self) -> None:
        """A list of scores is of one version; the points of one customer's score add up to it."""
        answer = self.door.get("/api/v1/scores/?page_size=100")
        if answer.status_code != 200:
            return
        self.pages += 1
        rows = answer.json()["results"]
        for name in VERSIONS:
            if len(found := {row[name] for row in rows} - {None}) > 1:
                self.mixed.append(f"one page of scores holds {name} {found}")
        for row in rows:
            if row["churn_risk"] is not None and row["churn_reasons"]:
                points = sum(reason["points"] for reason in row["churn_reasons"])
                if abs(row["churn_base"] * 100 + points - row["churn_risk"] * 100) > 0.01:
                    self.mixed.append(f"the reasons of customer {row['customer']} do not add up")

    _person = None

    def _read_page(self) -> None:
        """Risk and base rate on a customer's page are those of one state, that before or that after."""
        self._person = self._person or self.door.person()
        customer = self._rng.choice(self.customers)
        before = shown(customer)
        page = self._person.get(f"{self.door.url}/customers/{customer}/", timeout=15)
        after = shown(customer)
        found = re.search(r"(\d+)% [+−-]?\d+ points? = (\d+)%", page.text)
        if page.status_code != 200 or not found or None in (before, after):
            return
        self.pages += 1
        risk, base = int(found[2]), int(found[1])
        crossed = {(before[0], after[1]), (after[0], before[1])} - {before, after}
        if (risk, base) in crossed:
            self.mixed.append(f"customer {customer}: {risk} and {base} between {before}, {after}")


def shown(customer: int) -> tuple[int, int] | None:
    """Risk and base rate in percent, as one statement finds them."""
    row = Customer.objects.filter(pk=customer).values_list("score__churn_risk", "reasons__churn")
    risk, why = row.get()
    return (round(risk * 100), round(why["base"] * 100)) if risk is not None and why else None
