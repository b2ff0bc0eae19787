"""What has happened and what has not, and how many days ago: one answer for pages, forms, the API and imports."""

import datetime
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Another system's clock may be ahead, and a date without a time zone half a day.
CLOCKS_DIFFER = datetime.timedelta(days=1)


def is_to_come(moment: datetime.datetime) -> bool:
    return moment > timezone.now() + CLOCKS_DIFFER


def not_in_the_future(moment: datetime.datetime) -> None:
    """What has not happened yet would stand as the newest fact for as long as it takes to come."""
    if is_to_come(moment):
        raise ValidationError(_("This lies in the future."), "in_the_future")


def not_before_1900(moment: datetime.datetime) -> None:
    """A year that is not there, or not filled in, would make the longest gap and the oldest customer."""
    if moment.year < 1900:
        raise ValidationError(_("This lies before the year 1900."), "too_early")


HAPPENED = [not_in_the_future, not_before_1900]

# What an address or a form may ask about: the next day and every time zone's midnight are still days that exist.
ASKED_FOR = [
    MinValueValidator(datetime.date(1900, 1, 1)),
    MaxValueValidator(datetime.date(2999, 12, 31)),
]


def days_ago(moment: datetime.datetime | datetime.date) -> int:
    """How often the day has changed since, on the reader's calendar: yesterday evening is 1, this morning 0.

    The facts of reasons are counted in the same way (insights.ml.explain), on the company's calendar.
    """
    if isinstance(moment, datetime.datetime):
        moment = timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return (timezone.localdate() - moment).days


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None
