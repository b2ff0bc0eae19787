"""Northbean, a coffee and kitchen retailer in Europe and China, from nothing to yesterday's complaint.

Everything is written inside one change set (source: demo), a few thousand customers at a time, so that memory
stays the same however large the company is, and so that insights.demo.removing finds all of it again. A large
company that is alone in a PostgreSQL database goes into bare tables (insights.demo.bare), in one transaction.
"""

import csv
import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from customers.changing import open_change_set, previous_values, record_changes
from customers.models import ChangeSet, Company, Customer, ExchangeRate, Product, ProductValue, Tag
from customers.money import Rates
from customers.signals import announce
from customers.totalling import refresh_totals
from insights.demo import bare, records, selling
from insights.demo.browsing import record_browsing
from insights.demo.cohort import KINDS, NEVER, TREND_NAMES, WORLD_NAMES, Cohort
from insights.demo.loading import load, reserve
from insights.demo.messages import record_messages
from insights.demo.outside import record_outside_reviews
from insights.demo.removing import FINISHED, remove_demo, unfinished
from insights.demo.seasons import CHINA, Calendar, exchange_rates
from insights.demo.shelf import Shelf
from insights.demo.shopping import CAUSES, simulate
from insights.demo.staff import Staff, hire, write_logins
from insights.demo.tasks import record_tasks

NAME, BASE, ZONE = "Northbean", "EUR", "Europe/Berlin"
CHUNK = 5000
DAYS = 730

Say = Callable[[str], None]


class NotEmpty(Exception):
    """The database already has customers, or a demo company."""


@dataclass
class Founded:
    """Everything the parts share."""

    change_set: ChangeSet
    calendar: Calendar
    shelf: Shelf
    staff: Staff
    product_ids: np.ndarray
    rate_of_day: np.ndarray
    size: int
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, **counts: int) -> None:
        for name, count in counts.items():
            self.counts[name] = self.counts.get(name, 0) + int(count)


def truth_path() -> Path:
    return settings.VAR_DIR / "demo" / "truth.csv"


def build(
    customers: int,
    seed: int,
    now: datetime.datetime | None = None,
    days: int = DAYS,
    add: bool = False,
    say: Say = lambda line: None,
) -> dict[str, int]:
    """Create the demo company and return row counts. Raises NotEmpty."""
    if unfinished():
        say("Taking out an earlier demo company that was never finished")
        remove_demo(say, keep_admin=False)
    if ChangeSet.objects.filter(source=ChangeSet.Source.DEMO).exists():
        raise NotEmpty("There is a demo company already. Remove it first: manage.py remove_demo")
    if not add and Customer.objects.exists():
        raise NotEmpty("This database already has customers. Use --add to put the demo company beside them.")  # fmt: skip
    started, now = time.monotonic(), now or timezone.now()
    rng = np.random.default_rng([seed, 0])
    calendar = Calendar(now, days)
    say(
        f"Founding {NAME}: {customers:,} customers, {calendar.start} to {now:%Y-%m-%d}, seed {seed}"
    )
    with transaction.atomic():
        founded = found(rng, calendar, customers, seed)
    try:
        if bare.fits(customers):
            with transaction.atomic(), bare.bare_tables(say):
                fill(founded, rng, customers, seed, say)
        else:
            fill(founded, rng, customers, seed, say)
        look_again(say)
    except BaseException:
        say("Interrupted: taking out what was loaded")
        remove_demo(say, keep_admin=False)
        raise
    say(f"Done in {time.monotonic() - started:.0f} s: " + ", ".join(f"{n:,} {k}" for k, n in founded.counts.items()))  # fmt: skip
    return founded.counts


