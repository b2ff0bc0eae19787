"""Any list as a table for a file: which one an address means, its columns, its rows as its reader may see them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers import list_rows, order_listing, talk_listing
from customers.fact_listing import FactListing, Kind, read, view_of
from customers.filtering import Fields, in_words, sentence_of
from customers.models import Company
from customers.selecting import Selection, ids_of, selection_of

OF = "of"  # the parameter that names the list, where it is not that of the customers


class Table(Protocol):
    name: str  # of the file
    page: str  # the name of the list's address

    @property
    def title(self) -> str: ...
    @property
    def found(self) -> QuerySet: ...
    def head(self) -> list[str]: ...
    def rows(self, most: int) -> Iterator[Iterable[Any]]: ...
    def sentence(self) -> str: ...


@dataclass
class CustomerTable:
    selection: Selection
    name = page = "customers"

    @property
    def title(self) -> str:
        return _("Customers")

    @property
    def found(self) -> QuerySet:
        return self.selection.customers

    def head(self) -> list[str]:
        return list_rows.head_of(self.selection)

    def rows(self, most: int) -> Iterator[Iterable[Any]]:
        return list_rows.rows_of(self.selection, most)

    def sentence(self) -> str:
        one = self.selection
        return sentence_of(one.listing.group, one.fields) if one.everybody else ""


@dataclass
class FactTable:
    user: Any
    kind: Kind
    listing: FactListing
    fields: Fields
    ids: list[int] | None = None  # those that were ticked; None: all that fit

    @property
    def name(self) -> str:
        return self.kind.page

    page = name

    @property
    def title(self) -> str:
        return str(self.kind.title)

    @property
    def found(self) -> QuerySet:
        if self.ids is not None:
            return self.kind.rows().visible_to(self.user).filter(pk__in=self.ids)
        return self.listing.choose(self.user, self.fields)

    def head(self) -> list[str]:
        return LISTS[self.kind.page].head()

    def rows(self, most: int) -> Iterator[Iterable[Any]]:
        return LISTS[self.kind.page].rows(self.found, most, list_rows.CHUNK)

    def sentence(self) -> str:
        if self.ids is not None:
            return ""
        group = self.listing.group
        asked = [self.listing.search, group and in_words(group, self.fields)]
        said = " · ".join(filter(None, asked)) or _("All")
        return _("%(what)s: %(value)s") % {"what": self.title, "value": said}


LISTS: dict[str, Any] = {"orders": order_listing, "interactions": talk_listing}
KINDS = {"orders": order_listing.ORDERS, "interactions": talk_listing.INTERACTIONS}


def table_of(user, query) -> Table:
    kind = KINDS.get(query.get(OF, ""))
    if kind is None:
        return CustomerTable(selection_of(user, query))
    fields = kind.fields(user, Company.current().base_currency)
    listing = read(kind, query, fields, view_of(kind, user, query))
    ticked = "id" in query and query.get("all") != "1"
    ids = ids_of(query) if ticked else None
    return FactTable(user, kind, listing, fields, ids)
