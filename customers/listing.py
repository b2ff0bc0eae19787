"""One list of customers as its address names it: search, filter, order, columns, page; and the view it began from."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, quote_plus

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from customers import columns as cols
from customers.filtering import (
    EVERYBODY,
    Fields,
    Group,
    Problem,
    check,
    from_json,
    parse,
    to_json,
    where,
    write,
)
from customers.filtering.building import Draft, is_draft, read_draft
from customers.filtering.links import PARAMETERS, Parameters, linked
from customers.filtering.querying import asks_about_archiving
from customers.filtering.tree import ALL, Condition, Unreadable
from customers.models import CustomerQuerySet, SavedView
from customers.paging import DEFAULT, SORTS
from customers.short_lists import column_of

LONGEST_SEARCH = 200
NOTHING = "all()"  # in an address: no filter, where the view has one


@dataclass(frozen=True)
class Listing:
    """``view`` is the saved view that the address belongs to; what differs from it stands in the address."""

    group: Group = EVERYBODY
    search: str = ""
    sort: str = DEFAULT
    columns: tuple[str, ...] = cols.USUAL
    view: SavedView | None = None
    everybody: bool = (
        False  # asked for by name, where the page would otherwise begin with another view
    )
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    draft: Draft | None = field(default=None, compare=False)

    @cached_property
    def base(self) -> "Listing":
        """What holds where the address says nothing."""
        return of_view(self.view) if self.view else Listing(everybody=self.everybody)

    def address(self, place: str = "", **changes) -> str:
        """Of this list with something changed; at its beginning, or at a ``place`` ("after=…")."""
        one = replace(self, **changes)
        base = one.base
        parts = []
        if one.everybody and not one.view:
            parts.append("list=all")
        if one.search != base.search:
            parts.append(f"q={quote_plus(one.search)}")
        if one.group != base.group:
            parts.append(f"where={quote(write(one.group) or NOTHING, safe='(),:~')}")
        if one.sort != base.sort:
            parts.append(f"sort={quote(one.sort)}")
        if one.columns != base.columns:
            parts.append(f"columns={quote(','.join(one.columns), safe=',')}")
        if place:
            parts.append(place)
        page = one.view.get_absolute_url() if one.view else reverse("customers")
        return page + (f"?{'&'.join(parts)}" if parts else "")

    def shown(self, fields: Fields) -> list[cols.Column]:
        own = any(key.startswith(cols.OF_ATTRIBUTE) for key in self.columns)
        known = cols.available(fields.attributes if own else [])
        return [known[key] for key in self.columns if key in known]

    def ordering(self, fields: Fields) -> tuple[cols.Column | None, bool]:
        """The column that no index keeps in order, if it is sorted by one; and whether that is descending."""
        return column_of(self.sort, self.shown(fields)), self.sort.startswith("-")

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the view it began from."""
        return self.view is not None and self != self.base

    @property
    def is_narrowed(self) -> bool:
        return bool(self.group or self.search)

    @property
    def got_worse(self) -> bool:
        """Whether it is of those alone whose churn risk has risen."""
        conditions = [one for one in self.group.items if isinstance(one, Condition)]
        rose = [one for one in conditions if (one.field, one.op) == ("risk_change", "rose")]
        return self.group.match == ALL and bool(rose)

    def choose(self, customers: CustomerQuerySet, fields: Fields) -> CustomerQuerySet:
        """Those of the customers that the list holds; archived ones only where the filter asks about them."""
        if not asks_about_archiving(self.group):
            customers = customers.active()
        if self.group:
            customers = customers.filter(where(self.group, fields))
        return customers.search(self.search) if self.search else customers


def of_view(view: SavedView) -> Listing:
    """The list that a view keeps, as it was kept: whether it still holds is another question."""
    try:
        group = from_json(view.filter)
    except Unreadable:
        group = EVERYBODY
    columns = tuple(str(key) for key in view.columns) or cols.USUAL
    return Listing(group, view.search, view.sort or DEFAULT, columns, view)


def stored(listing: Listing) -> dict:
    """The same as a view keeps it."""
    return {
        "search": listing.search,
        "filter": to_json(listing.group) if listing.group else {},
        "columns": [] if listing.columns == cols.USUAL else list(listing.columns),
        "sort": "" if listing.sort == DEFAULT else listing.sort,
    }


def read(query, fields: Fields, view: SavedView | None = None) -> Listing:
    """The list of an address; what cannot be understood is left out and told in ``problems``."""
    listing = of_view(view) if view else Listing(everybody="list" in query)
    if "q" in query:
        search = query["q"].replace("\x00", "").strip()
        listing = replace(listing, search=search[:LONGEST_SEARCH])
    listing = _with_columns(listing, query, fields)
    sort = query.get("sort", "")
    if sort.removeprefix("-") in SORTS or column_of(sort, listing.shown(fields)):
        listing = replace(listing, sort=sort)
    return with_filter(listing, query, fields, PARAMETERS)


def _with_columns(listing: Listing, query, fields: Fields) -> Listing:
    keys = query["columns"].split(",") if query.get("columns") else listing.columns
    if keys == cols.USUAL:
        return listing
    known = {**cols.COLUMNS}
    if any(key.startswith(cols.OF_ATTRIBUTE) for key in keys):
        known |= {one.key: one for one in map(cols.of_attribute, fields.attributes)}
    return replace(listing, columns=cols.chosen(keys, known))


def with_filter(listing: Any, query, fields: Fields, parameters: Parameters) -> Any:
    """The list with what the address, or the form of the builder, narrows it to; whichever list it is."""
    problems: list[Problem] = []
    draft = read_draft(query, fields) if is_draft(query) else None
    group = listing.group
    if draft:
        group = draft.group
    else:
        if "where" in query:
            group = _parsed(query["where"], problems)
        plain = linked(query, parameters)
        if plain:
            group = Group(
                ALL, (*group.items, *plain.items) if group.match == ALL else (group, *plain.items)
            )
    left, found = check(group, fields)
    if not draft:  # what is wrong with a form stands beside its fields
        problems += [one.left_out() for one in found]
    return replace(listing, group=left, problems=tuple(problems), draft=draft)


def _parsed(text: str, problems: list[Problem]) -> Group:
    try:
        return parse(text)
    except Unreadable:
        problems.append(
            Problem("", _("The filter of this address cannot be read and was left out."))
        )
        return EVERYBODY
