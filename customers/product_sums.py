"""Add up what of each product was sold and said lately, per team and owner of the customers."""

import datetime
from collections import defaultdict
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from customers.access import visible_customers
from customers.models import MessageReading, Order, OrderLine, Product, ProductSum, Sentiment

Key = tuple[int, int | None, int | None]


@transaction.atomic
def add_up_products() -> None:
    """All sums, anew."""
    today = timezone.now().astimezone(datetime.UTC).date()
    first = today - datetime.timedelta(days=ProductSum.DAYS - 1)
    since = datetime.datetime.combine(first, datetime.time(), datetime.UTC)
    found: dict[Key, dict] = defaultdict(dict)
    for row in [*sold_since(since), *said_since(since)]:
        found[row.pop("product"), row.pop("team"), row.pop("owner")] |= row
    ProductSum.objects.all().delete()
    ProductSum.objects.bulk_create(
        [
            ProductSum(product_id=product, team_id=team, owner_id=owner, **figures)
            for (product, team, owner), figures in found.items()
        ],
        batch_size=500,
    )


def sold_since(since: datetime.datetime):
    lines = OrderLine.objects.filter(
        product__isnull=False, order__occurred_at__gte=since, order__customer__archived_at=None
    )
    sale, back = Q(order__kind=Order.Kind.SALE), Q(order__kind=Order.Kind.RETURN)
    rows = lines.order_by().values(
        "product", team=F("order__customer__team"), owner=F("order__customer__owner")
    )
    sums = rows.annotate(
        sold=Sum("quantity", filter=sale, default=Decimal(0)),
        back=Sum("quantity", filter=back, default=Decimal(0)),
    )
    for row in sums.iterator():
        yield row | {"returned": abs(row.pop("back"))}


def said_since(since: datetime.datetime):
    said = MessageReading.objects.shown().exclude(label="").filter(occurred_at__gte=since)
    rows = said.exclude(interaction__product=None).order_by().values(
        team=F("customer__team"), owner=F("customer__owner"), what=F("interaction__product")
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
