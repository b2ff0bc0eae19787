"""What readers and writers feel while something large goes on beside them.

Three threads with connections of their own: one opens single customers, one opens the list sorted by risk, one
records orders. Each says how long its calls took, so that a wait shows in the highest figure.
"""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

PAUSES = {"read_customer": 0.005, "read_list": 0.05, "write_order": 0.02}
QUIET_SECONDS = 5


@contextmanager
def beside(figures: dict) -> Iterator[None]:
    """Fill ``figures`` with the latencies in milliseconds of what happened meanwhile."""
    over = threading.Event()
    times: dict[str, list[float]] = {name: [] for name in PAUSES}
    errors: list[str] = []
    calls = _calls()
    threads = [
        threading.Thread(target=_repeat, args=(calls[name], pause, times[name], errors, over))
        for name, pause in PAUSES.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
        figures |= {name: _told(values) for name, values in times.items()}
        figures["errors"] = errors[:5]


def quiet() -> dict:
    """The same calls while nothing else goes on: what to compare with."""
    figures: dict = {}
    with beside(figures):
        time.sleep(QUIET_SECONDS)
    return figures


def _told(values: list[float]) -> dict:
    if len(values) < 2:
        return {"n": len(values), "max_ms": round(max(values, default=0), 1)}
    return {
        "n": len(values),
        "median_ms": round(statistics.median(values), 1),
        "p99_ms": round(statistics.quantiles(values, n=100, method="inclusive")[-1], 1),
        "max_ms": round(max(values), 1),
    }


def _repeat(call: Callable[[int], None], pause: float, times, errors, over) -> None:
    from django.db import DatabaseError, connection

    number = 0
    while not over.is_set():
        start = time.perf_counter()
        try:
            call(number)
        except DatabaseError as error:
            errors.append(repr(error))
        # The first call opens the connection.
        if number:
            times.append((time.perf_counter() - start) * 1000)
        number += 1
        over.wait(pause)
    connection.close()


def _calls() -> dict[str, Callable[[int], None]]:
    from django.db import transaction
    from django.db.models import Max
    from django.utils import timezone

    from customers.changing import open_change_set
    from customers.models import ChangeSet, Customer
    from customers.money import Rates
    from customers.paging import page_of
    from customers.upserting import OrderRow, finish, price_order, replace_orders

    last = Customer.objects.aggregate(last=Max("pk"))["last"]
    run, chance = time.time_ns(), random.Random(1)

    def some() -> int:
        return Customer.objects.filter(pk__gte=chance.randint(1, last)).order_by("pk")[0].pk

    def read_customer(number: int) -> None:
        customer = Customer.objects.with_scores().get(pk=some())
        list(customer.recommendations.select_related("product").order_by("rank"))

    def read_list(number: int) -> None:
        page_of(Customer.objects.active().with_scores(), "-risk", 25)

    def write_order(number: int) -> None:
        row = OrderRow("beside", f"{run}-{number}", some(), timezone.now(), "EUR")
        row.amount = Decimal(50)
        with transaction.atomic():
            change_set = open_change_set(ChangeSet.Source.API)
            written = replace_orders([price_order(row, Rates())], change_set)
            finish(change_set, written.touched, written.counts())

    return {"read_customer": read_customer, "read_list": read_list, "write_order": write_order}
