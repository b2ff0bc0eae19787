"""How a field can be asked about: each kind of field has its operators, each operator its values and its words."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NUMBER, DAYS, DATE, TEXT, CHOICES = "number", "days", "date", "text", "choices"


@dataclass(frozen=True)
class Asking:
    """Who asks, and when: "me" and "today" are the reader's."""

    user: object
    now: datetime.datetime

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)

    def midnight(self, day: datetime.date) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


@dataclass(frozen=True)
class Operator:
    """``label`` stands in the list of operators, ``words`` in a sentence: ``%(field)s`` and the values %(a)s, %(b)s.

    ``counted``: in a sentence of a field that counts things, ``%(things)s`` are these with their number.

    ``inputs``: what kind of value each of its values is; of CHOICES there may be several.
    ``holds``: the condition, of the field's source, its values as the field has them, and who asks.
    """

    name: str
    label: str
    words: str
    inputs: tuple[str, ...]
    holds: Callable[[object, list, Asking], Q]
    counted: str = ""


def otherwise(source, condition: Q) -> Q:
    """Those of whom it does not hold, the ones without a value among them."""
    return source.missing() | ~condition


def _between_days(source, first: datetime.date, last: datetime.date, asking: Asking) -> Q:
    """From the beginning of the first day to the end of the last."""
    after = last + datetime.timedelta(days=1)
    first_moment, end = source.bound(first, asking), source.bound(after, asking)
    return source.holds("gte", first_moment) & source.holds("lt", end)


@dataclass(frozen=True)
class Dated:
    """A source of moments or days, asked for whole days of the reader's calendar."""

    source: object
    bound: Callable[[datetime.date, Asking], object]

    def holds(self, lookup: str, value) -> Q:
        return self.source.holds(lookup, value)

    def missing(self) -> Q:
        return self.source.missing()


def _back(days: int, asking: Asking) -> datetime.date:
    """So many days ago; far back is far enough."""
    return asking.today - datetime.timedelta(days=min(days, 100_000))


def _ahead(days: int, asking: Asking) -> datetime.date:
    return asking.today + datetime.timedelta(days=min(days, 100_000))


def _last(source, values, asking) -> Q:
    return _between_days(source, _back(values[0], asking), asking.today, asking)


def _next(source, values, asking) -> Q:
    return _between_days(source, asking.today, _ahead(values[0], asking), asking)


def _not_last(source, values, asking) -> Q:
    return otherwise(source, _last(source, values, asking))


def _over(source, values, asking) -> Q:
    return source.holds("lt", source.bound(_back(values[0], asking), asking))


def _yearly(source, values, asking) -> Q:
    """The day and month of it, whichever year: of birthdays, of contracts that go on."""
    first, last = asking.today, _ahead(values[0], asking)
    if (last - first).days >= 365:
        return ~source.missing()
    after = source.source.in_year("gte", f"{first:%m-%d}")
    until = source.source.in_year("lte", f"{last:%m-%d}")
    return after & until if first.year == last.year else after | until


def _before(source, values, asking) -> Q:
    return source.holds("lt", source.bound(values[0], asking))


def _from(source, values, asking) -> Q:
    return source.holds("gte", source.bound(values[0], asking))


def _days_between(source, values, asking) -> Q:
    return _between_days(source, min(values), max(values), asking)


def _between(source, values, asking) -> Q:
    return source.holds("gte", min(values)) & source.holds("lte", max(values))


def _simply(lookup: str):
    return lambda source, values, asking: source.holds(lookup, values[0])


def _fallen(source, values, asking) -> Q:
    return source.holds("lte", -values[0])


def _not(lookup: str):
    return lambda source, values, asking: otherwise(source, source.holds(lookup, values[0]))


def _related(lookup: str):
    def holds(source, values, asking: Asking) -> Q:
        since = asking.midnight(_back(values[1], asking)) if len(values) > 1 else None
        return source.holds(lookup, values[0], since)

    return holds


EMPTY = Operator(
    "empty", _("is empty"), _("%(field)s is empty"), (), lambda source, v, a: source.missing()
)
FILLED = Operator(
    "filled", _("is filled in"), _("%(field)s is filled in"), (),
    lambda source, v, a: ~source.missing(),
)  # fmt: skip

