"""Whom an address selects out of a list: those that were ticked, or all that fit."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers import listing as lists
from customers.acting import MOST
from customers.filtering import Fields, sentence_of
from customers.listing import Listing
from customers.models import Company, Customer, CustomerQuerySet, SavedView
from customers.paging import LARGEST_ID
from customers.wording import amount

SHOWN = 5  # by name


@dataclass
class Selection:
    """Whom an address selects: ``id`` of each, or ``all=1`` with the list they stand in."""

    user: object
    listing: Listing
    fields: Fields
    ids: list[int]
    everybody: bool

    @cached_property
    def customers(self) -> CustomerQuerySet:
        visible = Customer.objects.visible_to(self.user)
        if self.everybody:
            return self.listing.choose(visible, self.fields)
        return visible.filter(pk__in=self.ids)

    @cached_property
    def chosen(self) -> list[int]:
        """One more than can be acted on shows that there are too many."""
        return sorted(self.customers.order_by().values_list("pk", flat=True)[: MOST + 1])

    @property
    def people(self) -> list[int]:
        return self.chosen

    @property
    def title(self) -> str:
        return _("Change several customers")

    @property
    def list_title(self) -> str:
        return _("Customers")

    @property
    def said(self) -> str:
        return people_said(len(self.chosen))

    people_said = said

    @property
    def names(self) -> list[str]:
        first = self.customers.order_by("name", "pk")[:SHOWN]
        return [" · ".join(filter(None, [one.name, one.company])) for one in first]

    @property
    def more(self) -> str:
        left = len(self.chosen) - SHOWN
        return _("and %(more)s more") % {"more": amount(left)} if left > 0 else ""

    @property
    def sentence(self) -> str:
        return sentence_of(self.listing.group, self.fields) if self.everybody else ""

    @property
    def back(self) -> str:
        return self.listing.address()

    @property
    def problem(self) -> str:
        if not self.chosen:
            return _("Nobody is selected. Go back and tick customers, or select all that fit.")
        if len(self.chosen) > MOST:
            words = _(
                "More than %(n)s customers fit. Narrow the list: so many can be changed at once."
            )
            return words % {"n": amount(MOST)}
        return ""


def selection_of(user, query) -> Selection:
    company = Company.current()
    fields = Fields(user, company.base_currency)
    views = SavedView.objects.visible_to(user).filter(page=SavedView.Page.CUSTOMERS)
    number = query.get("view", "")
    view = views.filter(pk=int(number)).first() if _is_id(number) else None
    listing = lists.read(query, fields, view)
    return Selection(user, listing, fields, ids_of(query), query.get("all") == "1")


def people_said(count: int) -> str:
    return ngettext("%(n)s customer", "%(n)s customers", count) % {"n": amount(count)}


def ids_of(query) -> list[int]:
    """Of what was ticked."""
    return [int(text) for text in query.getlist("id")[:500] if _is_id(text)]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= LARGEST_ID
