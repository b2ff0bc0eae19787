"""Events and interactions: many rows, each known by a key or by its content."""

import datetime
import hashlib
import uuid

from django.utils import timezone

from customers.changing import plain, record_changes
from customers.inserting import insert_rows, reserve_ids
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
INTERACTION = tuple(
    name for name in InteractionRow.__dataclass_fields__ if name not in ("source", "external_id")
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


def interaction_id(row: InteractionRow) -> str:
    """An external id made from the content, for files whose rows have none."""
    content = [getattr(row, name) for name in INTERACTION if name != "occurred_at"]
    return _digest(*content, _utc(row.occurred_at)).hex()


def add_events(rows: list[EventRow], change_set: ChangeSet) -> Written:
    """Store events that are not known yet; an event never changes."""
    keys = [row.key or event_key(row) for row in rows]
    known = dict(Event.objects.filter(key__in=keys).values_list("key", "pk"))
    written = Written()
    fresh: dict[uuid.UUID, EventRow] = {}
    for key, row in zip(keys, rows, strict=True):
        if key in fresh:
            written.verdicts.append(DUPLICATE)
        elif key in known:
            written.verdicts.append(UNCHANGED)
        else:
            written.verdicts.append(CREATED)
            written.touched.add(row.customer_id)
            fresh[key] = row
    ids = reserve_ids(Event, len(fresh)) if fresh else []
    now = timezone.now()
    insert_rows(
        Event,
        ("id", "recorded_at", "recorded_in_id", *EVENT),
        (
            (pk, now, change_set.pk, *(getattr(row, name) for name in EVENT[:-1]), key)
            for pk, (key, row) in zip(ids, fresh.items(), strict=True)
        ),
    )
    known |= dict(zip(fresh, ids, strict=True))
    written.ids = [known[key] for key in keys]
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
    Interaction.objects.bulk_create(fresh)
    _update([known_ for known_ in known.values() if known_.pk in changed], changed, change_set)
    written.touched.discard(None)
    written.ids = [interaction.pk for interaction in objects]
    return written


def _known(keys: set[tuple[str, str]]) -> dict[tuple, Interaction]:
    found: dict[tuple, Interaction] = {}
    for source in {source for source, _id in keys}:
        ids = [external_id for s, external_id in keys if s == source]
        rows = Interaction.objects.select_for_update().filter(source=source, external_id__in=ids)
        found |= {(source, row.external_id): row for row in rows}
    return found


def _new(row: InteractionRow, change_set: ChangeSet) -> Interaction:
    values = {name: getattr(row, name) for name in InteractionRow.__dataclass_fields__}
    return Interaction(**values, recorded_in=change_set)


def _apply(row: InteractionRow, interaction: Interaction) -> dict:
    before = {}
    for name in INTERACTION:
        if getattr(interaction, name) != getattr(row, name):
            before[name] = getattr(interaction, name)
            setattr(interaction, name, getattr(row, name))
    return before


def _update(objects: list[Interaction], changed: dict[int, dict], change_set: ChangeSet) -> None:
    if not objects:
        return
    names = sorted({name for before in changed.values() for name in before})
    Interaction.objects.bulk_update(objects, names, batch_size=200)
    previous = {pk: {k: plain(v) for k, v in before.items()} for pk, before in changed.items()}
    record_changes(change_set, Interaction, previous)
