"""Where a field's value stands, as the database is asked about it.

Every answer is yes or no, never "unknown": a missing value is not at least 5, and it is not 5 either. So a condition
and its opposite divide the customers between them, whatever stands around them.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Aggregate,
    BooleanField,
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    lookups,
)
from django.db.models.functions import Coalesce, Round, Substr
from django.utils import timezone

from customers.access import NOTHING
from customers.models import (
    Change,
    Customer,
    CustomerMonth,
    CustomerSubject,
    CustomerVoice,
    Follow,
    Order,
    OrderLine,
    Sentiment,
)
from customers.models.overdue import days_overdue

A_YEAR = datetime.timedelta(days=365)

LOOKUPS = {
    "exact": lookups.Exact,
    "iexact": lookups.IExact,
    "icontains": lookups.IContains,
    "istartswith": lookups.IStartsWith,
    "gt": lookups.GreaterThan,
    "gte": lookups.GreaterThanOrEqual,
    "lt": lookups.LessThan,
    "lte": lookups.LessThanOrEqual,
    "in": lookups.In,
}


@dataclass(frozen=True)
class Column:
    """A column of the customer, or of what belongs to each customer once; texts are empty rather than missing."""

    path: str
    text: bool = False

    def holds(self, lookup: str, value) -> Q:
        return Q(**{f"{self.path}__{lookup}": value})

    def missing(self) -> Q:
        none = Q(**{f"{self.path}__isnull": True})
        return none | Q(**{self.path: ""}) if self.text else none


class AttributeOf(Func):
    """A custom attribute where it has the type it should have, null elsewhere."""

    # What the databases call the types, and what the values become.
    TYPES = {
        "number": ("'number'", "double precision", "'integer', 'real'"),
        "boolean": ("'boolean'", "boolean", "'true', 'false'"),
        "text": ("'string'", "text", "'text'"),
    }

    def __init__(self, name: str, kind: str, path: str = "attributes") -> None:
        self.name, self.kind, self.path = name, kind, path
        fields = {"number": FloatField(), "boolean": BooleanField(), "text": CharField()}
        super().__init__(F(path), output_field=fields[kind])

    def __repr__(self) -> str:
        return f"AttributeOf({self.name}, {self.kind})"

    @property
    def identity(self):
        return (self.__class__, self.name, self.kind, self.path)

    def as_sql(self, compiler, connection, **extra):
        """SQLite's."""
        column, params = compiler.compile(self.source_expressions[0])
        path = f'$."{self.name}"'
        sql = (
            f"CASE WHEN JSON_TYPE({column}, %s) IN ({self.TYPES[self.kind][2]})"
            f" THEN JSON_EXTRACT({column}, %s) END"
        )
        return self._filled(sql), (*params, path, *params, path)

    def as_postgresql(self, compiler, connection, **extra):
        column, params = compiler.compile(self.source_expressions[0])
        theirs, becomes, __ = self.TYPES[self.kind]
        sql = (
            f"CASE WHEN jsonb_typeof({column} -> %s) = {theirs}"
            f" THEN ({column} ->> %s)::{becomes} END"
        )
        return self._filled(sql), (*params, self.name, *params, self.name)

    def _filled(self, sql: str) -> str:
        """A text without a character is no value: it would come before every date."""
        return f"NULLIF({sql}, '')" if self.kind == "text" else sql


@dataclass(frozen=True)
class Attribute:
    """A custom attribute; one that is an empty text is missing. ``path`` leads to the customer's attributes."""

    name: str
    kind: str  # number, boolean or text
    path: str = "attributes"

    @property
    def _value(self) -> AttributeOf:
        return AttributeOf(self.name, self.kind, self.path)

    def holds(self, lookup: str, value) -> Q:
        return Q(LOOKUPS[lookup](self._value, value))

    def in_year(self, lookup: str, value: str) -> Q:
        """Of a day (2026-05-31), its month and day."""
        return Q(LOOKUPS[lookup](Substr(self._value, 6, 5), value))

    def missing(self) -> Q:
        return Q(lookups.IsNull(self._value, True))


@dataclass(frozen=True)
class Overdue:
    """By how many days the next order is overdue; nothing where it is not."""

    def holds(self, lookup: str, value) -> Q:
        return ~self.missing() & Q(LOOKUPS[lookup](days_overdue(), value))

    def missing(self) -> Q:
        return Q(lookups.Exact(days_overdue(), 0))


@dataclass(frozen=True)
class Tags:
    """What a customer may have several of; ``of`` names the customer of what is filtered."""

    of: str = "pk"

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        return Q(Exists(self._of_each().filter(tag__in=value)))

    def missing(self) -> Q:
        return ~Q(Exists(self._of_each()))

    def _of_each(self) -> QuerySet:
        return Customer.tags.through.objects.filter(customer=OuterRef(self.of))


@dataclass(frozen=True)
class FirstMonth:
    """The month of the first order, by its first day; months are those of UTC, as in the stored totals."""

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        found = Q(pk__in=[])
        for first in value:
            start = datetime.datetime.combine(first, datetime.time(), datetime.UTC)
            end = (start + datetime.timedelta(days=32)).replace(day=1)
            found |= Q(totals__first_order_at__gte=start, totals__first_order_at__lt=end)
        return found

    def missing(self) -> Q:
        return Q(totals__first_order_at__isnull=True)


