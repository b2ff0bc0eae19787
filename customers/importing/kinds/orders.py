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
from customers.importing.errors import MappingError
from customers.importing.kinds import base
from customers.importing.kinds.base import Ids, Kind, Run
from customers.importing.kinds.customers import CONTACT
from customers.importing.kinds.meeting import meet_customers, meet_products
from customers.importing.staging import Staged
from customers.models import Order
from customers.money import MissingRate
from customers.upserting import (
    LineRow,
    OrderRow,
    Returning,
    known_orders,
    money_problems,
    replace_orders,
)
from customers.upserting.orders import KnownOrders
from customers.upserting.returning import Refusal

# Where the fields stand among a row's values.
CUSTOMER, NUMBER, OCCURRED_AT, KIND, CURRENCY, CHANNEL, PRODUCT = range(7)
DESCRIPTION, QUANTITY, UNIT_PRICE, AMOUNT = range(7, 11)
LINE = ("product", "description", "quantity", "unit_price")
ORDERS, ROWS = 2000, 40_000

# An order's rows and what they make: row numbers, customer, the number of the order it returns, the order.
Draft = tuple[list[int], str, str | None, OrderRow]


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
            "returns": base.text(100),
        }
        named = {*mapping.columns, *mapping.constants}
        if not named & {"unit_price", "amount"}:
            raise MappingError(_("Say which column holds “unit_price” or “amount”."))
        self.has_lines = bool(named & set(LINE))
        self.numbered = "number" in named
        self.returning = "returns" in {*named, *(name for r in mapping.when for name in r.set)}
        # What a row needs that says no amount.
        needed = [("unit_price", UNIT_PRICE), ("quantity", QUANTITY)] if self.has_lines else []
        self.priced = [(n, at) for n, at in needed if n in named] or [("amount", AMOUNT)]

    def key(self, values: tuple) -> str:
        if self.numbered:
            return values[NUMBER]
        return base.content_key(values if self.returning else values[: self.at["returns"]])

    def check(self, values: tuple, run: Run, wrong: dict[str, str]) -> None:
        column = run.plan.column
        if self.numbered and values[NUMBER] is None:
            wrong.setdefault(column("number"), _("no order number"))
        if values[AMOUNT] is None and column("amount") not in wrong:
            for name, at in self.priced:
                if values[at] is None:
                    wrong.setdefault(column(name), _("empty"))
        if wrong and not wrong.keys().isdisjoint((column("currency"), column("occurred_at"))):
            return
        try:
            run.rates.on(values[CURRENCY] or run.currency, _day(values[OCCURRED_AT]))
        except MissingRate as missing:
            wrong[column("currency")] = str(missing)

    def write(self, run: Run) -> None:
        customers, products = base.customer_ids(self.mapping.source), base.product_ids()
        for drafts in self._chunks(run, later=False):
            self._write_chunk(run, drafts, customers, products)
        if self.returning:  # what it sends back may stand anywhere in the file
            for drafts in self._chunks(run, later=True):
                self._write_chunk(run, drafts, customers, products)

    def _write_chunk(self, run: Run, drafts: list[Draft], customers: Ids, products: Ids) -> None:
        source = self.mapping.source
        who = meet_customers(run, source, {draft[1] for draft in drafts}, customers)
        skus = {line.sku for *_rest, order in drafts for line in order.lines if line.sku}
        what = meet_products(run, skus, products)
        for _rows, customer, _returns, order in drafts:
            order.customer_id = who[customer]
            for line in order.lines:
                line.product_id = what[line.sku] if line.sku else None
        known = known_orders((order.source, order.number) for *_rest, order in drafts)
        drafts = self._that_may_be(run, drafts, known)
        written = replace_orders([order for *_rest, order in drafts], run.change_set, known)
        run.touch(written.touched)
        for (rows, *_rest), verdict in zip(drafts, written.verdicts, strict=True):
            run.counts[verdict] += len(rows)
            run.made[f"orders_{verdict}"] += 1
            run.advance(len(rows))

    def _that_may_be(self, run: Run, drafts: list[Draft], known: KnownOrders) -> list[Draft]:
        """Those that the rule about what goes back lets through; the rows of the others are rejected."""
        source = self.mapping.source
        named = {
            at: (source, returns) for at, (_r, _c, returns, _o) in enumerate(drafts) if returns
        }
        found = {key: row[0] for key, row in known_orders(named.values()).items()}
        returning = Returning(named, found, known)
        good, _none_wait = returning.settle([(at, draft[-1]) for at, draft in enumerate(drafts)])
        for at, refusals in returning.refused.items():
            for nth, row in enumerate(drafts[at][0]):
                if said := _told_at(nth, refusals):
                    run.refuse_for(row, said)
                else:
                    run.refuse(row, "number", _("another row of this order cannot be used"))
        return [drafts[at] for at, _order in good]

    def _chunks(self, run: Run, later: bool) -> Iterator[list[Draft]]:
        """Of orders that send no other back, or (``later``) of those that do."""
        chunk: list[Draft] = []
        rows = 0
        for draft in self._drafts(run, later):
            chunk.append(draft)
            rows += len(draft[0])
            if len(chunk) >= ORDERS or rows >= ROWS:
                yield chunk
                chunk, rows = [], 0
        if chunk:
            yield chunk

    def _drafts(self, run: Run, later: bool) -> Iterator[Draft]:
        returns = self.at["returns"]
        for key, rows in run.staging.groups():
            if later != any(row[2][returns] for row in rows):
                continue
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
        if problems := money_problems(order, run.rates):
            for row in numbers:
                run.refuse_for(row, {problem.field: problem.reason for problem in problems})
            return None
        returns = next(
            (values[self.at["returns"]] for values in said if values[self.at["returns"]]), None
        )
        return numbers, first[CUSTOMER], returns, order


def _told_at(nth: int, refusals: list[Refusal]) -> dict[str, str]:
    """The fields, and the reasons, where this row of the order is concerned."""
    told: dict[str, str] = {}
    for refusal in refusals:
        field, _dot, rest = refusal.field.partition(".")
        line, _dot, name = rest.partition(".")
        if not line or nth == int(line):
            name = name or ("number" if field == "lines" else field)
            told[name] = f"{told.get(name, '')} {refusal.words}".strip()
    return told


def _line(values: tuple) -> LineRow:
    """Of quantity, unit price and amount, what is missing follows from the others."""
    amount = None if values[AMOUNT] is None else Decimal(values[AMOUNT])
    quantity = Decimal(1) if values[QUANTITY] is None else Decimal(values[QUANTITY])
    if values[UNIT_PRICE] is not None:
        price = Decimal(values[UNIT_PRICE])
    else:
        assert amount is not None  # check() rejected rows with neither
        price = amount / quantity if quantity else Decimal(0)
    return LineRow(None, quantity, price, values[DESCRIPTION] or "", amount, sku=values[PRODUCT])
