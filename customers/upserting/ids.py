"""Ids in other systems of many customers at once."""

from customers.inserting import chunked
from customers.models import ExternalId

Key = tuple[str, str]


def set_external_ids(wanted: dict[int, tuple[Key, ...]]) -> dict[int, list[list[str]]]:
    """Give customers exactly these ids; returns what those had before whose ids changed.

    None of the ids may be somebody else's: the database refuses it.
    """
    had: dict[int, set[Key]] = {pk: set() for pk in wanted}
    rows: dict[tuple[int, Key], int] = {}
    stored = ExternalId.objects.filter(customer__in=wanted)
    for pk, customer, *key in stored.values_list("pk", "customer_id", "source", "external_id"):
        had[customer].add((key[0], key[1]))
        rows[customer, (key[0], key[1])] = pk
    changed = [pk for pk in wanted if had[pk] != set(wanted[pk])]
    gone = [rows[pk, key] for pk in changed for key in had[pk].difference(wanted[pk])]
    for chunk in chunked(gone):
        ExternalId.objects.filter(pk__in=chunk).delete()
    fresh = [
        ExternalId(customer_id=pk, source=source, external_id=external_id)
        for pk in changed
        for source, external_id in wanted[pk]
        if (source, external_id) not in had[pk]
    ]
    ExternalId.objects.bulk_create(fresh, batch_size=2000)
    return {pk: [list(key) for key in sorted(had[pk])] for pk in changed}
