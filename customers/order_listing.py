"""The list of orders: what it can be asked, and what stands in it."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from customers.countries import country_name
from customers.filtering import Fields, options
from customers.flat_listing import (
    NEWEST,
    NUMBER,
    TEXT,
    TIMES,
    Filter,
    Kind,
    amount_of,
    of_customer,
    one_of,
)
from customers.models import Customer, Order, OrderLine, Product
from customers.paging import COUNT_CAP, Ids, Sort
from customers.searching import matching
from customers.wording import date_of

SHORTEST_NUMBER = 3  # characters; with fewer, half of all numbers would begin so
KEPT, LOOKED_AT, MOST, MOST_PRODUCTS = 600, 10_000, 200, 500


def found(text: str, user) -> Q:
    """By how its number begins, or by what its customer is called; a number finds no other orders of its customer."""
    people = Customer.objects.visible_to(user).filter(matching(text)).order_by()
    of_people = Q(customer__in=people.values("pk"))
    numbered = Order.objects.filter(beginning(text) | beginning(text.upper())).order_by()
    if len(text) < SHORTEST_NUMBER or not numbered.exists():
        return of_people
    # One condition over both tables would leave the database without an index for either.
    both = numbered.values("pk").union(Order.objects.filter(of_people).order_by().values("pk"))
    return Q(pk__in=both)


def beginning(text: str) -> Q:
    """SQLite takes an index for a range of values alone."""
    if connection.vendor == "sqlite":
        return Q(number__gte=text, number__lt=f"{text}\U0010ffff")
    return Q(number__startswith=text)


def of_product(words: str, user) -> Q:
    """The products are looked up first: how many lines each has is known, of a condition on their names it is not."""
    named = Product.objects.filter(Q(name__icontains=words) | Q(sku__iexact=words)).order_by("pk")
    products = list(named.values_list("pk", flat=True)[:MOST_PRODUCTS])
    lines = OrderLine.objects.filter(product__in=products).order_by()
    return Q(pk__in=lines.values("order"))


def heard_of(column: str):
    """What stands in the column lately, so that millions are not gone through."""

    def choices(fields: Fields) -> list[tuple[str, str]]:
        key = f"orders:{column}:{fields.user.pk}"
        values = cache.get(key)
        if values is None:
            newest = Order.objects.visible_to(fields.user).order_by("-pk")
            latest = newest.values_list(column, flat=True)[:LOOKED_AT]
            values = sorted({value for value in latest if value})[:MOST]
            cache.set(key, values, KEPT)
        return [(value, value) for value in values]

    return choices


def ready() -> list[tuple[str, dict[str, str]]]:
    return [
        (_("All"), {}),
        (_("Mine"), {"owner": "me"}),
        (_("Last 7 days"), {"days": "7"}),
        (_("Last 30 days"), {"days": "30"}),
        (_("Last 90 days"), {"days": "90"}),
        (_("Returns and cancellations"), {"kind": "back"}),
    ]


KINDS = [
    ("sale", gettext_lazy("Orders")),
    ("return", gettext_lazy("Returns")),
    ("cancellation", gettext_lazy("Cancellations")),
    ("back", gettext_lazy("Returns and cancellations")),
]


def of_kind(code: str, user) -> Q:
    return ~Q(kind=Order.Kind.SALE) if code == "back" else Q(kind=code)


ORDERS = Kind(
    page="orders",
    title=gettext_lazy("Orders"),
    rows=lambda: Order.objects.all(),
    find=found,
    filters=(
        *TIMES,
        Filter("kind", pgettext_lazy("of an order", "Kind"), of_kind, one_of(dict(KINDS)), choices=lambda f: KINDS),
        Filter("amount_from", gettext_lazy("Amount from"), lambda v, u: Q(base_amount__gte=v), amount_of, NUMBER),
        Filter("amount_to", gettext_lazy("Amount up to"), lambda v, u: Q(base_amount__lte=v), amount_of, NUMBER),
        Filter("product", gettext_lazy("Product"), of_product, drawn=TEXT),
        Filter("channel", gettext_lazy("Channel"), lambda v, u: Q(channel=v), choices=heard_of("channel")),
        Filter("source", gettext_lazy("Source"), lambda v, u: Q(source=v), choices=heard_of("source")),
        *of_customer(options.countries),
    ),
    sorts={"date": NEWEST, "amount": Sort("base_amount", True, Decimal, ties_follow=True, nullable=False)},
    orders=(
        ("-date", gettext_lazy("Newest first")), ("date", gettext_lazy("Oldest first")),
        ("-amount", gettext_lazy("Largest amount first")), ("amount", gettext_lazy("Smallest amount first")),
    ),
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


def with_rows(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related("customer", "customer__owner")


def fill_in(orders: list[Order]) -> None:
    """How many items each has, and where its customer's page shows it."""
    lines = OrderLine.objects.filter(order__in=[one.pk for one in orders]).order_by()
    items = dict(lines.values("order").annotate(n=Count("pk")).values_list("order", "n"))
    for one in orders:
        one.items = items.get(one.pk, 0)
        day = date_of(one.occurred_at).isoformat()
        place = urlencode({"timeline": "orders", "to": day})
        one.url = f"{one.customer.get_absolute_url()}?{place}#order-{one.pk}"


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
