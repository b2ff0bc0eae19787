"""By whose clock: each person's own time zone, else the company's."""

import datetime

from django.core.cache import cache

from customers.models import Company
from customers.moments import zone_of

ZONE_KEPT = 60  # seconds; asked for with every request


def company_zone() -> str:
    return cache.get_or_set("company-zone", lambda: Company.current().time_zone, ZONE_KEPT)


def clock_of(user) -> datetime.tzinfo:
    """The time zone that a person's days and times are meant in; without a person, the company's."""
    own = user.time_zone if user else ""
    return zone_of(own or company_zone()) or datetime.UTC


def today_of(user) -> datetime.date:
    return datetime.datetime.now(clock_of(user)).date()
