"""By whose clock: each person's own time zone, else the company's."""

import datetime
import zoneinfo
from functools import cache as once
from importlib import resources

from django.core.cache import cache

from customers.models import Company
from customers.moments import zone_of

UTC = "UTC"
ZONE_KEPT = 60  # seconds; asked for with every request


def company_zone() -> str:
    return cache.get_or_set("company-zone", lambda: Company.current().time_zone, ZONE_KEPT)


def clock_of(user) -> datetime.tzinfo:
    """The time zone that a person's days and times are meant in; without a person, the company's."""
    own = user.time_zone if user else ""
    return zone_of(own or company_zone()) or datetime.UTC


def today_of(user) -> datetime.date:
    return datetime.datetime.now(clock_of(user)).date()


@once
def places() -> tuple[str, ...]:
    """The time zones to choose from: UTC, and one for each place that the tz database names (its zone.tab), without
    its older spellings and what it keeps for computers alone."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    known = zoneinfo.available_timezones()
    return (UTC, *sorted(line[2] for line in lines if len(line) > 2 and line[2] in known))


def zone_choices(stored: str) -> list[tuple[str, str]]:
    """Those for a form; the one that is stored stays one of them, whatever it is."""
    return [(zone, zone) for zone in dict.fromkeys((*places(), *([stored] if stored else [])))]
