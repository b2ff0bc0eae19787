"""What goes back belongs to an order: of the same customer, and no more of a product than was sold.

The rule is one, whether orders come one by one, in bulk or from a file. Looked at is how things will stand once all
the rows are written: rows that are sent together before what is stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.inserting import chunked
from customers.models import Order, OrderLine
from customers.upserting.orders import KnownOrders
from customers.upserting.rows import LineRow, OrderRow

SALE = Order.Kind.SALE.value
Key = tuple[str, str]  # source and number
Named = int | Key  # how a row names the order that it sends back
Pair = tuple[int, OrderRow]  # a row's place among those that are sent, and the row
Sold = dict[int | None, Decimal]  # pieces by product
# As LineRow.is_discount says it.
DISCOUNTS = Q(quantity__gt=0, amount__lt=0) | Q(quantity__lt=0, amount__gt=0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row cannot be: the field (``lines.0.quantity``), words for people, a code for programs."""

    field: str
    words: "str | Promise"
    code: str


@dataclass(slots=True)
class Parent:
    """The order that something goes back to, as it will stand: among the rows, else stored."""

    kind: str
    customer_id: int
    row: OrderRow | None = None


# A row that sends something back: its place, the row, the order that it names, and what that is.
Back = tuple[int, OrderRow, Named, Parent]


class Returning:
    """``named`` says by place which order a row sends back, ``found`` which of those are stored and may be seen.

    ``stored`` is what known_orders says of the rows. The reasons stand in ``refused``, by place, after :meth:`settle`,
    and after :meth:`look_at` for rows that are not written anyway.
    """

    def __init__(self, named: Mapping[int, Named], found: Mapping[Named, int], stored: KnownOrders):
        self.named, self.found = named, found
        self.ids = {key: known[0] for key, known in stored.items()}
        self.keys = {pk: key for key, pk in self.ids.items()}
        self.parents = _stored_parents({found[one] for one in named.values() if one in found})
        self.refused: dict[int, list[Refusal]] = {}
        self.wrong: Mapping[int, Set[str]] = {}

    def settle(self, pairs: list[Pair]) -> tuple[list[Pair], dict[int, Key]]:
        """Fill in which order each row returns and refuse what cannot be.

        Gives the good rows, and of those that wait for another of them the key of that one.
        """
        while True:
            before = len(self.refused)
            pairs = [pair for pair in pairs if pair[0] not in self.refused]
            self._judge(pairs, [])
            if len(self.refused) == before:
                break  # what was refused may have been what another row spoke of
        waiting = {}
        for at, row in pairs:
            named = self.named.get(at)
            if named in self.found:
                row.returns_id = self.found[named]
            elif isinstance(named, tuple):
                waiting[at] = named
        return pairs, waiting

    def look_at(self, others: list[Pair], wrong: Mapping[int, Set[str]], good: list[Pair]) -> None:
        """Judge ``others``, which are wrong in something else, each as if it came with the ``good``.

        ``wrong`` says by place which fields cannot be used as they are: what depends on them is left out.
        """
        self.wrong = wrong
        if others:
            self._judge(good, others)

    def _refuse(self, at: int, refusal: Refusal) -> None:
        if refusal not in self.refused.setdefault(at, []):
            self.refused[at].append(refusal)

    def _knows(self, at: int, *names: str) -> bool:
        return self.wrong.get(at, frozenset()).isdisjoint(names)

    def _judge(self, pairs: list[Pair], others: list[Pair]) -> None:
        """``pairs`` as they stand together; ``others`` beside them, of which none counts for the next."""
        here: dict[Key, OrderRow] = {}
        for _at, row in pairs:
            here.setdefault((row.source, row.number), row)
        back: list[Back] = []
        for at, row in (*pairs, *others):
            if (named := self.named.get(at)) is None:
                continue
            parent = self._parent(named, here)
            if problems := self._problems(at, row, named, parent):
                for problem in problems:
                    self._refuse(at, problem)
            elif parent and row.lines:
                back.append((at, row, self.found.get(named, named), parent))
        again = {self.ids[key] for key in here if key in self.ids}
        self._refuse_left_behind(self._moved(others or pairs), again)
        self._refuse_more_than_sold(back, again)

    def _problems(
        self, at: int, row: OrderRow, named: Named, parent: Parent | None
    ) -> list[Refusal]:
        """Why this row cannot return that order."""
        found = []
        if self._same(named) == (row.source, row.number):
            found.append(ITSELF)
        elif (
            parent is None
        ):  # of one that is wrong itself it has been said, or the other one is wrong as well
            return [] if at in self.wrong else [UNKNOWN]
        elif parent.kind != SALE:
            found.append(NOT_A_SALE)
        if row.kind == SALE and self._knows(at, "kind"):
            found.append(NOT_A_RETURN)
        if parent and parent.customer_id != row.customer_id and self._knows(at, "customer"):
            found.append(OTHER_CUSTOMER)
        return found

    def _same(self, named: Named) -> Key | None:
        """The key of the order that is named, where a row that is sent with it may have it."""
        return named if isinstance(named, tuple) else self.keys.get(self.found.get(named, 0))

    def _parent(self, named: Named, here: dict[Key, OrderRow]) -> Parent | None:
        key = self._same(named)
        if key in here:
            row = here[key]
            return Parent(row.kind, row.customer_id, row)
        return self.parents.get(self.found.get(named, 0))

    def _moved(self, pairs: list[Pair]) -> dict[int, Pair]:
        """By id the rows that replace what is stored; the first of a key counts."""
        moved: dict[int, Pair] = {}
        for at, row in pairs:
            pk = self.ids.get((row.source, row.number))
            if pk and self._knows(at, "number"):
                moved.setdefault(pk, (at, row))
        return moved

    def _refuse_left_behind(self, moved: dict[int, Pair], again: set[int]) -> None:
        """An order that something goes back to stays a sale of its customer, unless both move together."""
        for chunk in chunked(sorted(moved)):
            children = Order.objects.filter(returns__in=chunk).exclude(pk__in=again)
            sales = set()
            for parent, customer in children.values_list("returns_id", "customer_id"):
                at, row = moved[parent]
                if row.customer_id != customer and self._knows(at, "customer"):
                    self._refuse(at, _has_returns("customer"))
                if row.kind == SALE:
                    sales.add(parent)
                elif row.kind and self._knows(at, "kind"):
                    self._refuse(at, _has_returns("kind"))
            if sales:
                self._refuse_shrunk({pk: moved[pk] for pk in sales}, again)

    def _refuse_shrunk(self, moved: dict[int, Pair], again: set[int]) -> None:
        """An order keeps at least the pieces that have come back of it."""
        for pk, gone in _gone(moved, again).items():
            at, row = moved[pk]
            kept = _pieces(row.lines)
            if not _says_all(kept) or not self._knows(at, "lines", "product"):
                continue
            for refusal in _fewer_than_returned(
                row, {of for of, pieces in gone.items() if of and kept[of] + pieces < 0}
            ):
                self._refuse(at, refusal)

    def _refuse_more_than_sold(self, back: list[Back], again: set[int]) -> None:
        """Earlier rows count first. Of an order that does not say all its products nobody can know."""
        counted = ("kind", "amount", "customer", "lines", "product")
        back = [each for each in back if self._knows(each[0], *counted)]
        wanted = {of for _at, _row, of, _parent in back if isinstance(of, int)}
        if not back:
            return
        sold = _stored_pieces(Q(order__in=wanted), "order")
        gone: dict[Named, Sold] = _gone(wanted, again)
        seen = set()
        for at, row, of, parent in back:
            key = (row.source, row.number)
            if key in seen:  # a duplicate, which is not stored
                continue
            seen.add(key)
            bought = _pieces(parent.row.lines) if parent.row else sold[of]
            if _says_all(bought):
                self._count(at, row, bought, gone[of])

    def _count(self, at: int, row: OrderRow, bought: Sold, gone: Sold) -> None:
        """Refuse a row that is too much; count another to what has gone back (below zero)."""
        more = _pieces(row.lines)
        for number, line in enumerate(row.lines):
            product = line.product_id
            if product is not None and bought[product] + gone[product] + more[product] < 0:
                words = _("More of this would go back than the order was for.")
                self._refuse(at, Refusal(f"lines.{number}.quantity", words, "more_than_sold"))
        if at not in self.refused and at not in self.wrong:
            for product, pieces in more.items():
                gone[product] += pieces


