"""Rows of products, known by SKU."""

from collections.abc import Mapping

from rest_framework import serializers
from rest_framework.fields import Field, empty

from customers.api.bulk.batch import Batch
from customers.api.bulk.columns import said
from customers.api.bulk.fields import (
    ArchivedField,
    MomentField,
    NamesField,
    PriceCurrencyField,
    missing_rate,
    with_archived,
)
from customers.api.bulk.taking import Kind, Pair
from customers.api.serializers.products import ProductSerializer
from customers.api.texts import KeyField, TextField
from customers.models import ChangeSet, Product
from customers.money import Rates
from customers.upserting import ProductRow, Written, upsert_products

NAMED = (
    "name", "also_called", "category", "description", "price", "currency", "in_stock", "archived",
)  # fmt: skip


class ProductRowSerializer(serializers.Serializer):
    sku = KeyField(max_length=100)
    name = TextField(
        max_length=200, required=False, help_text="A new product without one is called by its SKU."
    )
    also_called = NamesField(required=False)
    category = TextField(max_length=100, allow_blank=True, required=False)
    description = TextField(max_length=20_000, allow_blank=True, required=False)
    price = serializers.DecimalField(14, 2, min_value=0, allow_null=True, required=False)
    currency = PriceCurrencyField()
    in_stock = serializers.BooleanField(required=False)
    archived = ArchivedField()
    valid_from = MomentField(
        required=False,
        allow_null=True,
        help_text="Since when price and stock hold; else a first value since ever, a later one since now.",
    )


class Products(Kind):
    name = "products"
    record = ProductSerializer

    def declared(self) -> Mapping[str, Field]:
        return ProductRowSerializer().fields

    def understood(self, batch: Batch, columns: dict[str, list]) -> list[Pair]:
        rates = Rates()
        self._refuse_unknown_currencies(batch, columns, rates)
        return [(at, _row(columns, at, rates.base)) for at in batch.good()]

    def _refuse_unknown_currencies(self, batch: Batch, columns: dict, rates: Rates) -> None:
        """What a product has already may stay: a record can be sent back as it was read."""
        said = columns["currency"]
        places = [at for at in batch.saying(said) if said[at] and said[at] not in rates]
        skus = [columns["sku"][at] for at in places if columns["sku"][at] is not empty]
        stored = (
            dict(Product.objects.filter(sku__in=skus).values_list("sku", "currency"))
            if skus
            else {}
        )
        for at in places:
            if stored.get(columns["sku"][at]) != said[at]:
                batch.refuse(at, "currency", missing_rate(said[at], rates))

    def key(self, row: ProductRow) -> tuple:
        return (row.sku,)

    def write(self, rows: list[ProductRow], change_set: ChangeSet) -> Written:
        return upsert_products(rows, change_set)


def _row(columns: dict[str, list], at: int, base: str) -> ProductRow:
    fields = with_archived(said(columns, at, NAMED))
    if fields.get("price") is not None:
        fields["currency"] = fields.get("currency") or base
    since = said(columns, at, ("valid_from",)).get("valid_from")
    return ProductRow(columns["sku"][at], fields, since)
