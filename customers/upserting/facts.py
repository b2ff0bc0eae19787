"""Events and interactions: many rows, each known by a key or by its content."""

import datetime
import hashlib
import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from customers.changing import plain, record_changes
from customers.inserting import chunked, insert_new_rows, insert_objects, update_rows
from customers.models import ChangeSet, Event, Interaction
from customers.upserting.rows import (
    CREATED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    EventRow,
    InteractionRow,
    Written,
)

EVENT = ("customer_id", "kind", "subject", "product_id", "seconds", "occurred_at", "key")
KEY = ("source", "external_id")
INTERACTION = tuple(
    name for name in InteractionRow.__dataclass_fields__ if name not in (*KEY, "keeps_author")
)


def _digest(*parts) -> bytes:
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _utc(moment: datetime.datetime | None) -> str:
    return moment.astimezone(datetime.UTC).isoformat() if moment else ""


def event_key(row: EventRow) -> uuid.UUID:
    """The key of an event whose sender gave none: made from its content."""
    content = (row.customer_id, row.kind, row.subject, row.product_id, row.seconds)
    return uuid.UUID(bytes=_digest(*content, _utc(row.occurred_at)))


def named_event_key(source: str, key: str) -> uuid.UUID:
    """The sender's key; one that is no UUID becomes one, the same each time and of that source alone."""
    try:
        return uuid.UUID(key)
    except ValueError:
        return uuid.UUID(bytes=_digest(source, key))


def interaction_id(row: InteractionRow) -> str:
    """An external id made from the content, for files whose rows have none."""
    content = [getattr(row, name) for name in INTERACTION if name != "occurred_at"]
    return _digest(*content, _utc(row.occurred_at)).hex()


def add_events(rows: list[EventRow], change_set: ChangeSet) -> Written:
    """Store events that are not known yet; an event never changes."""
    keys = [row.key or event_key(row) for row in rows]
    first: dict[uuid.UUID, EventRow] = {}
    for key, row in zip(keys, rows, strict=True):
        first.setdefault(key, row)
    now = timezone.now()
    # In the order of the keys: two who store the same ones then never wait for each other in a circle.
    values = [
        (now, change_set.pk, *(getattr(row, name) for name in EVENT[:-1]), key)
        for key, row in sorted(first.items(), key=lambda item: item[0].int)
    ]
    made = insert_new_rows(Event, ("recorded_at", "recorded_in_id", *EVENT), values, "key")
    known = dict(made)
    if missing := first.keys() - made.keys():
        known |= dict(Event.objects.filter(key__in=missing).values_list("key", "pk"))
    written = Written([known[key] for key in keys])
    for key, row in zip(keys, rows, strict=True):
        if first[key] is not row:
            written.verdicts.append(DUPLICATE)
        elif key in made:
            written.verdicts.append(CREATED)
            written.touched.add(row.customer_id)
        else:
            written.verdicts.append(UNCHANGED)
    return written


def add_interactions(rows: list[InteractionRow], change_set: ChangeSet) -> Written:
    """Store interactions; one whose external id is known is updated where it differs."""
    known = _known({(r.source, r.external_id) for r in rows if r.external_id})
    written, seen = Written(), set()
    objects: list[Interaction] = []
    fresh: list[Interaction] = []
    changed: dict[int, dict] = {}
    made: dict[tuple, Interaction] = dict(known)
    for row in rows:
        key = (row.source, row.external_id)
        if row.external_id and key in seen:
            verdict = DUPLICATE
        elif row.external_id and key in known:
            before = _apply(row, known[key])
            verdict = UPDATED if before else UNCHANGED
            if before:
                changed[known[key].pk] = before
                written.touched |= {before.get("customer_id"), row.customer_id}
        else:
            verdict = CREATED
            made[key] = _new(row, change_set)
            fresh.append(made[key])
            written.touched.add(row.customer_id)
        seen.add(key)
        objects.append(made[key])
        written.verdicts.append(verdict)
    insert_objects(fresh)
    _update([known_ for known_ in known.values() if known_.pk in changed], changed, change_set)
    written.touched.discard(None)
    written.ids = [interaction.pk for interaction in objects]
    return written


def known_interactions(keys: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Ids of the interactions that are stored already, by (source, external id)."""
    found: dict[tuple[str, str], int] = {}
    for chunk in chunked(sorted(keys)):
        rows = _of_keys(chunk).values_list("source", "external_id", "pk")
        found |= {(source, external_id): pk for source, external_id, pk in rows}
    return found


def _of_keys(keys: Iterable[tuple[str, str]]) -> QuerySet[Interaction]:
    sources, ids = {source for source, _id in keys}, {external_id for _s, external_id in keys}
    return Interaction.objects.filter(source__in=sources, external_id__in=ids)


def _known(keys: set[tuple[str, str]]) -> dict[tuple, Interaction]:
    if not keys:
        return {}
    rows = _of_keys(keys).select_for_update(no_key=True).order_by("pk")
    return {(row.source, row.external_id): row for row in rows}


def _new(row: InteractionRow, change_set: ChangeSet) -> Interaction:
    values = {name: getattr(row, name) for name in (*INTERACTION, *KEY)}
    return Interaction(**values, recorded_in=change_set)


def _apply(row: InteractionRow, interaction: Interaction) -> dict:
    before = {}
    if row.keeps_author:
        row.author_id = interaction.author_id
    for name in INTERACTION:
        if getattr(interaction, name) != getattr(row, name):
            before[name] = getattr(interaction, name)
            setattr(interaction, name, getattr(row, name))
    return before


def _update(objects: list[Interaction], changed: dict[int, dict], change_set: ChangeSet) -> None:
    if not objects:
        return
    names = sorted({name for before in changed.values() for name in before})
    now = timezone.now()
    values = ((*(getattr(one, name) for name in names), now, one.pk) for one in objects)
    update_rows(Interaction, [*names, "updated_at"], values)
    previous = {pk: {k: plain(v) for k, v in before.items()} for pk, before in changed.items()}
    record_changes(change_set, Interaction, previous)
