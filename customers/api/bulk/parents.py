"""Which organisation the customer of a row belongs to: one that is stored, or one of the same request.

What customers.related checks of one customer, here of many at once; looked at is how things will stand once all rows
are written.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty

from customers.api.bulk.batch import Batch
from customers.api.bulk.references import Reference, find_customers, no_customer, visible_ids
from customers.api.bulk.taking import Pair
from customers.inserting import chunked
from customers.models import Customer
from customers.related import (
    CIRCULAR,
    DEEPEST,
    NOT_AN_ORGANISATION,
    not_to_a_person,
    not_to_itself,
)

Key = tuple[str, str]
Node = int | Key  # a customer: the id of one who is stored, else the key of the row


class Stored(NamedTuple):
    kind: str
    parent: int | None
    name: str


class Parents:
    """``keys`` are those of the rows, ``known`` the ids of the customers among them that are stored."""

    def __init__(self, batch: Batch, columns: dict[str, list], keys: dict[int, Key], known: dict):
        self.batch, self.keys, self.known = batch, keys, known
        self.named, self.kinds = columns["parent"], columns["kind"]
        self.of: dict[int, Node | None] = {}  # by row; of a row that says nothing, nothing
        self.rows: dict[Node, int] = {}  # the first row that speaks of a customer counts

    def find(self, user) -> None:
        """Look up what the rows name, and refuse what cannot be."""
        self._keep_hidden(user)
        places = self.batch.saying(self.named)
        if not places:
            return
        found = find_customers(self.batch.named(self.named), user)
        for at in self.batch.good():
            self.rows.setdefault(self._node(self.keys[at]), at)
        for at in places:
            named: Reference = self.named[at]
            here = isinstance(named, tuple) and named in self.rows
            if named not in found and not here:
                self._refuse(at, no_customer(), "does_not_exist")
            else:
                self.of[at] = found.get(named, named)
        self.stored = self._stored()
        for at in [at for at in places if at in self.of]:
            self._check(at)
        self._refuse_left_alone()

    def waves(self, pairs: list[Pair], made: dict[Key, int]) -> Iterator[list[Pair]]:
        """Who belongs to somebody of the same request waits until that one is stored, and in ``made``."""
        left = pairs
        while left:
            ready, waiting = [], []
            for at, row in left:
                parent = self.of.get(at)
                if isinstance(parent, tuple) and parent not in made:
                    waiting.append((at, row))
                    continue
                if at in self.of:
                    row.fields["parent_id"] = made[parent] if isinstance(parent, tuple) else parent
                ready.append((at, row))
            yield ready
            left = waiting

    def _node(self, key: Key) -> Node:
        return self.known.get(key, key)

    def _refuse(self, at: int, words: str, code: str) -> None:
        self.of.pop(at, None)
        self.batch.refuse(at, "parent", ErrorDetail(words, code))

    def _keep_hidden(self, user) -> None:
        """Null takes the organisation away, except one that the sender may not see and was shown as null."""
        places = [at for at, value in enumerate(self.named) if value is None and at in self.keys]
        theirs: dict[int, int] = {}
        for chunk in chunked(
            sorted({pk for at in places if (pk := self.known.get(self.keys[at]))})
        ):
            some = Customer.objects.filter(pk__in=chunk, parent__isnull=False)
            theirs |= dict(some.values_list("pk", "parent_id"))
        seen = visible_ids(Customer.objects.all(), set(theirs.values()), user) if theirs else set()
        for at in places:
            parent = theirs.get(self.known.get(self.keys[at], 0))
            if parent is None or parent in seen:
                self.of[at] = None

    def _stored(self) -> dict[int, Stored]:
        """Those who are named, whom they belong to, and so on."""
        stored: dict[int, Stored] = {}
        asked = {node for node in self.of.values() if isinstance(node, int)}
        for _step in range(DEEPEST):
            if not asked:
                break
            for chunk in chunked(sorted(asked)):
                rows = Customer.objects.filter(pk__in=chunk)
                values = rows.values_list("pk", "kind", "parent_id", "name")
                stored |= {pk: Stored(*more) for pk, *more in values}
            asked = {one.parent for one in stored.values() if one.parent} - stored.keys()
        return stored

    def _check(self, at: int) -> None:
        parent = self.of[at]
        assert parent is not None
        if self._kind(parent) != Customer.Kind.ORGANISATION:
            self._refuse(at, not_to_a_person(), NOT_AN_ORGANISATION)
            return
        own, above = self._node(self.keys[at]) if at in self.keys else None, parent
        for _step in range(DEEPEST):
            if above in (own, None):
                break
            above = self._above(above)
        # One that still ends at a row of this request has no end, or one that nobody would look for.
        if above is not None and (above == own or isinstance(above, tuple)):
            self._refuse(at, not_to_itself(self._name(parent)), CIRCULAR)

    def _kind(self, node: Node) -> str:
        said = self.kinds[self.rows[node]] if node in self.rows else empty
        if said is not empty:
            return said
        default = Customer._meta.get_field("kind").default
        return self.stored[node].kind if node in self.stored else default

    def _above(self, node: Node) -> Node | None:
        row = self.rows.get(node)
        if row is not None and row in self.of:
            return self.of[row]
        return self.stored[node].parent if node in self.stored else None

    def _name(self, node: Node) -> str:
        return node[1] if isinstance(node, tuple) else self.stored[node].name

    def _refuse_left_alone(self) -> None:
        """A row whose organisation is a row that is refused has none to belong to."""
        while True:
            good = {self.keys[at] for at in self.batch.good()}
            gone = [at for at, of in self.of.items() if isinstance(of, tuple) and of not in good]
            if not gone:
                return
            for at in gone:
                self._refuse(at, no_customer(), "does_not_exist")
