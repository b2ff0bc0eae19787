"""A list of facts (orders, conversations) as its address names it: words, plain filters, an order, a page."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.countries import country_name
from customers.filtering import Fields
from customers.filtering.options import ME
from customers.filters import near_facts
from customers.models import SavedView
from customers.paging import LARGEST, Sort, id_of
from customers.wording import day, money

LONGEST = 200
SELECT, TEXT, DAY, NUMBER = "select", "text", "date", "number"
PERIODS = {
    "7": gettext_lazy("Last 7 days"),
    "30": gettext_lazy("Last 30 days"),
    "90": gettext_lazy("Last 90 days"),
}
Choices = Callable[[Fields], list[tuple[str, str]]]


@dataclass(frozen=True)
class Filter:
    """``read`` makes of an address what ``holds`` makes a condition of; ValueError where it means nothing. ``choices``
    are those of a select, by what the reader may know of."""

    key: str
    label: Any
    holds: Callable[[Any, Any], Q]  # of the value and the reader
    read: Callable[[str], Any] = str
    drawn: str = SELECT
    choices: Choices | None = None

    def said(self, text: str, fields: Fields) -> str:
        """In a chip: the choice by its name, "yes" by the filter's own."""
        if text == YES:
            return str(self.label)
        chosen = dict(self.choices(fields)).get(text) if self.choices else text
        if chosen is None:  # nobody has it any more
            chosen = country_name(text) if self.key == "country" else text
        if self.drawn == DAY:
            chosen = day(day_of(text))
        elif self.drawn == NUMBER:
            chosen = money(amount_of(text), fields.currency)
        return _("%(what)s: %(value)s") % {"what": self.label, "value": chosen}


@dataclass(frozen=True)
class Kind:
    """What a page lists: ``find`` gives the condition of its search, ``ready`` the lists that everybody finds."""

    page: str  # SavedView.Page, the name of its address, of its file
    title: Any
    rows: Callable[[], QuerySet]
    find: Callable[[str, Any], Q]
    filters: tuple[Filter, ...]
    sorts: dict[str, Sort]
    orders: tuple[tuple[str, Any], ...]
    ready: Callable[[], list[tuple[str, dict[str, str]]]]

    @property
    def default(self) -> str:
        return self.orders[0][0]


YES = "yes"


def yes(text: str) -> bool:
    if text != YES:
        raise ValueError(text)
    return True


def one_of(codes) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in codes:
            raise ValueError(text)
        return text

    return read


def day_of(text: str) -> datetime.date:
    day = parse_date(text)
    if day is None or not 1900 <= day.year < 3000:
        raise ValueError(text)
    return day


def amount_of(text: str) -> Decimal:
    value = Decimal(text)
    if not abs(value) < LARGEST:
        raise ValueError(text)
    return value


def me_or_id(text: str) -> int | str:
    return text if text == ME else id_of(text)


def midnight(day: datetime.date) -> datetime.datetime:
    """When it begins, on the reader's clock."""
    return datetime.datetime.combine(day, datetime.time(), timezone.get_current_timezone())


def of_period(days: str, user) -> Q:
    """The last so many days, today among them."""
    first = timezone.localdate() - datetime.timedelta(days=int(days) - 1)
    return Q(occurred_at__gte=midnight(first))


def of_person(path: str) -> Callable[[Any, Any], Q]:
    return lambda value, user: Q(**{path: user.pk if value == ME else value})


def people(fields: Fields) -> list[tuple[str, str]]:
    return [(ME, _("me")), *fields.known["people"]]


def of_codes(key: str, label, codes) -> Filter:
    """By a column of the same name that holds one of a few codes."""
    return Filter(
        key,
        label,
        lambda value, user: Q(**{key: value}),
        one_of(codes.values),
        choices=lambda fields: codes.choices,
    )


TIMES = (
    Filter("days", gettext_lazy("Period"), of_period, one_of(PERIODS), choices=lambda f: list(PERIODS.items())),
    Filter("from", gettext_lazy("First day"), lambda day, u: Q(occurred_at__gte=midnight(day)), day_of, DAY),
    Filter(
        "to", gettext_lazy("Last day"),
        lambda day, u: Q(occurred_at__lt=midnight(day + datetime.timedelta(days=1))), day_of, DAY,
    ),
)  # fmt: skip
NEWEST = Sort("occurred_at", True, datetime.datetime, ties_follow=True, nullable=False)