def _stored_parents(ids: set[int]) -> dict[int, Parent]:
    """Nobody else sends the same pieces back meanwhile: the orders stay locked until all is written."""
    parents: dict[int, Parent] = {}
    for chunk in chunked(sorted(ids)):
        rows = Order.objects.select_for_update(no_key=True).filter(pk__in=chunk).order_by("pk")
        for pk, kind, customer in rows.values_list("pk", "kind", "customer_id"):
            parents[pk] = Parent(kind, customer)
    return parents


UNKNOWN = Refusal("returns", _("There is no order with this number."), "does_not_exist")
ITSELF = Refusal("returns", _("An order cannot send itself back."), "itself")
NOT_A_SALE = Refusal(
    "returns", _("What is named here is itself a return or a cancellation."), "not_a_sale"
)
NOT_A_RETURN = Refusal(
    "returns",
    _("Only a return or a cancellation names the order that it sends back."),
    "not_a_return",
)
OTHER_CUSTOMER = Refusal(
    "returns", _("The order that is sent back belongs to another customer."), "other_customer"
)


def _has_returns(field: str) -> Refusal:
    words = _("Something of this order was sent back: it stays an order of the same customer.")
    return Refusal(field, words, "has_returns")


def _fewer_than_returned(row: OrderRow, short: set[int]) -> list[Refusal]:
    """At the first line of each product; where one has none left, at the lines."""
    lines = {line.product_id: n for n, line in reversed([*enumerate(row.lines)])}
    words = _("More of this has come back already; change the return first, or leave as many.")
    found = [
        Refusal(f"lines.{n}.quantity", words, "fewer_than_returned")
        for n in sorted(lines[of] for of in short if of in lines)
    ]
    if short - lines.keys():
        words = _("A product that was sent back is no longer among the lines; leave it there.")
        found.append(Refusal("lines", words, "fewer_than_returned"))
    return found


def _says_all(pieces: Sold) -> bool:
    """Whether there are lines, and each names its product."""
    return bool(pieces) and None not in pieces


def _pieces(lines: Iterable[LineRow]) -> Sold:
    pieces: Sold = defaultdict(Decimal)
    for line in lines:
        if not line.is_discount:
            pieces[line.product_id] += line.quantity
    return pieces


def _gone(orders: Iterable[int], again: set[int]) -> dict[Named, Sold]:
    """What has gone back of these orders, apart from what is sent again now."""
    back = Q(order__returns__in=orders) & ~Q(order__in=again)
    return _stored_pieces(back, "order__returns")


def _stored_pieces(which: Q, by: str) -> dict[Named, Sold]:
    found: dict[Named, Sold] = defaultdict(lambda: defaultdict(Decimal))
    rows = OrderLine.objects.filter(which, ~DISCOUNTS).order_by().values_list(by, "product")
    for order, product, pieces in rows.annotate(pieces=Sum("quantity")):
        found[order][product] = pieces
    return found
