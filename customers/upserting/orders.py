"""Orders by number, each replaced as a whole when its content differs: lines have no key of their own."""

import datetime
import hashlib
from collections.abc import Iterable, Set
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.changing import plain, record_changes
from customers.inserting import chunked, insert_rows, reserve_ids, update_rows
from customers.models import ChangeSet, Order, OrderLine
from customers.money import CENT, LARGEST, MissingRate, Rates
from customers.upserting.rows import (
    CREATED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    LineRow,
    OrderRow,
    Written,
)

SALE, RETURN = Order.Kind.SALE.value, Order.Kind.RETURN.value
KnownOrders = dict[tuple[str, str], tuple[int, str, int]]
MILLE, PRICE = Decimal("0.001"), Decimal("0.0001")

ORDER = (
    "customer_id",
    "kind",
    "returns_id",
    "occurred_at",
    "currency",
    "amount",
    "base_amount",
    "channel",
    "content_hash",
)
LINE = ("position", "product_id", "description", "quantity", "unit_price", "amount", "base_amount")


class BadOrder(Exception):
    """An order that cannot be stored as it is: the field, the reason in words, and a code for programs."""

    def __init__(self, field: str, reason: "str | Promise", code: str = "invalid"):
        self.field, self.reason, self.code = field, reason, code
        super().__init__(str(reason))


def price_order(row: OrderRow, rates: Rates) -> OrderRow:
    """Fill amounts, kind and base amounts in place and give the row back; raises BadOrder."""
    for problem in money_problems(row, rates):
        raise problem
    return row


def money_problems(row: OrderRow, rates: Rates, wrong: Set[str] = frozenset()) -> list[BadOrder]:
    """Fill amounts, kind and base amounts in place, and say all that is wrong with them.

    Money that went back may be written with or without its sign where the kind says that it went back. A line with a
    price below zero takes money off: it has no product, and what it was called becomes its description.

    ``wrong`` names fields that cannot be used as they are: what follows from them is neither filled nor judged.
    """
    large = False
    for line in row.lines:
        large |= _price_line(line)
    sums = not large and "amount" not in wrong and (row.amount is not None or "lines" not in wrong)
    problems = _sum_up(row, wrong) if sums else []
    if wrong.isdisjoint(("currency", "occurred_at")):
        try:
            rate = rates.on(row.currency, row.occurred_at.astimezone(datetime.UTC).date())
        except MissingRate as missing:
            problems.append(BadOrder("currency", str(missing), "missing_rate"))
        else:
            if sums:
                _convert(row, rate)
    amounts = [row.amount, row.base_amount, *(line.base_amount for line in row.lines)]
    if large or any(abs(amount) >= LARGEST for amount in amounts if amount is not None):
        problems.append(BadOrder("amount", _("the number is too large"), "too_large"))
    return problems


def _price_line(line: LineRow) -> bool:
    """Whether it is worth more than can be stored."""
    if line.amount is None:
        line.amount = line.quantity * line.unit_price
    line.amount = line.amount.quantize(CENT, ROUND_HALF_UP)
    line.quantity = line.quantity.quantize(MILLE, ROUND_HALF_UP)
    line.unit_price = line.unit_price.quantize(PRICE, ROUND_HALF_UP)
    return abs(line.amount) >= LARGEST


def _sum_up(row: OrderRow, wrong: Set[str]) -> list[BadOrder]:
    """What the order is worth, and whether that fits its kind."""
    if row.amount is None:
        row.amount = sum((line.amount for line in row.lines if line.amount is not None), Decimal(0))
    row.amount = row.amount.quantize(CENT, ROUND_HALF_UP)
    if "kind" in wrong:
        return []
    if row.kind is None:
        row.kind = SALE if row.amount >= 0 else RETURN
    elif row.kind == SALE and row.amount < 0:
        words = _("an order cannot be worth less than nothing")
        return [BadOrder("amount", words, "min_value")]
    elif row.kind != SALE and row.amount > 0:
        _turn_round(row)
    for line in row.lines:
        _tell_discount(line, row.kind)
    return []


def _turn_round(row: OrderRow) -> None:
    assert row.amount is not None
    row.amount = -row.amount
    for line in row.lines:
        line.quantity, line.amount = -line.quantity, line.amount and -line.amount


def _tell_discount(line: LineRow, kind: str) -> None:
    if not line.is_discount:
        return
    if (
        kind != SALE and line.quantity > 0
    ):  # pieces that came back, with the sign at their money only
        line.quantity, line.unit_price = -line.quantity, abs(line.unit_price)
        return
    line.description = line.description or line.sku or ""
    line.product_id = line.sku = None


def _convert(row: OrderRow, rate: Decimal) -> None:
    """Base amounts at the rate of the day (UTC); the order's is the sum of its lines' where they make up its amount."""
    for line in row.lines:
        line.base_amount = (
            line.amount if rate == 1 else (line.amount * rate).quantize(CENT, ROUND_HALF_UP)
        )
    if row.lines and sum(line.amount for line in row.lines) == row.amount:
        row.base_amount = sum(line.base_amount for line in row.lines)
    else:
        row.base_amount = (row.amount * rate).quantize(CENT, ROUND_HALF_UP)


