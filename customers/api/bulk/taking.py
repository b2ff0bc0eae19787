"""One request of many rows, from the list to the answer; read it from top to bottom."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.exceptions import APIException
from rest_framework.fields import Field
from rest_framework.serializers import Serializer

from customers.api.bulk.batch import Batch, opened
from customers.api.bulk.columns import check_columns, refuse_unknown_names
from customers.api.known import shown_only
from customers.changing import open_change_set
from customers.inserting import chunked
from customers.models import ChangeSet
from customers.signals import count_refused, count_rows
from customers.upserting import CREATED, UPDATED, Written, finish, in_one_transaction

Pair = tuple[int, Any]  # a row's place in the request, and the row as customers.upserting takes it


class Kind:
    """A kind of rows: what they may hold, how they are understood and written. One instance serves one request."""

    name = ""
    record: type[Serializer]  # shows what has become of a row
    totals_follow = False  # whether the sums of customers depend on these rows

    def __init__(self, user):
        self.user = user
        self.fields: Mapping[str, Field] = self.declared()

    def declared(self) -> Mapping[str, Field]:
        raise NotImplementedError

    def names(self) -> frozenset[str]:
        """What a row may hold: its fields, and what a record that was read shows besides."""
        return shown_only(self.record) | self.fields.keys()

    def check(self, batch: Batch) -> dict[str, list]:
        """What can be said without the database; returns the columns."""
        refuse_unknown_names(batch.rows, self.names(), batch.refuse)
        return check_columns(self.fields, batch.rows, batch.refuse)

    def understood(self, batch: Batch, columns: dict[str, list]) -> list[Pair]:
        """Look up whom and what the rows speak of, refuse those that cannot be, and make the others ready to write."""
        raise NotImplementedError

    def key(self, row) -> tuple:
        """What a row is known by."""
        raise NotImplementedError

    def waves(self, pairs: list[Pair]) -> Iterable[list[Pair]]:
        """Rows that need others of the same request come after them."""
        return [pairs]

    def write(self, rows: list, change_set: ChangeSet) -> Written:
        raise NotImplementedError


def take_in(kind: Kind, rows: list, atomic: bool) -> Batch:
    """Store what is good; with ``atomic`` all or nothing, when anything is wrong raises ValidationError."""
    try:
        stored = _take_in(kind, rows, atomic)
    except APIException:
        count_refused(ChangeSet.Source.API, kind.name, len(rows))
        raise
    _count(kind, stored)
    return stored


def _take_in(kind: Kind, rows: list, atomic: bool) -> Batch:
    batch = opened(rows)
    columns = kind.check(batch)
    return in_one_transaction(lambda: _store(kind, batch.again(), columns, atomic))


def _count(kind: Kind, stored: Batch) -> None:
    counts, refused = stored.counts(), len(stored.errors)
    taken = counts[CREATED] + counts[UPDATED]
    unchanged = len(stored.rows) - taken - refused
    if not taken + unchanged:  # nothing is stored, and a caller of one row undoes what there is
        count_refused(ChangeSet.Source.API, kind.name, refused)
    else:
        count_rows(ChangeSet.Source.API, kind.name, taken, unchanged, refused)


def _store(kind: Kind, batch: Batch, columns: dict[str, list], atomic: bool) -> Batch:
    pairs = kind.understood(batch, columns)
    if atomic and batch.errors:
        raise batch.refused()
    if not pairs:
        return batch
    # Whoever writes many rows takes them in one order, or two requests would wait for each other for ever.
    pairs.sort(key=lambda pair: kind.key(pair[1]))
    change_set = open_change_set(ChangeSet.Source.API, kind.user, kind.name)
    touched: set[int] = set()
    for wave in kind.waves(pairs):
        for chunk in chunked(wave):
            written = kind.write([row for _at, row in chunk], change_set)
            touched |= written.touched
            for (at, _row), pk, verdict in zip(chunk, written.ids, written.verdicts, strict=True):
                batch.became(at, pk, verdict)
    if not {CREATED, UPDATED} & set(batch.statuses):
        change_set.delete()
        return batch
    finish(change_set, touched, batch.counts(), totals=kind.totals_follow)
    return batch