def found(rng, calendar: Calendar, size: int, seed: int) -> Founded:
    change_set = open_change_set(ChangeSet.Source.DEMO, note=f"demo company, seed {seed}")
    name_company(change_set)
    staff = hire()
    records.define_attributes()
    tags = [Tag.objects.get_or_create(name=name) for name in records.TAGS]
    change_set.counts["own_tags"] = [tag.pk for tag, created in tags if created]
    change_set.save(update_fields=["counts"])
    for day, rate in exchange_rates(rng, calendar):
        ExchangeRate.objects.get_or_create(
            currency="CNY", valid_from=day, defaults={"rate": rate, "is_demo": True}
        )
    shelf = Shelf(calendar, rng)
    ids = record_products(shelf, change_set)
    rates = Rates()
    rate_of_day = np.array(
        [float(rates.on("CNY", calendar.moment(day + 0.01).date())) for day in range(calendar.days + 2)]
    )  # fmt: skip
    founded = Founded(change_set, calendar, shelf, staff, ids, rate_of_day, size)
    founded.add(products=len(ids))
    write_logins(staff.logins)
    return founded


def name_company(change_set: ChangeSet) -> None:
    """Name, currency and time zone of a new installation; one in use keeps its own."""
    company = Company.current()
    if company.name or Customer.objects.exists():
        if company.base_currency != BASE:
            raise NotEmpty(f"The demo company keeps its books in {BASE}; this company uses {company.base_currency}.")  # fmt: skip
        return
    fields = ["name", "base_currency", "time_zone"]
    record_changes(change_set, Company, {company.pk: previous_values(company, fields)})
    company.name, company.base_currency, company.time_zone = NAME, BASE, ZONE
    company.save(update_fields=fields)
    change_set.counts["company"] = {name: getattr(company, name) for name in fields}


def record_products(shelf: Shelf, change_set: ChangeSet) -> np.ndarray:
    frame, calendar = shelf.frame, shelf.calendar
    ids = reserve(Product, len(frame))
    archived = np.where(
        frame.archived_on.isna(), np.nan, calendar.seconds(frame.archived_on.fillna(0))
    )
    load(
        Product,
        {
            "id": ids,
            **{f: frame[f] for f in ("sku", "name", "category", "description", "price", "in_stock")},
            "also_called": frame.zh,
            "currency": BASE,
            "archived_at": archived,
            "recorded_in_id": change_set.pk,
        },
    )  # fmt: skip
    dearer = frame.dearer_on.to_numpy() >= 0
    ended = frame.sold_until.to_numpy() > 0
    ended &= frame.sold_until.to_numpy() < calendar.now_day
    for name, mask, before, after, day in (
        ("price", dearer, frame.price_before.astype(str), frame.price.astype(str), frame.dearer_on),
        ("in_stock", ended, pd.Series(True, frame.index), frame.in_stock, frame.sold_until),
    ):
        same = {"product_id": ids[mask], "field": name}
        load(ProductValue, same | {"value": before[mask].tolist()})
        load(
            ProductValue,
            same | {"value": after[mask].tolist(), "valid_from": calendar.seconds(day[mask])},
        )
    return ids


def grow(founded: Founded, customers: int, seed: int, say: Say) -> None:
    """Customers and all they do, a cohort at a time; each cohort is one transaction."""
    path = truth_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with path.open("w", newline="") as file:
        truth = csv.writer(file)
        for number, first in enumerate(range(0, customers, CHUNK)):
            ordinals = np.arange(first, min(first + CHUNK, customers))
            rng = np.random.default_rng([seed, 1, number])
            with transaction.atomic():
                cohort = record_cohort(rng, founded, ordinals, truth, header=number == 0)
            done = first + cohort.size
            say(f"  {done:,} of {customers:,} customers, {founded.counts.get('lines', 0):,} order lines, {founded.counts.get('events', 0):,} visits and views ({time.monotonic() - started:.0f} s)")  # fmt: skip


