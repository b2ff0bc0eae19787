"""What the five kinds of files have in common."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _

from customers.importing import converting
from customers.importing.converting import Convert
from customers.importing.errors import BadValue, Words
from customers.importing.mapping import Mapping
from customers.importing.planning import Field, Plan
from customers.importing.staging import Staging
from customers.inserting import CHUNK
from customers.models import ChangeSet, Team, User
from customers.money import Rates
from customers.upserting import Written, known_customers, known_products
from customers.upserting.finishing import MANY

if TYPE_CHECKING:
    from customers.importing.running import Options

REASONS = 1000


class Ids:
    """Ids by key, looked up in chunks and remembered while they are few."""

    def __init__(self, look: Callable[[set], dict]):
        self._look = look
        self._known: dict[Any, int] = {}

    def of(self, keys: Iterable) -> dict[Any, int]:
        if len(self._known) > 200_000:
            self._known.clear()
        if missing := {key for key in keys if key is not None} - self._known.keys():
            self._known |= self._look(missing)
        return self._known

    def learn(self, ids: dict) -> None:
        self._known |= ids


@dataclass(slots=True)
class Run:
    """One import under way."""

    kind: "Kind"
    plan: Plan
    options: "Options"
    staging: Staging
    currency: str
    rates: Rates = field(default_factory=Rates)
    counts: Counter = field(default_factory=Counter)
    made: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    touched: set[int] | None = field(default_factory=set)
    change_set: ChangeSet = None  # type: ignore[assignment] # opened with the transaction
    progress: Callable = None  # type: ignore[assignment]
    done: int = 0

    def reject(self, row: int, wrong: dict[str, str]) -> None:
        """``wrong``: by column, why the row cannot be used."""
        self.counts["rejected"] += 1
        for why in wrong.items():
            if why not in self.reasons and len(self.reasons) >= REASONS:
                why = ("", _("other reasons"))
            self.reasons[why] += 1
        [*reasons] = wrong.values()
        if len(wrong) > 1:
            reasons = [f"{column}: {reason}" for column, reason in wrong.items()]
        self.staging.reject(row, _(", ").join(wrong), _("; ").join(reasons))

    def refuse(self, row: int, name: str, reason: str) -> None:
        """Reject a row that was staged already, for one of its fields."""
        self.refuse_for(row, {name: reason})

    def refuse_for(self, row: int, wrong: dict[str, Words]) -> None:
        """The same for several: ``wrong`` is by field."""
        self.reject(row, {self.plan.column(name): str(why) for name, why in wrong.items()})
        self.advance(1)

    def touch(self, ids: set[int]) -> None:
        """Remember whose facts changed, until there are so many that everyone is refreshed."""
        if self.touched is not None:
            self.touched |= ids
            if len(self.touched) > MANY:
                self.touched = None

    def advance(self, rows: int) -> None:
        self.done += rows
        self.progress("writing", self.done / max(self.staging.count, 1), self.done)


class Kind:
    """A kind of file: its fields, what identifies a row, how rows are written."""

    name: ClassVar[str]
    key_field: ClassVar[str]
    totals_follow: ClassVar[bool] = False  # whether the sums of customers depend on these rows
    fields: dict[str, Field]

    def __init__(self, mapping: Mapping):
        self.mapping = mapping

    def key(self, values: tuple) -> str:
        """What rows are grouped by."""
        raise NotImplementedError

    def check(self, values: tuple, run: Run, wrong: dict[str, str]) -> None:
        """Add to ``wrong``, by column, anything about a row that no single cell shows.

        A value whose column stands there already is None.
        """

    def write(self, run: Run) -> None:
        raise NotImplementedError

    @cached_property
    def at(self) -> dict[str, int]:
        """Where a field stands among the values."""
        return {name: i for i, name in enumerate(self.fields)}


def content_key(values: tuple) -> str:
    """A key for rows that have none: made from what they say."""
    text = "\x1f".join("" if value is None else str(value) for value in values)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def records(run: Run) -> Iterator[tuple[int, tuple]]:
    """One record for each key: row number and values; rows that say the same again are duplicates.

    Where rows of one key differ, the last one counts and the others are rejected: taking them one after the other would
    make the same file change things each time it is imported.
    """
    for _key, rows in run.staging.groups():
        number, _digest, values = rows[-1]
        duplicates = 0
        for earlier, _digest, said in rows[:-1]:
            if said == values:
                duplicates += 1
            else:
                reason = _("a later row has the same key and says something else")
                run.refuse(earlier, run.kind.key_field, reason)
        run.counts["duplicate"] += duplicates
        run.advance(duplicates)
        yield number, values


def write_chunk(
    run: Run, chunk: list[tuple[int, Any]], write: Callable[[list], Written]
) -> Written | None:
    """Write (row number, row) pairs and count what became of each."""
    if not chunk:
        return None
    written = write([row for _number, row in chunk])
    run.counts.update(written.verdicts)
    run.touch(written.touched)
    run.advance(len(chunk))
    return written


def chunks(
    run: Run, build: Callable[[list[tuple[int, tuple]]], list[tuple[int, Any]]]
) -> Iterator[list[tuple[int, Any]]]:
    """Records in chunks, each turned into rows by ``build``, which rejects what it cannot use."""
    chunk: list[tuple[int, tuple]] = []
    for record in records(run):
        chunk.append(record)
        if len(chunk) >= CHUNK:
            yield build(chunk)
            chunk = []
    if chunk:
        yield build(chunk)


def customer_ids(source: str) -> Ids:
    def look(external_ids: set[str]) -> dict[str, int]:
        found = known_customers({(source, external_id) for external_id in external_ids})
        return {external_id: pk for (_s, external_id), pk in found.items()}

    return Ids(look)


def product_ids() -> Ids:
    return Ids(known_products)


def person() -> Convert:
    """A colleague by user name or e-mail address, as id."""
    known = {u.username.lower(): u.pk for u in User.objects.only("username")}
    known |= {u.email.lower(): u.pk for u in User.objects.only("email") if u.email}

    def convert(cell: str) -> int:
        if cell.lower() not in known:
            raise BadValue(_("no user of this name"))
        return known[cell.lower()]

    return convert


def team() -> Convert:
    """A team by name, as id."""
    known = {name.lower(): pk for name, pk in Team.objects.values_list("name", "pk")}

    def convert(cell: str) -> int:
        if cell.lower() not in known:
            raise BadValue(_("no team of this name"))
        return known[cell.lower()]

    return convert


def text(limit: int, required=""):
    return Field(lambda _settings: converting.text(limit), required)


def when(required=""):
    """When something happened; what has not yet would stand as the newest fact until it comes."""
    return Field(lambda s: converting.past(converting.moment(s.zone, s.pattern)), required)


def number():
    return Field(lambda s: converting.number(s.decimal))


def price():
    return Field(lambda s: converting.price(s.decimal))


def plain(convert: Convert, required=""):
    return Field(lambda _settings: convert, required)
