"""Orders, returns and cancellations; rows of one number make one order, wherever they stand in the file.

A file without order numbers has one order in each row; its number is made from what the row says and from how often
the file has said so before. Customers and products that an order names are created when they are not known yet; those
that are known stay as they are.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import converting
from customers.importing.errors import MappingError, RowRejected
from customers.importing.kinds import base
from customers.importing.kinds.base import Ids, Kind, Run
from customers.importing.kinds.customers import CONTACT
from customers.importing.kinds.meeting import meet_customers, meet_products
from customers.importing.staging import Staged
from customers.models import Order
from customers.money import MissingRate
from customers.upserting import BadOrder, LineRow, OrderRow, price_order, replace_orders

# Where the fields stand among a row's values.
CUSTOMER, NUMBER, OCCURRED_AT, KIND, CURRENCY, CHANNEL, PRODUCT = range(7)
DESCRIPTION, QUANTITY, UNIT_PRICE, AMOUNT = range(7, 11)
LINE = ("product", "description", "quantity", "unit_price")
ORDERS, ROWS = 2000, 40_000

# An order's rows and what they make: row numbers, customer, product of each line, the order.
Draft = tuple[list[int], str, list[str | None], OrderRow]


@lru_cache(maxsize=20_000)
def _day(microseconds: int) -> datetime.date:
    return converting.at(microseconds).date()


class Orders(Kind):
    name = "orders"
    key_field = "number"
    totals_follow = True

    def __init__(self, mapping):
        super().__init__(mapping)
        self.fields = {
            # In the order of the constants above.
            "customer": base.text(100, gettext_lazy("no customer")),
            "number": base.text(100),
            "occurred_at": base.when(gettext_lazy("no time")),
            "kind": base.plain(converting.choice(*Order.Kind.values)),
            "currency": base.plain(converting.currency),
            "channel": base.text(30),
            "product": base.text(100),
            "description": base.text(200),
            "quantity": base.number(),
            "unit_price": base.number(),
            "amount": base.number(),
            "product_name": base.text(200),
            "product_category": base.text(100),
            **{f"customer_{name}": field for name, field in CONTACT.items()},
        }
        named = {*mapping.columns, *mapping.constants}
        if not named & {"unit_price", "amount"}:
            raise MappingError(_("Say which column holds “unit_price” or “amount”."))
        self.has_lines = bool(named & set(LINE))
        self.numbered = "number" in named
        # What a row needs that says no amount.
        needed = [("unit_price", UNIT_PRICE), ("quantity", QUANTITY)] if self.has_lines else []
        self.priced = [(n, at) for n, at in needed if n in named] or [("amount", AMOUNT)]

    def key(self, values: tuple) -> str:
        return values[NUMBER] if self.numbered else base.content_key(values)

    def check(self, values: tuple, run: Run) -> None:
        if self.numbered and values[NUMBER] is None:
            raise RowRejected(run.plan.column("number"), _("no order number"))
        if values[AMOUNT] is None:
            for name, at in self.priced:
                if values[at] is None:
                    raise RowRejected(run.plan.column(name), _("empty"))
        try:
            run.rates.on(values[CURRENCY] or run.currency, _day(values[OCCURRED_AT]))
        except MissingRate as missing:
            raise RowRejected(run.plan.column("currency"), str(missing)) from missing

    def write(self, run: Run) -> None:
        customers, products = base.customer_ids(self.mapping.source), base.product_ids()
        for drafts in self._chunks(run):
            self._write_chunk(run, drafts, customers, products)

    def _write_chunk(self, run: Run, drafts: list[Draft], customers: Ids, products: Ids) -> None:
        source = self.mapping.source
        who = meet_customers(run, source, {draft[1] for draft in drafts}, customers)
        what = meet_products(run, {sku for draft in drafts for sku in draft[2] if sku}, products)
        for _rows, customer, skus, order in drafts:
            order.customer_id = who[customer]
            for line, sku in zip(order.lines, skus, strict=True):
                line.product_id = what[sku] if sku else None
        written = replace_orders([order for *_rest, order in drafts], run.change_set)
        run.touch(written.touched)
        for (rows, *_rest), verdict in zip(drafts, written.verdicts, strict=True):
            run.counts[verdict] += len(rows)
            run.made[f"orders_{verdict}"] += 1
            run.advance(len(rows))

    def _chunks(self, run: Run) -> Iterator[list[Draft]]:
        chunk: list[Draft] = []
        rows = 0
        for draft in self._drafts(run):
            chunk.append(draft)
            rows += len(draft[0])
            if len(chunk) >= ORDERS or rows >= ROWS:
                yield chunk
                chunk, rows = [], 0
        if chunk:
            yield chunk

    def _drafts(self, run: Run) -> Iterator[Draft]:
        for key, rows in run.staging.groups():
            if self.numbered:
                drafts = [self._draft(run, key, self._lines(run, rows))]
            else:
                drafts = [
                    self._draft(run, f"{key}-{occurrence}", [row])
                    for occurrence, row in enumerate(rows, 1)
                ]
            yield from (draft for draft in drafts if draft)

    def _lines(self, run: Run, rows: list[Staged]) -> list[Staged]:
        """The rows of one order, without exact duplicates and without those of another customer."""
        kept: dict[bytes, Staged] = {}
        customer = rows[0][2][CUSTOMER]
        for row in rows:
            number, digest, values = row
            if digest in kept:
                run.counts["duplicate"] += 1
                run.advance(1)
            elif values[CUSTOMER] != customer:
                run.refuse(number, "customer", _("the order belongs to another customer"))
            else:
                kept[digest] = row
        return list(kept.values())

    def _draft(self, run: Run, number: str, rows: list[Staged]) -> Draft | None:
        numbers, said = [row[0] for row in rows], [row[2] for row in rows]
        first = said[0]
        order = OrderRow(
            source=self.mapping.source,
            number=number,
            customer_id=0,
            # The first line's time; whatever the lines' order in the file, that is the earliest.
            occurred_at=converting.at(min(values[OCCURRED_AT] for values in said)),
            kind=first[KIND],
            currency=first[CURRENCY] or run.currency,
            channel=first[CHANNEL] or "",
        )
        if self.has_lines:
            order.lines = [_line(values) for values in said]
        else:
            order.amount = sum((Decimal(values[AMOUNT]) for values in said), Decimal(0))
        try:
            price_order(order, run.rates)
        except BadOrder as error:
            for row in numbers:
                run.refuse(row, error.field, str(error.reason))
            return None
        skus = [values[PRODUCT] for values in said] if self.has_lines else []
        return numbers, first[CUSTOMER], skus, order


def _line(values: tuple) -> LineRow:
    """Of quantity, unit price and amount, what is missing follows from the others."""
    amount = None if values[AMOUNT] is None else Decimal(values[AMOUNT])
    quantity = Decimal(1) if values[QUANTITY] is None else Decimal(values[QUANTITY])
    if values[UNIT_PRICE] is not None:
        price = Decimal(values[UNIT_PRICE])
    else:
        assert amount is not None  # check() rejected rows with neither
        price = amount / quantity if quantity else Decimal(0)
    return LineRow(None, quantity, price, values[DESCRIPTION] or "", amount)
