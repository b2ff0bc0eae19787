"""Rows of orders with their lines, returns and cancellations among them; known by source and number."""

import dataclasses
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import Field, empty

from customers.api.bulk.batch import Batch
from customers.api.bulk.columns import check_columns, refuse_unknown_names
from customers.api.bulk.fields import (
    CurrencyField,
    MomentField,
    SourceField,
    missing_rate,
)
from customers.api.bulk.references import (
    CustomerReference,
    OrderReference,
    find_customers,
    find_orders,
    find_products,
    no_customer,
    no_order,
    no_product,
    visible_ids,
)
from customers.api.bulk.taking import Kind, Pair
from customers.api.choosing import OneOf
from customers.api.known import shown_only
from customers.api.serializers.orders import OrderLineSerializer, OrderSerializer
from customers.api.texts import KeyField, TextField
from customers.models import ChangeSet, Customer, Order
from customers.money import Rates
from customers.upserting import (
    LineRow,
    OrderRow,
    Returning,
    Written,
    known_orders,
    money_problems,
    replace_orders,
)

MOST_LINES = 1000
# What is wrong with one of these leaves the sum of an order unknown.
COUNTED = ("quantity", "unit_price", "amount")


class LineRowSerializer(serializers.Serializer):
    product = KeyField(
        max_length=100,
        allow_null=True,
        default=None,
        help_text="SKU; must be known, except of a discount.",
    )
    description = TextField(max_length=200, allow_blank=True, default="")
    quantity = serializers.DecimalField(
        14, 3, help_text="Below zero for what came back in the same order."
    )
    unit_price = serializers.DecimalField(
        14,
        4,
        help_text="Below zero for a discount or a coupon: such a line has no product, and what stands there as one"
        " becomes its description.",
    )
    amount = serializers.DecimalField(
        14,
        2,
        allow_null=True,
        default=None,
        help_text="Where it is not quantity times price, as with a discount on this line.",
    )


class OrderRowSerializer(serializers.Serializer):
    """An order is replaced as a whole by what is sent."""

    customer = CustomerReference()
    source = SourceField(default="api")
    number = KeyField(max_length=100)
    kind = OneOf(
        Order.Kind.choices,
        allow_null=True,
        default=None,
        help_text="Left out, the sign of the amount tells a sale from a return.",
    )
    returns = OrderReference(allow_null=True, default=None)
    occurred_at = MomentField()
    currency = CurrencyField()
    amount = serializers.DecimalField(
        14,
        2,
        allow_null=True,
        default=None,
        help_text="Left out, the sum of the lines; give it where shipping or a discount make another.",
    )
    channel = TextField(max_length=30, allow_blank=True, default="")
    lines = LineRowSerializer(many=True, required=False, max_length=MOST_LINES)


@dataclasses.dataclass(slots=True)
class Line:
    """A line of the request: the place of its order, its own number there, what it says."""

    at: int
    number: int
    said: dict


