"""Customers by external id, with what they were before."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils import timezone

from customers.changing import plain, record_changes
from customers.inserting import insert_objects, insert_rows, update_rows
from customers.models import ChangeSet, Customer, CustomerTotals, CustomerValue, ExternalId
from customers.searching import SPELT, words_of
from customers.upserting.ids import set_external_ids
from customers.upserting.rows import (
    CREATED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    CustomerRow,
    Written,
    differs,
)
from customers.upserting.tags import set_tags


def known_customers(keys: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Customer ids by (source, external id)."""
    if not keys:
        return {}
    sources, ids = {source for source, _id in keys}, {external_id for _s, external_id in keys}
    rows = ExternalId.objects.filter(source__in=sources, external_id__in=ids)
    return {(s, e): c for s, e, c in rows.values_list("source", "external_id", "customer_id")}


def upsert_customers(
    rows: list[CustomerRow], change_set: ChangeSet, owner=None, team=None
) -> Written:
    """Create or update; who is created gets ``owner`` and ``team``, unless the row has its own."""
    known = known_customers({(row.source, row.external_id) for row in rows})
    written, seen = Written(), set()
    fresh: list[tuple[CustomerRow, Customer]] = []
    later: list[tuple[CustomerRow, int]] = []
    made: dict[tuple[str, str], Customer] = {}
    for row in rows:
        key = (row.source, row.external_id)
        if key in seen:
            written.verdicts.append(DUPLICATE)
        elif key in known:
            written.verdicts.append(UNCHANGED)
            later.append((row, known[key]))
        else:
            written.verdicts.append(CREATED)
            made[key] = _new(row, change_set, owner, team)
            fresh.append((row, made[key]))
        seen.add(key)
    _create(fresh)
    previous = _update(later)
    ids = known | {key: customer.pk for key, customer in made.items()}
    written.ids = [ids[row.source, row.external_id] for row in rows]
    for name, set_ in (("tags", set_tags), ("external_ids", set_external_ids)):
        _set_parts(rows, written, previous, name, set_)
    record_changes(change_set, Customer, previous)
    for at, pk in enumerate(written.ids):
        if written.verdicts[at] == UNCHANGED and pk in previous:
            written.verdicts[at] = UPDATED
    written.touched = previous.keys() | {customer.pk for _row, customer in fresh}
    return written


def _set_parts(
    rows: list[CustomerRow], written: Written, previous: dict, name: str, set_: Callable
) -> None:
    """Set the tags, or the ids, that rows name, and add to ``previous`` what they were."""
    wanted = {
        pk: getattr(row, name)
        for row, pk, verdict in zip(rows, written.ids, written.verdicts, strict=True)
        if getattr(row, name) is not None and verdict != DUPLICATE
    }
    old = {
        pk
        for pk, verdict in zip(written.ids, written.verdicts, strict=True)
        if verdict == UNCHANGED
    }
    for pk, before in (set_(wanted) if wanted else {}).items():
        if pk in old:
            previous.setdefault(pk, {})[name] = before


def _new(row: CustomerRow, change_set: ChangeSet, owner, team) -> Customer:
    fields = _columns({"name": row.external_id, "owner": owner, "team": team}) | _columns(
        row.fields
    )
    return Customer(**fields, attributes=_there(row.attributes), recorded_in=change_set)


def _there(attributes: dict[str, Any]) -> dict[str, Any]:
    """Without those that are taken away."""
    return {name: value for name, value in attributes.items() if value is not None}


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    """The same under attribute names: ``owner_id`` and its id where an owner was given."""
    return {
        Customer._meta.get_field(name).attname: value.pk
        if isinstance(value, models.Model)
        else value
        for name, value in fields.items()
    }