def record_cohort(rng, founded: Founded, ordinals, truth, header: bool) -> Cohort:
    calendar, shelf = founded.calendar, founded.shelf
    cohort = Cohort(rng, ordinals, calendar, shelf)
    cohort.now_day, cohort.change_set_id = calendar.now_day, founded.change_set.pk
    bought, lines = simulate(rng, cohort, calendar, shelf)
    orders, lines = selling.with_returns(rng, cohort, bought, lines, calendar)
    orders, lines = selling.price_up(orders, lines, founded.rate_of_day, calendar)
    who = records.record_customers(rng, cohort, orders, founded.staff, calendar)
    ids = who.id.to_numpy()
    serial = founded.counts.get("orders", 0)
    orders = selling.record_orders(
        rng, cohort, ids, orders, lines, shelf, founded.product_ids, calendar, serial
    )
    founded.add(customers=cohort.size, orders=len(orders), lines=len(lines))
    founded.add(events=record_browsing(rng, founded, cohort, ids, orders, lines))
    messages = record_messages(rng, founded, cohort, who, orders, lines)
    founded.add(interactions=len(messages))
    founded.add(tasks=record_tasks(rng, founded, cohort, who, messages))
    write_truth(truth, header, cohort, shelf, ids, bought, calendar)
    return cohort


def write_truth(truth, header: bool, c: Cohort, shelf: Shelf, ids, orders, calendar) -> None:
    """What drives each customer. No learner reads this; tests hold the data against it."""
    columns = {"customer_id": ids, "ordinal": c.ordinals}
    columns |= drives(c, shelf, calendar) | outcomes(c, orders, calendar)
    if header:
        truth.writerow(columns)
    truth.writerows(zip(*(np.asarray(v).tolist() for v in columns.values()), strict=True))


def drives(c: Cohort, shelf: Shelf, calendar: Calendar) -> dict:
    skus, now = shelf.frame.sku.to_numpy(), np.full(c.size, calendar.now_day)
    return {
        "kind": [KINDS[k].name for k in c.kind],
        "region": np.where(c.region == CHINA, "china", "europe"),
        "world": [WORLD_NAMES[w] for w in c.world],
        "trend": [TREND_NAMES[t] for t in c.trend],
        "gap_days": c.gap.round(2),
        "hazard": c.hazard,
        "main_sku": skus[c.main],
        "second_sku": skus[c.second],
        "second_days": c.second_days.round(1),
        "satisfaction_at_start": c.satisfaction_first.round(4),
        "satisfaction": c.satisfaction.round(4),
        "interest": c.interest(np.arange(c.size), now).round(4),
    }


def outcomes(c: Cohort, orders: pd.DataFrame, calendar: Calendar) -> dict:
    def count(name):
        return np.bincount(orders.who, weights=orders[name], minlength=c.size).astype(int)

    return {
        "sales": np.bincount(orders.who, minlength=c.size),
        "late_deliveries": count("late"),
        "flaws": count("flaw"),
        "complaints": count("complains"),
        "complaints_handled": count("handled"),
        "lead": c.lead.astype(int),
        "fades_from": [moment(calendar, day) for day in c.fade_start],
        "churned_at": [moment(calendar, day) for day in c.gone],
        "churn_cause": [CAUSES[x] for x in c.cause],
    }


def moment(calendar: Calendar, day: float) -> str:
    return "" if day >= NEVER / 2 else calendar.moment(day).isoformat()


def fill(founded: Founded, rng, customers: int, seed: int, say: Say) -> None:
    grow(founded, customers, seed, say)
    finish(founded, rng, say)


def finish(founded: Founded, rng, say: Say) -> None:
    with transaction.atomic():
        founded.add(interactions=record_outside_reviews(rng, founded))
        say("  Adding up totals")
        refresh_totals(None)
        founded.change_set.counts |= founded.counts | {FINISHED: True}
        founded.change_set.save(update_fields=["counts"])
        announce(None)


def look_again(say: Say) -> None:
    """Let the database see how its tables look now, and that all rows are there for everybody (PostgreSQL then
    answers from an index alone)."""
    if (
        connection.in_atomic_block
    ):  # as in tests: the rows are not there for anybody else, and may never be
        return
    say("  Telling the database how its tables look now")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")