class Orders(Kind):
    name = "orders"
    record = OrderSerializer
    totals_follow = True

    def declared(self) -> Mapping[str, Field]:
        fields = OrderRowSerializer().fields
        return {name: field for name, field in fields.items() if name != "lines"}

    def names(self) -> frozenset[str]:
        return super().names() | {"lines"}

    def check(self, batch: Batch) -> dict[str, list]:
        columns = super().check(batch)
        self.lines = _lines(batch)
        said = [line.said for line in self.lines]

        def refuse(nth: int, name: str, detail) -> None:
            line = self.lines[nth]
            batch.refuse(line.at, f"lines.{line.number}.{name}", detail)

        fields = LineRowSerializer().fields
        refuse_unknown_names(said, shown_only(OrderLineSerializer) | fields.keys(), refuse)
        self.line_columns = check_columns(fields, said, refuse)
        counted = {line.at for line in self.lines}
        detail = ErrorDetail(_("Give an amount, or lines."), "required")
        for at, amount in enumerate(columns["amount"]):
            if amount is None and at not in counted and not batch.is_refused(at, "lines"):
                batch.refuse(at, "amount", detail)
        return columns

    def understood(self, batch: Batch, columns: dict[str, list]) -> list[Pair]:
        keys = batch.keyed(columns["source"], columns["number"])
        stored = known_orders(keys.values())
        customers = find_customers(batch.named(columns["customer"]), self.user)
        batch.refuse_unknown("customer", columns["customer"], customers, no_customer)
        rates = Rates()
        for at in batch.saying(columns["currency"]):
            if columns["currency"][at] not in rates:
                batch.refuse(at, "currency", missing_rate(columns["currency"][at], rates))
        self._refuse_taken(batch, keys, stored)
        returned = find_orders(batch.named(columns["returns"]), self.user)
        there = returned.keys() | set(keys.values())
        batch.refuse_unknown("returns", columns["returns"], there, no_order)
        products = find_products(batch.named(self.line_columns["product"]))
        self._refuse_unknown_products(batch, products)
        rows = self._drafted(batch, columns, customers)
        for at, row in rows:
            for bad in money_problems(row, rates, self._unusable(batch, at)):
                batch.refuse(at, bad.field, ErrorDetail(str(bad.reason), bad.code))
        self._name_products(batch, rows, products)
        return self._returning(batch, columns["returns"], returned, stored, rows)

    def key(self, row: OrderRow) -> tuple:
        return row.source, row.number

    def waves(self, pairs: list[Pair]) -> Iterable[list[Pair]]:
        """What returns an order of the same request waits until that is stored."""
        self.made: dict[tuple[str, str], int] = {}
        yield [pair for pair in pairs if pair[0] not in self.waiting]
        later = [pair for pair in pairs if pair[0] in self.waiting]
        for at, row in later:
            row.returns_id = self.made[self.waiting[at]]
        yield later

    def write(self, rows: list[OrderRow], change_set: ChangeSet) -> Written:
        written = replace_orders(rows, change_set)
        self.made |= dict(zip(map(self.key, rows), written.ids, strict=True))
        return written

    def _refuse_taken(self, batch: Batch, keys: dict, stored: dict) -> None:
        """Somebody else's order is not replaced."""
        theirs = {customer for _pk, _content, customer in stored.values()}
        visible = visible_ids(Customer.objects.all(), theirs, self.user) if theirs else set()
        detail = ErrorDetail(_("Another order has this number."), "taken")
        for at, key in keys.items():
            if key in stored and stored[key][2] not in visible:
                batch.refuse(at, "number", detail)

    def _drafted(self, batch: Batch, columns: dict, customers: dict) -> list[Pair]:
        """All rows that are rows; what cannot be used of one that is wrong stands there as nothing."""
        pairs, lines = [], self._lines_by_order(batch)
        names = ("source", "number", "occurred_at", "currency", "kind", "channel", "amount")
        for at in range(len(batch.rows)):
            if not batch.is_refused(at, ""):
                said = {name: columns[name][at] for name in names}
                row = OrderRow(
                    customer_id=customers.get(columns["customer"][at], 0),
                    lines=lines.get(at, []),
                    **{name: None if value is empty else value for name, value in said.items()},
                )
                pairs.append((at, row))
        return pairs

    def _lines_by_order(self, batch: Batch) -> dict[int, list[LineRow]]:
        """Of the orders whose lines can all be counted."""
        columns = self.line_columns
        rows: dict[int, list[LineRow]] = {}
        wrong = {at for at in batch.errors if "lines" in self._unusable(batch, at)}
        for nth, line in enumerate(self.lines):
            if line.at not in wrong:
                said = {name: columns[name][nth] for name in ("description", "product")}
                said = {name: value or None for name, value in said.items() if value is not empty}
                row = LineRow(
                    None, columns["quantity"][nth], columns["unit_price"][nth],
                    said.get("description") or "", columns["amount"][nth], sku=said.get("product"),
                )  # fmt: skip
                rows.setdefault(line.at, []).append(row)
        return rows

    @staticmethod
    def _unusable(batch: Batch, at: int) -> set[str]:
        """What of a row cannot be used as it is: its fields, "lines" where one cannot be counted, "product" of one."""
        wrong = set()
        for error in batch.errors.get(at, ()):
            name, *of_line = error["field"].split(".")
            if name == "lines" and of_line[1:]:
                name = "lines" if of_line[1] in COUNTED else of_line[1]
            wrong.add(name)
        return wrong

    def _refuse_unknown_products(self, batch: Batch, products: dict[str, int]) -> None:
        """Of lines that are no discounts for sure; the others are known once they are priced."""
        columns, detail = self.line_columns, ErrorDetail(no_product(), "does_not_exist")
        for nth in batch.saying(columns["product"]):
            values = (columns[name][nth] for name in ("quantity", "unit_price", "amount"))
            if columns["product"][nth] not in products and not _may_be_discount(*values):
                line = self.lines[nth]
                batch.refuse(line.at, f"lines.{line.number}.product", detail)

    def _name_products(self, batch: Batch, pairs: list[Pair], products: dict[str, int]) -> None:
        detail = ErrorDetail(no_product(), "does_not_exist")
        for at, row in pairs:
            sure = row.kind is not None and "amount" not in self._unusable(batch, at)
            for number, line in enumerate(row.lines):
                line.product_id = products.get(line.sku)
                path = f"lines.{number}.product"
                if line.sku and line.product_id is None and sure and not batch.is_refused(at, path):
                    batch.refuse(at, path, detail)

    def _returning(
        self, batch: Batch, named: list, returned: dict, stored: dict, pairs: list[Pair]
    ) -> list[Pair]:
        back = {at: named[at] for at in batch.saying(named) if not batch.is_refused(at, "returns")}
        returning = Returning(back, returned, stored)
        good = [pair for pair in pairs if pair[0] not in batch.errors]
        others = [pair for pair in pairs if pair[0] in batch.errors]
        good, self.waiting = returning.settle(good)
        wrong = {at: self._unusable(batch, at) for at, _row in others}
        returning.look_at(others, wrong, good)
        for at, refusals in returning.refused.items():
            for no in refusals:
                batch.refuse(at, no.field, ErrorDetail(no.words, no.code))
        return good


