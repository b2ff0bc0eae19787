"""Rows of products, known by SKU."""

from collections.abc import Mapping

from rest_framework import serializers
from rest_framework.fields import Field

from customers.api.bulk.batch import Batch
from customers.api.bulk.columns import said
from customers.api.bulk.fields import ArchivedField, CurrencyField, MomentField, with_archived
from customers.api.bulk.taking import Kind, Pair
from customers.api.serializers.products import ProductSerializer
from customers.api.texts import KeyField, TextField
from customers.models import ChangeSet, Company
from customers.upserting import ProductRow, Written, upsert_products

NAMED = ("name", "category", "description", "price", "currency", "in_stock", "archived")


class ProductRowSerializer(serializers.Serializer):
    sku = KeyField(max_length=100)
    name = TextField(
        max_length=200, required=False, help_text="A new product without one is called by its SKU."
    )
    category = TextField(max_length=100, allow_blank=True, required=False)
    description = TextField(max_length=20_000, allow_blank=True, required=False)
    price = serializers.DecimalField(14, 2, min_value=0, allow_null=True, required=False)
    currency = CurrencyField(
        required=False, help_text="Of the price; where it is left out, the company's own."
    )
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
        base = Company.current().base_currency
        return [(at, _row(columns, at, base)) for at in batch.good()]

    def key(self, row: ProductRow) -> tuple:
        return (row.sku,)

    def write(self, rows: list[ProductRow], change_set: ChangeSet) -> Written:
        return upsert_products(rows, change_set)


def _row(columns: dict[str, list], at: int, base: str) -> ProductRow:
    fields = with_archived(said(columns, at, NAMED))
    if fields.get("price") is not None:
        fields.setdefault("currency", base)
    since = said(columns, at, ("valid_from",)).get("valid_from")
    return ProductRow(columns["sku"][at], fields, since)
