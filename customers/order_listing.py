"""The list of orders: what it can be asked, and what stands in it."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from customers.columns import Column, at
from customers.countries import country_name
from customers.fact_listing import NEWEST, Kind, related
from customers.filtering import EVERYBODY, Condition, Group
from customers.filtering.fact_fields import ORDER_LINKS, OrderFields
from customers.filtering.fact_sources import beginning
from customers.filtering.tree import ALL
from customers.models import Customer, Order, OrderLine
from customers.order_numbers import written_out
from customers.paging import COUNT_CAP, Ids, Sort
from customers.searching import matching
from customers.wording import amount, date_of

SHORTEST_NUMBER = 3  # characters; with fewer, half of all numbers would begin so


def found(text: str, user) -> Q:
    """By how its number begins, by its digits, or by what its customer is called; a number finds no other orders of its
    customer."""
    people = Customer.objects.visible_to(user).filter(matching(text)).order_by()
    of_people = Q(customer__in=people.values("pk"))
    numbers = beginning(text) | beginning(text.upper()) | Q(number__in=written_out(text))
    numbered = Order.objects.filter(numbers).order_by()
    if len(text) < SHORTEST_NUMBER or not numbered.exists():
        return of_people
    # One condition over both tables would leave the database without an index for either.
    both = numbered.values("pk").union(Order.objects.filter(of_people).order_by().values("pk"))
    return Q(pk__in=both)


def ready() -> list[tuple[str, Group]]:
    def of(*conditions: Condition) -> Group:
        return Group(ALL, conditions)

    return [
        (_("All"), EVERYBODY),
        (_("Mine"), of(Condition("owner", "in", ("me",)))),
        (_("Last 7 days"), of(Condition("date", "last", ("7",)))),
        (_("Last 30 days"), of(Condition("date", "last", ("30",)))),
        (_("Last 90 days"), of(Condition("date", "last", ("90",)))),
        (_("Returns and cancellations"), of(Condition("kind", "in", ("return", "cancellation")))),
    ]


COLUMNS = (
    Column("number", pgettext_lazy("of an order", "Number"), 136),
    Column("customer", gettext_lazy("Customer"), 168),
    Column("date", gettext_lazy("Date"), 160, sort="date"),
    Column("kind", pgettext_lazy("of an order", "Kind"), 112),
    Column("channel", gettext_lazy("Channel"), 112),
    Column("items", gettext_lazy("Items"), 72, right=True),
    Column("amount", gettext_lazy("Amount"), 124, sort="amount", right=True),
    Column("owner", gettext_lazy("Owner"), 120, value=at("customer", "owner")),
    Column("team", gettext_lazy("Team"), 120, value=at("customer", "team")),
    Column("company", gettext_lazy("Company"), 150, value=at("customer", "company")),
    Column("country", gettext_lazy("Country"), 120, "country", at("customer", "country")),
    Column("segment", gettext_lazy("Segment"), 128, "seg", at("customer", "score", "segment")),
    Column("risk", gettext_lazy("Churn risk"), 104, "percent", at("customer", "score", "churn_risk"), right=True),
    Column("source", gettext_lazy("Source"), 112, value=at("source")),
)  # fmt: skip
ORDERS = Kind(
    page="orders",
    title=gettext_lazy("Orders"),
    rows=lambda: Order.objects.all(),
    find=found,
    fields=OrderFields,
    links=ORDER_LINKS,
    sorts={"date": NEWEST, "amount": Sort("base_amount", True, Decimal, ties_follow=True, nullable=False)},
    orders=(
        ("-date", gettext_lazy("Newest first")), ("date", gettext_lazy("Oldest first")),
        ("-amount", gettext_lazy("Largest amount first")), ("amount", gettext_lazy("Smallest amount first")),
    ),
    columns={column.key: column for column in COLUMNS},
    usual=("number", "customer", "date", "kind", "channel", "items", "amount", "owner"),
    ready=ready,
)  # fmt: skip


def counted(orders: QuerySet[Order]) -> dict[str, Any]:
    """How many, which, worth how much, what of it went back; up to the cap, so that millions cost the same."""
    back = ~Q(kind=Order.Kind.SALE)
    rows = orders.order_by().values("pk", "kind", "base_amount")[:COUNT_CAP]
    return rows.aggregate(
        count=Count("pk"),
        ids=Ids("pk"),
        sales=Count("pk", filter=~back),
        sold=Sum("base_amount", filter=~back),
        backs=Count("pk", filter=back),
        returned=Sum("base_amount", filter=back),
    )


def with_rows(orders: QuerySet[Order], columns: Iterable[str]) -> QuerySet[Order]:
    return orders.select_related(*related(columns))


def fill_in(orders: list[Order]) -> None:
    """How many items each has, and where its customer's page shows it."""
    lines = OrderLine.objects.filter(order__in=[one.pk for one in orders]).order_by()
    items = dict(lines.values("order").annotate(n=Count("pk")).values_list("order", "n"))
    for one in orders:
        one.items = items.get(one.pk, 0)
        day = date_of(one.occurred_at).isoformat()
        place = urlencode({"timeline": "orders", "to": day})
        one.url = f"{one.customer.get_absolute_url()}?{place}#order-{one.pk}"


CHANGE = gettext_lazy("Change several orders")
MOST = 5000  # at once


def how_many(count: int, or_more: bool = False) -> str:
    words = ngettext("%(n)s order", "%(n)s orders", count)
    return words % {"n": f"{amount(count)}{'+' if or_more else ''}"}


def in_brief(one: Order) -> str:
    return f"{one.number} · {one.customer.name}"


def head() -> list[str]:
    return [
        "id", pgettext("of an order", "Number"), pgettext("of an order", "Kind"), _("When"), _("Customer"),
        _("Customer's id"), _("Owner"), _("Team"), _("Country"), _("Source"), _("Channel"), _("Currency"),
        _("Amount"), _("Amount in base currency"), _("Items"),
    ]  # fmt: skip


def rows(orders: QuerySet[Order], most: int, chunk: int) -> Iterator[Iterable[Any]]:
    """As the lines of a file, in the order of their ids."""
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    items = Subquery(lines.annotate(n=Count("pk")).values("n"))
    found = orders.annotate(items=items).select_related("customer__owner", "customer__team")
    for one in found.order_by("pk")[:most].iterator(chunk_size=chunk):
        person = one.customer
        yield (
            one.pk, one.number, one.get_kind_display(), one.occurred_at, person.name, person.pk,
            person.owner and str(person.owner), person.team and str(person.team), country_name(person.country),
            one.source, one.channel, one.currency, one.amount, one.base_amount, one.items or 0,
        )  # fmt: skip
