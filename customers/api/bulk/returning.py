"""What goes back belongs to an order: of the same customer, and no more of a product than was sold.

Looked at is how things will stand once the request is done: rows of the request before what is stored.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail

from customers.api.bulk.batch import Batch
from customers.api.bulk.references import Reference, find_orders, no_order
from customers.api.bulk.taking import Pair
from customers.inserting import chunked
from customers.models import Order, OrderLine
from customers.upserting import LineRow, OrderRow

SALE = Order.Kind.SALE.value
Key = tuple[str, str]  # source and number
Sold = dict[int | None, Decimal]  # pieces by product


@dataclass(slots=True)
class Parent:
    """The order that something goes back to, as it will stand: in the request, else stored."""

    kind: str
    customer_id: int
    row: OrderRow | None = None


class Returning:
    """``named`` is what each row of the batch says it returns; ``stored`` has the ids of rows that exist, by key."""

    def __init__(self, batch: Batch, named: list[Reference | None], stored: dict[Key, tuple]):
        self.batch, self.named = batch, named
        self.ids = {key: known[0] for key, known in stored.items()}
        self.keys = {pk: key for key, pk in self.ids.items()}

    def settle(self, pairs: list[Pair], user) -> tuple[list[Pair], dict[int, Key]]:
        """Fill in which order each row returns and refuse what cannot be.

        Gives the good rows, and of those that wait for another row of the request the key of that one.
        """
        found = find_orders((self.named[at] for at, _row in pairs), user)
        parents = self._stored_parents(set(found.values()))
        while True:
            before = len(self.batch.errors)
            self._judge(pairs, found, parents)
            if len(self.batch.errors) == before:
                break  # what was refused may have been what another row spoke of
        waiting = {}
        for at, row in pairs:
            named = self.named[at]
            if named in found:
                row.returns_id = found[named]
            elif isinstance(named, tuple):
                waiting[at] = named
        return pairs, waiting

    def _judge(self, pairs: list[Pair], found: dict, parents: dict[int, Parent]) -> None:
        pairs[:] = [pair for pair in pairs if pair[0] not in self.batch.errors]
        here = {}
        for _at, row in pairs:
            here.setdefault((row.source, row.number), row)
        back: list[tuple[int, OrderRow, int | Key, Parent]] = []
        for at, row in pairs:
            if (named := self.named[at]) is None:
                continue
            parent = self._parent(named, found, here, parents)
            if problem := _problem(row, self._same(named, found), parent):
                self.batch.refuse(at, "returns", problem)
            elif parent:
                back.append((at, row, found.get(named, named), parent))
        self._refuse_left_behind(pairs)
        self._refuse_more_than_sold(back, pairs)
        pairs[:] = [pair for pair in pairs if pair[0] not in self.batch.errors]

    def _same(self, named: Reference, found: dict) -> Key | None:
        """The key of the order that is named, where a row of this request may have it."""
        return named if isinstance(named, tuple) else self.keys.get(found.get(named, 0))

    def _parent(self, named: Reference, found: dict, here: dict, parents: dict) -> Parent | None:
        key = self._same(named, found)
        if key in here:
            row = here[key]
            return Parent(row.kind, row.customer_id, row)
        return parents.get(found.get(named, 0))

    def _stored_parents(self, ids: set[int]) -> dict[int, Parent]:
        """Nobody else sends the same pieces back meanwhile: the orders stay locked until all is written."""
        parents: dict[int, Parent] = {}
        for chunk in chunked(sorted(ids)):
            rows = Order.objects.select_for_update(no_key=True).filter(pk__in=chunk).order_by("pk")
            for pk, kind, customer in rows.values_list("pk", "kind", "customer_id"):
                parents[pk] = Parent(kind, customer)
        return parents

    def _refuse_left_behind(self, pairs: list[Pair]) -> None:
        """An order that something goes back to stays a sale of its customer, unless both move together."""
        moved = {
            pk: (at, row)
            for at, row in pairs
            if (pk := self.ids.get((row.source, row.number))) and at not in self.batch.errors
        }
        sent = set(moved)
        for chunk in chunked(sorted(moved)):
            children = Order.objects.filter(returns__in=chunk)
            for pk, parent, customer in children.values_list("pk", "returns_id", "customer_id"):
                at, row = moved[parent]
                if pk not in sent and (row.kind != SALE or row.customer_id != customer):
                    self._refuse_once(at, "kind" if row.kind != SALE else "customer", _returned())

    def _refuse_once(self, at: int, field: str, detail: ErrorDetail) -> None:
        if at not in self.batch.errors:
            self.batch.refuse(at, field, detail)

    def _refuse_more_than_sold(self, back: list, pairs: list[Pair]) -> None:
        """Earlier rows count first. Of an order that does not say all its products nobody can know."""
        back = [each for each in back if each[0] not in self.batch.errors and each[1].lines]
        if not back:
            return
        wanted = {of for _at, _row, of, _parent in back if isinstance(of, int)}
        sold = _stored_pieces(Q(order__in=wanted), "order")
        again = {self.ids.get((row.source, row.number), 0) for _at, row in pairs}
        gone = _stored_pieces(Q(order__returns__in=wanted) & ~Q(order__in=again), "order__returns")
        seen = set()
        for at, row, of, parent in back:
            key = (row.source, row.number)
            if key in seen:  # a duplicate, which is not stored
                continue
            seen.add(key)
            bought = _pieces(parent.row.lines) if parent.row else sold[of]
            if bought and None not in bought:
                self._count(at, row, bought, gone[of])

    def _count(self, at: int, row: OrderRow, bought: Sold, gone: Sold) -> None:
        """Refuse a row that is too much; count another to what has gone back (below zero)."""
        more = _pieces(row.lines)
        for number, line in enumerate(row.lines):
            product = line.product_id
            if product is not None and bought[product] + gone[product] + more[product] < 0:
                words = _("More of this would go back than the order was for.")
                detail = ErrorDetail(words, "more_than_sold")
                self._refuse_once(at, f"lines.{number}.quantity", detail)
        if at not in self.batch.errors:
            for product, pieces in more.items():
                gone[product] += pieces


def _problem(row: OrderRow, named: Key | None, parent: Parent | None) -> ErrorDetail | None:
    """Why this row cannot return that order."""
    if parent is None:
        return ErrorDetail(no_order(), "does_not_exist")
    if row.kind == SALE:
        words = _("Only a return or a cancellation names the order that it sends back.")
        return ErrorDetail(words, "not_a_return")
    if named == (row.source, row.number):
        return ErrorDetail(_("An order cannot send itself back."), "itself")
    if parent.kind != SALE:
        words = _("What is named here is itself a return or a cancellation.")
        return ErrorDetail(words, "not_a_sale")
    if parent.customer_id != row.customer_id:
        words = _("The order that is sent back belongs to another customer.")
        return ErrorDetail(words, "other_customer")
    return None


def _returned() -> ErrorDetail:
    words = _("Something of this order was sent back: it stays an order of the same customer.")
    return ErrorDetail(words, "has_returns")


def _pieces(lines: Iterable[LineRow]) -> Sold:
    pieces: Sold = defaultdict(Decimal)
    for line in lines:
        pieces[line.product_id] += line.quantity
    return pieces


def _stored_pieces(which: Q, by: str) -> dict[int | Key, Sold]:
    found: dict[int | Key, Sold] = defaultdict(lambda: defaultdict(Decimal))
    rows = OrderLine.objects.filter(which).order_by().values_list(by, "product")
    for order, product, pieces in rows.annotate(pieces=Sum("quantity")):
        found[order][product] = pieces
    return found
