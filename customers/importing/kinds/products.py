"""Products, with changes of price and stock kept."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from customers import product_names
from customers.importing import converting
from customers.importing.errors import BadValue
from customers.importing.kinds import base
from customers.importing.kinds.base import Kind, Run
from customers.money import CENT
from customers.upserting import ProductRow, upsert_products


def other_names(cell: str) -> str:
    """Between semicolons, Chinese ones too, or upright bars: a comma may stand inside a name."""
    try:
        return product_names.as_text(re.split("[;；|]", cell))
    except ValidationError as error:
        raise BadValue(error.message) from None


class Products(Kind):
    name = "products"
    key_field = "sku"

    def __init__(self, mapping):
        super().__init__(mapping)
        self.fields = {
            "sku": base.text(100, gettext_lazy("no SKU")),
            "name": base.text(200),
            "also_called": base.plain(other_names),
            "category": base.text(100),
            "description": base.text(20_000),
            "price": base.price(),
            "currency": base.plain(converting.currency),
            "in_stock": base.plain(converting.boolean),
            "valid_from": base.when(),
        }

    def key(self, values: tuple) -> str:
        return values[0]

    def write(self, run: Run) -> None:
        def build(records):
            return [(number, self._row(values, run)) for number, values in records]

        for chunk in base.chunks(run, build):
            base.write_chunk(run, chunk, lambda rows: upsert_products(rows, run.change_set))

    def _row(self, values: tuple, run: Run) -> ProductRow:
        said = dict(zip(self.fields, values, strict=True))
        sku, valid_from = said.pop("sku"), said.pop("valid_from")
        fields = {name: value for name, value in said.items() if value is not None}
        if "price" in fields:
            fields["price"] = Decimal(fields["price"]).quantize(CENT, ROUND_HALF_UP)
            fields.setdefault("currency", run.currency)
        if "in_stock" in fields:
            fields["in_stock"] = bool(fields["in_stock"])
        return ProductRow(sku, fields, None if valid_from is None else converting.at(valid_from))