class NewOrders(Orders):
    """Orders that must not be there yet: a number that is taken is a conflict."""

    def _refuse_taken(self, batch: Batch, keys: dict, stored: dict) -> None:
        words = _("There is an order of this number; it is changed by PUT at its own address.")
        for at, key in keys.items():
            if key in stored:
                batch.refuse(at, "number", ErrorDetail(words, "unique"))


def _may_be_discount(quantity, unit_price, amount) -> bool:
    """See LineRow.is_discount; a value that is not right may be anything."""
    if amount is None:
        return unit_price is empty or unit_price < 0
    return amount is empty or quantity is empty or quantity * amount < 0


def _lines(batch: Batch) -> list[Line]:
    """The lines of all orders in one list."""
    lines: list[Line] = []
    for at, row in enumerate(batch.rows):
        some = row.get("lines") or []
        if not isinstance(some, list) or not all(isinstance(line, dict) for line in some):
            detail = ErrorDetail(_("Lines are a list of objects with named fields."), "not_a_list")
            batch.refuse(at, "lines", detail)
        elif len(some) > MOST_LINES:
            message = _("An order has at most %(n)s lines.") % {"n": f"{MOST_LINES:,}"}
            batch.refuse(at, "lines", ErrorDetail(message, "max_length"))
        else:
            lines += [Line(at, number, line) for number, line in enumerate(some)]
    return lines