@dataclass(frozen=True)
class OrderMonths:
    """The months in which a customer ordered, by their first day."""

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        return Q(Exists(self._of_each().filter(month__in=value)))

    def missing(self) -> Q:
        return ~Q(Exists(self._of_each()))

    def _of_each(self) -> QuerySet:
        return CustomerMonth.objects.filter(customer=OuterRef("pk"), orders__gt=0)


@dataclass(frozen=True)
class Related:
    """How many records belong to a customer, or what they come to: those since a moment, where they have a time.

    ``rows`` gives the records; each is looked up in the index that begins with its customer.
    """

    rows: Callable[[], QuerySet]
    amount: str = ""  # the column to add up; empty: they are counted
    time: str = "occurred_at"

    def since(self, moment: datetime.datetime | None) -> QuerySet:
        rows = self.rows().order_by()
        return rows.filter(**{f"{self.time}__gte": moment}) if moment else rows

    @property
    def figure(self) -> Aggregate | Func:
        return Round(Sum(self.amount), 2) if self.amount else Count("pk")

    def holds(self, lookup: str, value, since: datetime.datetime | None = None) -> Q:
        rows = self.since(since).filter(customer=OuterRef("pk"))
        # Whether there is one at all is answered by the first that is found.
        if not self.amount and (lookup, value) in (("gte", 1), ("gt", 0)):
            return Q(Exists(rows))
        if not self.amount and (lookup, value) in (("lte", 0), ("lt", 1), ("exact", 0)):
            return ~Q(Exists(rows))
        one = rows.values("customer").annotate(figure=self.figure).values("figure")
        of = DecimalField(max_digits=16, decimal_places=2) if self.amount else IntegerField()
        nothing = Value(0, output_field=of)
        return Q(LOOKUPS[lookup](Coalesce(Subquery(one), nothing, output_field=of), value))


@dataclass(frozen=True)
class Subject:
    """What a customer has written about within a year; ``unhappy``: in a negative message."""

    kind: str
    unhappy: bool = False

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        return Q(pk__in=self._said().filter(code__in=value).values("customer"))

    def missing(self) -> Q:
        return ~Q(pk__in=self._said().values("customer"))

    def _said(self) -> QuerySet:
        moment = "negative_at__gte" if self.unhappy else "last_at__gte"
        since = timezone.now() - A_YEAR
        return CustomerSubject.objects.filter(kind=self.kind, **{moment: since})


@dataclass(frozen=True)
class WorstFeeling:
    """The worst of a customer's messages of the last so many days."""

    days: int

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        found, better = NOTHING, Q()
        for label in Sentiment.values:  # the worst first
            here = self._felt(label)
            if label in value:
                found |= better & here
            better &= ~here
        return found

    def missing(self) -> Q:
        return ~(self._felt("negative") | self._felt("neutral") | self._felt("positive"))

    def _felt(self, label: str) -> Q:
        since = timezone.now() - datetime.timedelta(days=self.days)
        return Q(pk__in=CustomerVoice.objects.filter(**{f"{label}_at__gte": since}).values("pk"))


@dataclass(frozen=True)
class HandedOver:
    """What change sets gave to somebody: records of a model of which they changed who has them."""

    model: str
    column: str

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        changes = Change.objects.filter(model=self.model, previous__has_key=self.column)
        return Q(pk__in=changes.filter(change_set__in=value).order_by().values("object_id"))

    def missing(self) -> Q:
        return NOTHING


@dataclass(frozen=True)
class OfReader:
    """What depends on who asks: ``of`` makes a source for them, which looks at customers, or from what is filtered at
    the customer ``behind`` it."""

    of: Callable[..., Any]
    behind: str = ""  # "customer__"

    def for_reader(self, user) -> Any:
        return self.of(user, self.behind)


@dataclass(frozen=True)
class Organisation:
    """The one a customer belongs to, by its name; a reader who may not see it does not find anybody by it."""

    user: Any
    behind: str = ""

    def holds(self, lookup: str, value) -> Q:
        seen = Customer.objects.visible_to(self.user).filter(**{f"name__{lookup}": value})
        return ~self.missing() & Q(Exists(seen.filter(pk=OuterRef(f"{self.behind}parent"))))

    def missing(self) -> Q:
        return Q(**{f"{self.behind}parent__isnull": True})


@dataclass(frozen=True)
class Followed:
    """Whether the reader follows the customer."""

    user: Any
    behind: str = ""

    def holds(self, lookup: str, value) -> Q:
        followed = Follow.objects.filter(user=self.user).order_by().values("customer")
        return Q(**{f"{self.behind}pk__in": followed})

    def missing(self) -> Q:
        return NOTHING


@dataclass(frozen=True)
class Bought:
    """Products that were sold to a customer, ever."""

    def holds(self, lookup: str, value) -> Q:
        assert lookup == "in"
        lines = OrderLine.objects.filter(product__in=value, order__kind=Order.Kind.SALE)
        lines = lines.exclude(order__customer=None).order_by()
        return Q(pk__in=lines.values("order__customer"))

    def missing(self) -> Q:
        return NOTHING
