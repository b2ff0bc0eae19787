"""Where the values of fields stand of which an order or a conversation is asked, beside plain columns (see sources)."""

import datetime
import operator
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Q

from customers.access import NOTHING
from customers.filtering.operators import Dated
from customers.filtering.sources import Attribute, Column, Related
from customers.models import Attachment, Interaction, MessageReading, OrderLine, Product

MOST_PRODUCTS = 500  # whose names hold a word


@dataclass(frozen=True)
class Number:
    """The number of an order, by how it begins, as typed or in capitals: so the index serves it."""

    def holds(self, lookup: str, value: str) -> Q:
        return beginning(value) | beginning(value.upper())

    def missing(self) -> Q:
        return NOTHING


def beginning(text: str) -> Q:
    """SQLite takes an index for a range of values alone."""
    if connection.vendor == "sqlite":
        return Q(number__gte=text, number__lt=f"{text}\U0010ffff")
    return Q(number__startswith=text)


@dataclass(frozen=True)
class Lines:
    """The products of an order."""

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        lines = OrderLine.objects.filter(product__in=value).order_by()
        return Q(pk__in=lines.values("order"))

    def missing(self) -> Q:
        return NOTHING


@dataclass(frozen=True)
class NamedLines:
    """The products of an order by their names and SKUs. They are looked up first: how many lines each has is known to
    the database, of a condition on their names it is not."""

    def holds(self, lookup: str, value: str) -> Q:
        named = Q(name__icontains=value) | Q(sku__iexact=value)
        products = Product.objects.filter(named).order_by("pk").values_list("pk", flat=True)
        return Lines().holds("in", list(products[:MOST_PRODUCTS]))

    def missing(self) -> Q:
        return NOTHING


@dataclass(frozen=True)
class Read:
    """What was read out of a message as a code; said that there is one, the index of those that have one is used."""

    path: str

    def holds(self, lookup: str, value) -> Q:
        return Q(**{f"{self.path}__{lookup}": value}) & ~Q(**{self.path: ""})

    def missing(self) -> Q:
        return Q(**{f"{self.path}__isnull": True}) | Q(**{self.path: ""})


@dataclass(frozen=True)
class Words:
    """The subject and the text of a message."""

    def holds(self, lookup: str, value: str) -> Q:
        return Q(**{f"text__{lookup}": value}) | Q(**{f"subject__{lookup}": value})

    def missing(self) -> Q:
        return Q(text="", subject="")


@dataclass(frozen=True)
class Waits:
    """Whether a customer's message waits for an answer."""

    def holds(self, lookup: str, value) -> Q:
        return Q(reading__inbound=True, reading__answered_at=None)

    def missing(self) -> Q:
        return NOTHING


@dataclass(frozen=True)
class HasFile:
    def holds(self, lookup: str, value) -> Q:
        return Q(pk__in=Attachment.objects.order_by().values("interaction"))

    def missing(self) -> Q:
        return NOTHING


@dataclass(frozen=True)
class Theirs:
    """How many records belong to the customer of a fact, or what they come to.

    Added up for all customers at once: many facts have the same one. Of a fact without a customer nothing holds.
    """

    records: Related

    def holds(self, lookup: str, value, since: datetime.datetime | None = None) -> Q:
        rows = self.records.since(since).exclude(customer=None).values("customer")
        fits = rows.annotate(figure=self.records.figure).filter(**{f"figure__{lookup}": value})
        found = Q(customer__in=fits.values("customer"))
        if OF_NOTHING[lookup](0, value):
            found |= Q(customer__isnull=False) & ~Q(customer__in=rows)
        return found

    def missing(self) -> Q:
        return Q(customer=None)


# Whether it holds of customers who have no such record.
OF_NOTHING = {"gte": operator.ge, "lte": operator.le, "exact": operator.eq}


def behind(source: object) -> object:
    """Where a value of a customer stands, as seen from an order or a conversation."""
    match source:
        case Column():
            return replace(source, path=f"customer__{source.path}")
        case Attribute():
            return replace(source, path=f"customer__{source.path}")
        case Dated():
            return replace(source, source=behind(source.source))
        case Related():
            return Theirs(source)
    raise TypeError(source)


@dataclass(frozen=True)
class About:
    """The product that a message is said to be about, or else that its words name; each half is found by an index."""

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        told = Interaction.objects.filter(product__in=value).order_by().values("pk")
        named = MessageReading.objects.filter(named_product__in=value, interaction__product=None)
        return Q(pk__in=told.union(named.order_by().values("pk")))

    def missing(self) -> Q:
        return NOTHING
