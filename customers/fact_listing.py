"""A list of facts (orders, conversations) as its address names it: words, a filter, an order, columns, a page."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, quote_plus

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from customers import columns as cols
from customers.filtering import EVERYBODY, Fields, Group, Problem, from_json, to_json, where, write
from customers.filtering.building import Draft
from customers.filtering.links import Parameters, linked
from customers.filtering.tree import Unreadable
from customers.filters import near_facts
from customers.listing import LONGEST_SEARCH, NOTHING, with_filter
from customers.models import SavedView
from customers.paging import Sort, id_of

NEWEST = Sort("occurred_at", True, datetime.datetime, ties_follow=True, nullable=False)


# What a column's cells read beside their row.
RELATED = {
    "owner": "customer__owner",
    "team": "customer__team",
    "segment": "customer__score",
    "risk": "customer__score",
}


def related(columns: Iterable[str]) -> list[str]:
    return ["customer", *(RELATED[key] for key in columns if key in RELATED)]


@dataclass(frozen=True)
class Kind:
    """What a page lists: ``find`` gives the condition of its search, ``links`` what plain parameters of its addresses
    ask for, ``ready`` the lists that everybody finds; the first of its ``columns`` is always there."""

    page: str  # SavedView.Page, the name of its address, of its file
    title: Any
    rows: Callable[[], QuerySet]
    find: Callable[[str, Any], Q]
    fields: type[Fields]
    links: Parameters
    sorts: dict[str, Sort]
    orders: tuple[tuple[str, Any], ...]
    columns: dict[str, cols.Column]
    usual: tuple[str, ...]
    ready: Callable[[], list[tuple[str, Group]]]

    @property
    def default(self) -> str:
        return self.orders[0][0]

    @property
    def always(self) -> str:
        return self.usual[0]


@dataclass(frozen=True)
class FactListing:
    """``view``: the saved view the address belongs to; what differs from it stands in the address. An empty ``sort``,
    no ``columns``: those that are usual."""

    kind: Kind
    group: Group = EVERYBODY
    search: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    view: SavedView | None = None
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    draft: Draft | None = field(default=None, compare=False)

    @cached_property
    def base(self) -> "FactListing":
        return of_view(self.kind, self.view) if self.view else FactListing(self.kind)

    @property
    def order(self) -> str:
        return self.sort or self.kind.default

    @property
    def shown(self) -> tuple[str, ...]:
        return self.columns or self.kind.usual

    @property
    def is_changed(self) -> bool:
        return self.view is not None and self != self.base

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.group)

    def query(self, in_view: bool = True, **changes) -> str:
        """The parameters of its address; without ``in_view`` all of them, whatever view it began from."""
        one = replace(self, **changes)
        base = one.base if in_view else FactListing(self.kind)
        parts = [f"view={one.view.pk}"] if in_view and one.view else []
        if one.search != base.search:
            parts.append(f"q={quote_plus(one.search)}")
        if one.group != base.group:
            parts.append(f"where={quote(write(one.group) or NOTHING, safe='(),:~')}")
        if one.order != base.order:
            parts.append(f"sort={quote(one.order)}")
        if one.shown != base.shown:
            parts.append(f"columns={quote(','.join(one.shown), safe=',')}")
        return "&".join(parts)

    def address(self, place: str = "", **changes) -> str:
        query = "&".join(filter(None, [self.query(**changes), place]))
        return reverse(self.kind.page) + (f"?{query}" if query else "")

    def choose(self, user, fields: Fields) -> QuerySet:
        """The rows that this reader may see and the list holds."""
        rows = self.kind.rows().visible_to(user).filter(near_facts(user))
        if self.group:
            rows = rows.filter(where(self.group, fields))
        return rows.filter(self.kind.find(self.search, user)) if self.search else rows


def of_view(kind: Kind, view: SavedView) -> FactListing:
    """The list that a view keeps, as it was kept: whether it still holds is another question."""
    columns = tuple(str(key) for key in view.columns)
    return FactListing(kind, kept_filter(kind, view), view.search, view.sort, columns, view)


def kept_filter(kind: Kind, view: SavedView) -> Group:
    """Older views keep plain parameters."""
    try:
        return from_json(view.filter)
    except Unreadable:
        plain = MultiValueDict({key: [str(value)] for key, value in view.filter.items()})
        return linked(plain, kind.links)


def view_of(kind: Kind, user, query) -> SavedView | None:
    """The saved view that an address belongs to, of those this reader may see."""
    try:
        pk = id_of(query.get("view", ""))
    except ValueError:
        return None
    return SavedView.objects.visible_to(user).filter(page=kind.page, pk=pk).first()


def read(kind: Kind, query, fields: Fields, view: SavedView | None = None) -> FactListing:
    """The list of an address; what cannot be understood is left out and told in ``problems``."""
    listing = of_view(kind, view) if view else FactListing(kind)
    if "q" in query:
        search = query["q"].replace("\x00", "").strip()
        listing = replace(listing, search=search[:LONGEST_SEARCH])
    sort = query.get("sort", listing.sort)
    known = sort.removeprefix("-") in kind.sorts and sort != kind.default
    listing = replace(listing, sort=sort if known else "")
    keys = query["columns"].split(",") if query.get("columns") else listing.shown
    columns = cols.chosen(keys, kind.columns, kind.usual)
    listing = replace(listing, columns=() if columns == kind.usual else columns)
    return with_filter(listing, query, fields, kind.links)


def stored(listing: FactListing) -> dict:
    """The same as a view keeps it."""
    return {
        "search": listing.search,
        "filter": to_json(listing.group) if listing.group else {},
        "sort": listing.sort,
        "columns": list(listing.columns),
    }
