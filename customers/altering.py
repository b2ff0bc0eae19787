"""Give many customers other values in a few statements: what they were is recorded, what snapshots ask for is kept."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from customers.changing import plain, record_changes
from customers.inserting import CHUNK, update_rows
from customers.models import ChangeSet, Customer, CustomerValue
from customers.searching import SPELT, words_of


def store_many(
    customers: Iterable[Customer], values: dict[int, dict[str, Any]], change_set: ChangeSet
) -> list[int]:
    """Store those of the ``values`` (by customer, by column) that differ; returns whose did.

    The customers are locked rows of the caller's transaction.
    """
    before: dict[int, dict] = {}
    changed: list[Customer] = []
    names: set[str] = set()
    for customer in customers:
        new = values[customer.pk]
        was = {n: getattr(customer, n) for n, value in new.items() if getattr(customer, n) != value}
        if not was:
            continue
        for name in was:
            setattr(customer, name, new[name])
        customer.search_words = words_of(*(getattr(customer, name) for name in SPELT))
        before[customer.pk] = {name: plain(value) for name, value in was.items()}
        changed.append(customer)
        names |= was.keys()
    columns = [*sorted(names), "search_words", "updated_at"]
    now = timezone.now()
    rows = ((*(getattr(c, n) for n in columns[:-1]), now, c.pk) for c in changed)
    if changed:
        update_rows(Customer, columns, rows)
        record_changes(change_set, Customer, before)
        _keep_values(changed, before, now)
    return list(before)


def _keep_values(customers: list[Customer], before: dict[int, dict], now) -> None:
    """Append lifecycle and custom attributes that differ to the customers' earlier values."""
    known = set(
        CustomerValue.objects.filter(customer__in=before).values_list("customer_id", "field")
    )
    rows = []
    for customer in customers:
        is_now = {"lifecycle": customer.lifecycle, "attributes": customer.attributes}
        was = _kept(
            **{name: before[customer.pk].get(name, value) for name, value in is_now.items()}
        )
        after = _kept(**is_now)
        for field in sorted(was.keys() | after.keys()):
            if was.get(field) == after.get(field):
                continue
            # The first change is the last chance to note what was so before.
            if field in was and (customer.pk, field) not in known:
                rows.append(CustomerValue(customer=customer, field=field, value=was[field]))
            new = after.get(field)
            rows.append(CustomerValue(customer=customer, field=field, value=new, valid_from=now))
    CustomerValue.objects.bulk_create(rows, batch_size=CHUNK)


def _kept(lifecycle: str, attributes: dict[str, Any]) -> dict[str, Any]:
    """What a snapshot may ask for, under the names it has in CustomerValue."""
    return {"lifecycle": lifecycle} | {f"attribute:{k}": v for k, v in attributes.items()}