def of_customer(countries: Choices) -> tuple[Filter, ...]:
    """What both lists ask of the customer behind a row."""
    return (
        Filter("owner", gettext_lazy("Owner"), of_person("customer__owner"), me_or_id, choices=people),
        Filter(
            "team", gettext_lazy("Team"), of_person("customer__team"), id_of, choices=lambda f: f.known["teams"]
        ),
        Filter("country", gettext_lazy("Country"), lambda v, u: Q(customer__country=v), choices=countries),
    )  # fmt: skip


@dataclass(frozen=True)
class FlatListing:
    """``view``: the saved view the address belongs to; what differs from it stands in the address."""

    kind: Kind
    search: str = ""
    values: dict[str, str] = field(default_factory=dict)
    sort: str = ""
    view: SavedView | None = None

    @property
    def base(self) -> "FlatListing":
        return of_view(self.kind, self.view) if self.view else FlatListing(self.kind)

    @property
    def order(self) -> str:
        return self.sort or self.kind.default

    @property
    def is_changed(self) -> bool:
        return self.view is not None and self != self.base

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.values)

    def query(self, in_view: bool = True, **changes) -> str:
        """The parameters of its address; without ``in_view`` all of them, whatever view it began from."""
        one = replace(self, **changes)
        base = one.base if in_view else FlatListing(self.kind)
        asked = {"view": str(one.view.pk)} if in_view and one.view else {}
        if one.search != base.search:
            asked["q"] = one.search
        for key in dict.fromkeys([*base.values, *one.values]):
            if one.values.get(key, "") != base.values.get(key, ""):
                asked[key] = one.values.get(key, "")
        if one.order != base.order:
            asked["sort"] = one.order
        return urlencode(asked)

    def address(self, place: str = "", **changes) -> str:
        query = "&".join(filter(None, [self.query(**changes), place]))
        return reverse(self.kind.page) + (f"?{query}" if query else "")

    def without(self, key: str) -> str:
        return self.address(values={k: v for k, v in self.values.items() if k != key})

    def choose(self, user) -> QuerySet:
        """The rows that this reader may see and the list holds."""
        rows = self.kind.rows().visible_to(user).filter(near_facts(user))
        for one in self.kind.filters:
            if one.key in self.values:
                rows = rows.filter(one.holds(one.read(self.values[one.key]), user))
        return rows.filter(self.kind.find(self.search, user)) if self.search else rows

    def chips(self, fields: Fields) -> list[dict[str, str]]:
        return [
            {"words": one.said(self.values[one.key], fields), "url": self.without(one.key)}
            for one in self.kind.filters
            if one.key in self.values
        ]


def of_view(kind: Kind, view: SavedView) -> FlatListing:
    return FlatListing(kind, view.search, understood(kind, view.filter), view.sort, view)


def view_of(kind: Kind, user, query) -> SavedView | None:
    """The saved view that an address belongs to, of those this reader may see."""
    try:
        pk = id_of(query.get("view", ""))
    except ValueError:
        return None
    return SavedView.objects.visible_to(user).filter(page=kind.page, pk=pk).first()


def read(kind: Kind, query, view: SavedView | None = None) -> FlatListing:
    """The list of an address; what means nothing is left out. A form (``set``) says all: what it does not is empty."""
    base = of_view(kind, view) if view else FlatListing(kind)
    search = query.get("q", base.search).replace("\x00", "").strip()[:LONGEST]
    told = {one.key: query[one.key] for one in kind.filters if one.key in query}
    values = understood(kind, told if "set" in query else base.values | told)
    sort = query.get("sort", base.sort)
    known = sort.removeprefix("-") in kind.sorts and sort != kind.default
    return FlatListing(kind, search, values, sort if known else "", view)


def understood(kind: Kind, told: dict) -> dict[str, str]:
    found = {}
    for one in kind.filters:
        text = str(told.get(one.key, "")).replace("\x00", "").strip()[:LONGEST]
        if text and _is_read(one, text):
            found[one.key] = text
    return found


def _is_read(one: Filter, text: str) -> bool:
    try:
        one.read(text)
    except (ValueError, InvalidOperation):
        return False
    return True


def stored(listing: FlatListing) -> dict:
    """The same as a view keeps it."""
    return {"search": listing.search, "filter": listing.values, "sort": listing.sort}