def _create(fresh: list[tuple[CustomerRow, Customer]]) -> None:
    customers = [customer for _row, customer in fresh]
    insert_objects(customers)
    insert_rows(
        ExternalId,
        ("customer_id", "source", "external_id"),
        ((customer.pk, row.source, row.external_id) for row, customer in fresh),
    )
    now = timezone.now()
    insert_rows(
        CustomerTotals,
        ("customer_id", "orders", "returns", "value", "updated_at"),
        ((customer.pk, 0, 0, 0, now) for customer in customers),
    )
    insert_rows(
        CustomerValue,
        ("customer_id", "field", "value", "valid_from", "recorded_at"),
        (
            (customer.pk, field, value, row.valid_from, now)
            for row, customer in fresh
            for field, value in _kept(row.fields, _there(row.attributes)).items()
        ),
    )


def _kept(fields: dict[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
    """The values whose past a snapshot may ask for, under the names they have in CustomerValue."""
    kept = {f"attribute:{name}": value for name, value in attributes.items()}
    if "lifecycle" in fields:
        kept["lifecycle"] = str(fields["lifecycle"])
    return kept


def _update(rows: list[tuple[CustomerRow, int]]) -> dict[int, dict]:
    """Apply what differs; returns what the customers that changed were before, by id."""
    # In one order, or two who write the same customers wait for each other; and without holding up those who
    # only write facts about them.
    locked = Customer.objects.select_for_update(no_key=True).order_by("pk")
    customers = locked.in_bulk({pk for _row, pk in rows})
    previous: dict[int, dict] = {}
    changed: list[tuple[CustomerRow, Customer, dict]] = []
    names: set[str] = set()
    for row, pk in rows:
        customer = customers[pk]
        before = _apply(row, customer)
        if before:
            previous[pk] = {name: plain(value) for name, value in before.items()} | previous.get(
                pk, {}
            )
            changed.append((row, customer, before))
            names |= before.keys()
    if changed:
        _keep_values(changed)
        now = timezone.now()
        if not names.isdisjoint(SPELT):
            names.add("search_words")
            for _row, customer, _before in changed:
                customer.search_words = words_of(customer.name, customer.company, customer.phone)
        objects = {customer.pk: customer for _row, customer, _before in changed}
        values = (
            (*(getattr(c, name) for name in sorted(names)), now, pk) for pk, c in objects.items()
        )
        update_rows(Customer, [*sorted(names), "updated_at"], values)
    return previous


def _apply(row: CustomerRow, customer: Customer) -> dict:
    """Set what differs on the instance; returns what it was, by attribute name."""
    before = {}
    for attname, value in _columns(row.fields).items():
        if differs(attname, getattr(customer, attname), value):
            before[attname] = getattr(customer, attname)
            setattr(customer, attname, value)
    new = {k: v for k, v in row.attributes.items() if customer.attributes.get(k) != v}
    if new:
        before["attributes"] = customer.attributes
        customer.attributes = _there(customer.attributes | new)
    return before


def _keep_values(changed: list[tuple[CustomerRow, Customer, dict]]) -> None:
    """Append what is new; a value known for the first time holds since ever, a later one since now."""
    now = timezone.now()
    ids = [customer.pk for _row, customer, _before in changed]
    known = set(CustomerValue.objects.filter(customer__in=ids).values_list("customer_id", "field"))
    rows: list[CustomerValue] = []
    for row, customer, before in changed:
        was = _kept(
            {"lifecycle": before.get("lifecycle", customer.lifecycle)},
            before.get("attributes", customer.attributes),
        )
        is_now = _kept({"lifecycle": customer.lifecycle}, customer.attributes)
        for field in is_now | was:  # what was taken away is nothing from now on
            value = is_now.get(field)
            if field in was and was[field] == value:
                continue
            first = (customer.pk, field) not in known
            if first and field in was:
                rows.append(CustomerValue(customer=customer, field=field, value=was[field]))
            since = row.valid_from or (None if first and field not in was else now)
            rows.append(
                CustomerValue(customer=customer, field=field, value=value, valid_from=since)
            )
    CustomerValue.objects.bulk_create(rows, batch_size=2000)
