"""Add up what of each product was sold and said lately, per team and owner of the customers."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber, TruncMonth
from django.utils import timezone

from customers.access import visible_customers
from customers.models import (
    MessageReading,
    Order,
    OrderLine,
    Product,
    ProductBuyer,
    ProductMonth,
    ProductSum,
    Sentiment,
)
from customers.models.readings import PRODUCT

MONTHS = 12
AT_ONCE = 1000
NONE = Decimal(0)
SALE, BACK = Q(order__kind=Order.Kind.SALE), Q(order__kind=Order.Kind.RETURN)
WHOSE = {"team": F("order__customer__team"), "owner": F("order__customer__owner")}
Key = tuple[int, int | None, int | None]


def first_of_months(today: datetime.date) -> list[datetime.date]:
    """First days of the last twelve months, oldest first."""
    count = today.year * 12 + today.month - 1
    return [datetime.date(n // 12, n % 12 + 1, 1) for n in range(count - MONTHS + 1, count + 1)]


def add_up_products() -> None:
    """All sums, anew. They are read first: while they are written, nobody else writes on SQLite."""
    today = timezone.now().astimezone(datetime.UTC).date()
    lately = begin_of(today - datetime.timedelta(days=ProductSum.DAYS - 1))
    year = lines_since(begin_of(first_of_months(today)[0]))
    found: dict[Key, dict] = defaultdict(dict)
    for row in [*sold_in(lines_since(lately)), *said_since(lately)]:
        found[row.pop("product"), row.pop("team"), row.pop("owner")] |= row
    buyers = []
    for row in most_of(year):
        found[row["product"], row["team"], row["owner"]]["buyers"] = row["people"]
        buyers.append(buyer_of(row))
    sums = [
        ProductSum(product_id=product, team_id=team, owner_id=owner, **figures)
        for (product, team, owner), figures in found.items()
    ]
    new = {ProductSum: sums, ProductMonth: [*months_of(year)], ProductBuyer: buyers}
    with transaction.atomic():
        for model, rows in new.items():
            model.objects.all().delete()
            model.objects.bulk_create(rows, batch_size=AT_ONCE)


def begin_of(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def lines_since(since: datetime.datetime) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(
        product__isnull=False, order__occurred_at__gte=since, order__customer__archived_at=None
    ).order_by()


def sold_in(lines: QuerySet[OrderLine]) -> Iterator[dict]:
    sums = lines.values("product", **WHOSE).annotate(
        sold=Sum("quantity", filter=SALE, default=NONE),
        back=Sum("quantity", filter=BACK, default=NONE),
    )
    for row in sums.iterator():
        yield row | {"returned": abs(row.pop("back"))}


def months_of(lines: QuerySet[OrderLine]) -> Iterator[ProductMonth]:
    sums = lines.values(
        "product", **WHOSE, first=TruncMonth("order__occurred_at", tzinfo=datetime.UTC)
    ).annotate(
        orders=Count("order", filter=SALE, distinct=True),
        units=Sum("quantity", filter=SALE, default=NONE),
        amount=Sum("base_amount", filter=SALE, default=NONE),
        back=Sum("quantity", filter=BACK, default=NONE),
    )
    for row in sums.iterator():
        yield ProductMonth(
            product_id=row["product"], team_id=row["team"], owner_id=row["owner"],
            month=row["first"].date(), orders=row["orders"], units=row["units"],
            amount=row["amount"], returned=abs(row["back"]),
        )  # fmt: skip


def most_of(lines: QuerySet[OrderLine]) -> Iterator[dict]:
    """Of each product, team and owner those who bought most often, with how many ``people`` there are in all."""
    bought = lines.filter(SALE).values("product", **WHOSE, who=F("order__customer")).annotate(
        bought=Count("order", distinct=True), units=Sum("quantity"), spent=Sum("base_amount"),
        last=Max("order__occurred_at"),
    )  # fmt: skip
    group = [F("product"), *WHOSE.values()]
    order = [F("bought").desc(), F("spent").desc(), F("who").asc()]
    placed = bought.annotate(
        place=Window(RowNumber(), partition_by=group, order_by=order),
        people=Window(Count("order__customer"), partition_by=group),
    )
    return placed.filter(place__lte=ProductBuyer.MOST).iterator()


def buyer_of(row: dict) -> ProductBuyer:
    return ProductBuyer(
        product_id=row["product"], customer_id=row["who"], bought=row["bought"],
        units=row["units"], spent=row["spent"], last=row["last"],
    )  # fmt: skip


def said_since(since: datetime.datetime):
    said = MessageReading.objects.shown().exclude(label="").filter(occurred_at__gte=since)
    rows = said.annotate(what=PRODUCT).exclude(what=None).order_by().values(
        "what", team=F("customer__team"), owner=F("customer__owner")
    )  # fmt: skip
    sums = rows.annotate(
        messages=Count("pk"), negative=Count("pk", filter=Q(label=Sentiment.NEGATIVE))
    )
    for row in sums.iterator():
        yield row | {"product": row.pop("what")}


def visible_sums(user) -> QuerySet[ProductSum]:
    """Those of the customers somebody may see; of nobody known, of managers' and admins'."""
    return ProductSum.objects.filter(visible_customers(user))


def sums_of(user, products: list[Product]) -> None:
    """Each product gets its ``figures``; one query."""
    rows = visible_sums(user).filter(product__in=[one.pk for one in products]).order_by()
    sums = rows.values("product").annotate(
        **{f"{name}_": Sum(name) for name in ("sold", "returned", "messages", "negative")}
    )
    found = {row["product"]: row for row in sums}
    for one in products:
        row = found.get(one.pk, {})
        one.sold, one.returned = row.get("sold_", Decimal(0)), row.get("returned_", Decimal(0))
        one.messages, one.negative = row.get("messages_", 0), row.get("negative_", 0)
        one.returned_share = float(one.returned / one.sold) if one.sold else None
        one.negative_share = one.negative / one.messages if one.messages else None