AT_LEAST, AT_MOST = (
    (_("at least"), _("%(field)s at least %(a)s")),
    (_("at most"), _("%(field)s at most %(a)s")),
)
MORE, BELOW = (
    (_("more than"), _("%(field)s more than %(a)s")),
    (_("below"), _("%(field)s below %(a)s")),
)
EXACTLY = (_("exactly"), _("%(field)s exactly %(a)s"))
NUMBERS = (
    Operator("gte", *AT_LEAST, (NUMBER,), _simply("gte")),
    Operator("lte", *AT_MOST, (NUMBER,), _simply("lte")),
    Operator("gt", *MORE, (NUMBER,), _simply("gt")),
    Operator("lt", *BELOW, (NUMBER,), _simply("lt")),
    Operator("eq", *EXACTLY, (NUMBER,), _simply("exact")),
    Operator("between", pgettext_lazy("two figures", "between"), _("%(field)s between %(a)s and %(b)s"),
             (NUMBER, NUMBER), _between),
    EMPTY, FILLED,
)  # fmt: skip
MOVING = (
    Operator("rose", _("has risen by at least"), _("churn risk has risen by at least %(a)s in the last 30 days"),
             (NUMBER,), _simply("gte")),
    Operator("fell", _("has fallen by at least"), _("churn risk has fallen by at least %(a)s in the last 30 days"),
             (NUMBER,), _fallen),
    Operator("empty", _("cannot be told yet"), _("the change of the churn risk cannot be told yet"), (),
             lambda source, v, a: source.missing()),
    Operator("filled", _("can be told"), _("the change of the churn risk can be told"), (),
             lambda source, v, a: ~source.missing()),
)  # fmt: skip
COUNTING = (
    ("gte", AT_LEAST, "gte", _("at least %(things)s")),
    ("lte", AT_MOST, "lte", _("at most %(things)s")),
    ("eq", EXACTLY, "exact", _("exactly %(things)s")),
)
COUNTS, COUNTS_SINCE = (
    tuple(
        Operator(name, *words, inputs, _related(lookup), counted)
        for name, words, lookup, counted in COUNTING
    )
    for inputs in ((NUMBER,), (NUMBER, DAYS))
)
DATES = (
    Operator("last", _("in the last … days"), _("%(field)s in the last %(a)s"), (DAYS,), _last),
    Operator("not_last", _("not in the last … days (or never)"), _("%(field)s not in the last %(a)s (or never)"),
             (DAYS,), _not_last),
    Operator("over", _("more than … days ago"), _("%(field)s more than %(a)s ago"), (DAYS,), _over),
    Operator("next", _("in the next … days"), _("%(field)s in the next %(a)s"), (DAYS,), _next),
    Operator("before", pgettext_lazy("date", "before"), _("%(field)s before %(a)s"), (DATE,), _before),
    Operator("from", _("on or after"), _("%(field)s on or after %(a)s"), (DATE,), _from),
    Operator("between", pgettext_lazy("two days", "between"), _("%(field)s from %(a)s to %(b)s"),
             (DATE, DATE), _days_between),
    EMPTY, FILLED,
)  # fmt: skip
YEARLY = Operator("yearly", _("anniversary in the next … days"), _("%(field)s: anniversary in the next %(a)s"),
                  (DAYS,), _yearly)  # fmt: skip
OWN_DATES = (*DATES[:4], YEARLY, *DATES[4:])
TEXTS = (
    Operator("has", _("contains"), _("%(field)s contains “%(a)s”"), (TEXT,), _simply("icontains")),
    Operator("has_not", _("does not contain"), _("%(field)s does not contain “%(a)s”"), (TEXT,), _not("icontains")),
    Operator("is", pgettext_lazy("operator", "is"), _("%(field)s is “%(a)s”"), (TEXT,), _simply("iexact")),
    Operator("is_not", _("is not"), _("%(field)s is not “%(a)s”"), (TEXT,), _not("iexact")),
    Operator("starts", _("begins with"), _("%(field)s begins with “%(a)s”"), (TEXT,), _simply("istartswith")),
    EMPTY, FILLED,
)  # fmt: skip
IN = Operator("in", _("is any of"), _("%(field)s is %(a)s"), (CHOICES,), _simply("in"))
NOT_IN = Operator("not_in", _("is none of"), _("%(field)s is not %(a)s"), (CHOICES,), _not("in"))
CHOOSING = (IN, NOT_IN, EMPTY, FILLED)
ALWAYS_CHOOSING = (IN, NOT_IN)
TAGGED = (
    Operator("in", _("has any of"), _("%(field)s: %(a)s"), (CHOICES,), _simply("in")),
    Operator("not_in", _("has none of"), _("%(field)s: not %(a)s"), (CHOICES,), _not("in")),
    Operator("empty", _("has none"), _("%(field)s: none"), (), lambda source, v, a: source.missing()),
    Operator("filled", _("has some"), _("%(field)s: some"), (), lambda source, v, a: ~source.missing()),
)  # fmt: skip
ABOUT = (TAGGED[0], TAGGED[1])
YES_OR_NO = (
    Operator("yes", _("yes"), _("%(field)s: yes"), (), lambda s, v, a: s.holds("exact", True)),
    Operator(
        "no", _("no"), _("%(field)s: no"), (), lambda s, v, a: otherwise(s, s.holds("exact", True))
    ),
)
