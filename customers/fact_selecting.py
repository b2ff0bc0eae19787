"""Which orders or conversations an address selects out of a list, and so whose they are."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.fact_listing import FactListing, read, view_of
from customers.filtering import Fields, sentence_of
from customers.list_tables import KINDS, LISTS
from customers.models import Company, Customer, CustomerQuerySet
from customers.selecting import SHOWN, ids_of, people_said
from customers.wording import amount


@dataclass
class FactSelection:
    """``id`` of each, or ``all=1`` with the list they stand in. What is done, is done with them or their customers."""

    user: object
    listing: FactListing
    fields: Fields
    ids: list[int]
    everybody: bool

    @property
    def kind(self):
        return self.listing.kind

    @cached_property
    def found(self) -> QuerySet:
        if self.everybody:
            return self.listing.choose(self.user, self.fields)
        return self.kind.rows().visible_to(self.user).filter(pk__in=self.ids)

    @cached_property
    def chosen(self) -> list[int]:
        """One more than can be acted on shows that there are too many."""
        return sorted(self.found.order_by().values_list("pk", flat=True)[: self.most + 1])

    @property
    def most(self) -> int:
        return LISTS[self.kind.page].MOST

    @cached_property
    def rows(self) -> QuerySet:
        """The same by their keys."""
        return self.kind.rows().filter(pk__in=self.chosen)

    @cached_property
    def customers(self) -> CustomerQuerySet:
        of_them = self.rows.order_by().values("customer")
        return Customer.objects.visible_to(self.user).filter(pk__in=of_them)

    @cached_property
    def people(self) -> list[int]:
        return sorted(self.customers.order_by().values_list("pk", flat=True))

    @property
    def problem(self) -> str:
        if not self.chosen:
            return _("Nothing is selected. Go back and tick rows, or select all that fit.")
        if len(self.chosen) > self.most:
            words = _("More than %(n)s fit. Narrow the list: so many can be changed at once.")
            return words % {"n": amount(self.most)}
        return ""

    @property
    def title(self) -> str:
        return str(LISTS[self.kind.page].CHANGE)

    @property
    def list_title(self) -> str:
        return str(self.kind.title)

    @property
    def said(self) -> str:
        """``12 orders of 7 customers``."""
        rows = LISTS[self.kind.page].how_many(len(self.chosen))
        return _("%(rows)s of %(customers)s") % {"rows": rows, "customers": self.people_said}

    @property
    def people_said(self) -> str:
        return people_said(len(self.people))

    @property
    def names(self) -> list[str]:
        rows = self.rows.select_related("customer").order_by("pk")[:SHOWN]
        return [LISTS[self.kind.page].in_brief(row) for row in rows]

    @property
    def more(self) -> str:
        left = len(self.chosen) - SHOWN
        words = pgettext("of orders or conversations", "and %(more)s more")
        return words % {"more": amount(left)} if left > 0 else ""

    @property
    def sentence(self) -> str:
        return sentence_of(self.listing.group, self.fields) if self.everybody else ""

    @property
    def back(self) -> str:
        return self.listing.address()


def fact_selection_of(user, of: str, query) -> FactSelection:
    kind = KINDS[of]
    fields = kind.fields(user, Company.current().base_currency)
    listing = read(kind, query, fields, view_of(kind, user, query))
    return FactSelection(user, listing, fields, ids_of(query), query.get("all") == "1")
