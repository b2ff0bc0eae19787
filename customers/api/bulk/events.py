"""Rows of events: browsing and other behaviour."""

from collections.abc import Mapping

from rest_framework import serializers
from rest_framework.fields import Field

from customers.api.bulk.batch import Batch
from customers.api.bulk.fields import MomentField, SourceField
from customers.api.bulk.references import (
    CustomerReference,
    find_customers,
    find_products,
    no_customer,
    no_product,
)
from customers.api.bulk.taking import Kind, Pair
from customers.api.serializers.events import EventSerializer
from customers.api.texts import KeyField, TextField
from customers.models import ChangeSet
from customers.upserting import EventRow, Written, add_events, event_key, named_event_key

LONGEST = 2**31 - 1


class EventRowSerializer(serializers.Serializer):
    customer = CustomerReference()
    kind = TextField(
        max_length=30, help_text="page, product_view, search, cart or a word of your own."
    )
    subject = TextField(
        max_length=200, allow_blank=True, default="", help_text="The page, or the words searched."
    )
    product = KeyField(
        max_length=100, allow_null=True, default=None, help_text="SKU; must be known."
    )
    seconds = serializers.IntegerField(
        min_value=0, max_value=LONGEST, allow_null=True, default=None
    )
    occurred_at = MomentField()
    source = SourceField(default="api")
    key = KeyField(
        max_length=255,
        allow_null=True,
        default=None,
        help_text="Your id for the event: sent twice, it is stored once. A UUID counts as it is, any other text within"
        " its `source`; it is shown as the UUID made from the two. Without it, content tells.",
    )


class Events(Kind):
    name = "events"
    record = EventSerializer

    def declared(self) -> Mapping[str, Field]:
        return EventRowSerializer().fields

    def understood(self, batch: Batch, columns: dict[str, list]) -> list[Pair]:
        customers = find_customers(batch.named(columns["customer"]), self.user)
        batch.refuse_unknown("customer", columns["customer"], customers, no_customer)
        products = find_products(batch.named(columns["product"]))
        batch.refuse_unknown("product", columns["product"], products, no_product)
        rows = list(zip(*(columns[name] for name in EventRowSerializer().fields), strict=True))
        return [(at, _row(rows[at], customers, products)) for at in batch.good()]

    def key(self, row: EventRow) -> tuple:
        return (row.key.int,)

    def write(self, rows: list[EventRow], change_set: ChangeSet) -> Written:
        return add_events(rows, change_set)


def _row(values: tuple, customers: dict, products: dict) -> EventRow:
    customer, kind, subject, product, seconds, occurred_at, source, key = values
    row = EventRow(
        customer_id=customers[customer],
        kind=kind,
        occurred_at=occurred_at,
        subject=subject,
        product_id=products.get(product),
        seconds=seconds,
    )
    row.key = event_key(row) if key is None else named_event_key(source, key)
    return row