def content_hash(row: OrderRow) -> str:
    """The same for the same content, whatever the order of the lines."""
    lines = sorted(
        f"{x.product_id}|{x.quantity}|{x.unit_price}|{x.amount}|{x.description}" for x in row.lines
    )
    occurred_at = row.occurred_at.astimezone(datetime.UTC).isoformat()
    head = (
        f"{row.customer_id}|{row.kind}|{row.returns_id}|{occurred_at}"
        f"|{row.currency}|{row.amount}|{row.channel}"
    )
    return hashlib.blake2b("\n".join([head, *lines]).encode(), digest_size=16).hexdigest()


def known_orders(keys: Iterable[tuple[str, str]]) -> KnownOrders:
    """Id, content hash and customer of the orders that are stored already, by (source, number)."""
    known = {}
    for chunk in chunked(sorted(set(keys))):
        sources, numbers = {source for source, _n in chunk}, {number for _s, number in chunk}
        found = Order.objects.filter(source__in=sources, number__in=numbers).values_list(
            "source", "number", "pk", "content_hash", "customer_id"
        )
        known |= {(source, number): tuple(rest) for source, number, *rest in found}
    return known


def replace_orders(
    rows: list[OrderRow], change_set: ChangeSet, known: KnownOrders | None = None
) -> Written:
    """Create orders; replace those whose content differs. Rows have gone through price_order.

    ``known`` is what known_orders says of them, for those who have asked already.
    """
    if known is None:
        known = known_orders((row.source, row.number) for row in rows)
    written = Written()
    ids: dict[tuple[str, str], int] = {}
    fresh: list[tuple[OrderRow, str]] = []
    changed: dict[int, tuple[OrderRow, str]] = {}
    for row in rows:
        key, content = (row.source, row.number), content_hash(row)
        pk, stored, customer_id = known.get(key, (None, "", None))
        if key in ids:
            verdict = DUPLICATE
        elif pk is None:
            verdict = CREATED
            fresh.append((row, content))
        elif stored != content:
            verdict = UPDATED
            changed[pk] = (row, content)
            written.touched.add(customer_id)
        else:
            verdict = UNCHANGED
        ids.setdefault(key, pk or 0)
        written.verdicts.append(verdict)
        if verdict in (CREATED, UPDATED):
            written.touched.add(row.customer_id)
    ids |= _create(fresh, change_set)
    _replace(changed, change_set)
    written.ids = [ids[row.source, row.number] for row in rows]
    return written


def _values(row: OrderRow, content: str) -> tuple:
    return (*(getattr(row, name) for name in ORDER[:-1]), content)


def _create(fresh: list[tuple[OrderRow, str]], change_set: ChangeSet) -> dict:
    if not fresh:
        return {}
    ids, now = reserve_ids(Order, len(fresh)), timezone.now()
    insert_rows(
        Order,
        ("id", "source", "number", "recorded_at", "recorded_in_id", "updated_at", *ORDER),
        (
            (pk, row.source, row.number, now, change_set.pk, now, *_values(row, content))
            for pk, (row, content) in zip(ids, fresh, strict=True)
        ),
    )
    _insert_lines(dict(zip(ids, (row for row, _content in fresh), strict=True)))
    return {(row.source, row.number): pk for pk, (row, _c) in zip(ids, fresh, strict=True)}


def _insert_lines(orders: dict[int, OrderRow]) -> None:
    rows = [
        (
            pk,
            position,
            line.product_id,
            line.description,
            line.quantity,
            line.unit_price,
            line.amount,
            line.base_amount,
        )
        for pk, order in orders.items()
        for position, line in enumerate(order.lines, 1)
    ]
    if rows:
        insert_rows(OrderLine, ("order_id", *LINE), rows)


def _replace(changed: dict[int, tuple[OrderRow, str]], change_set: ChangeSet) -> None:
    """Lines go and come anew; what the order and its lines were stays in the change set."""
    if not changed:
        return
    locked = Order.objects.select_for_update(no_key=True).filter(pk__in=changed).order_by("pk")
    previous = {
        row.pop("id"): {name: plain(value) for name, value in row.items()} | {"lines": []}
        for row in locked.values("id", *ORDER)
    }
    for line in OrderLine.objects.filter(order__in=changed).values("order_id", *LINE):
        values = {name: plain(value) for name, value in line.items() if name != "order_id"}
        previous[line["order_id"]]["lines"].append(values)
    record_changes(change_set, Order, previous)
    old = OrderLine.objects.filter(order__in=changed)
    old._raw_delete(old.db)
    now = timezone.now()
    rows = ((*_values(*new), now, pk) for pk, new in changed.items())
    update_rows(Order, [*ORDER, "updated_at"], rows)
    _insert_lines({pk: row for pk, (row, _content) in changed.items()})
