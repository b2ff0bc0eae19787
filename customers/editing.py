"""Change a customer or product: previous values recorded, earlier values kept for snapshots, the change announced."""

import datetime
import math
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from customers import product_names
from customers.changing import (
    open_change_set,
    plain,
    previous_values,
    record_changes,
    save_changed,
)
from customers.models import (
    ChangeSet,
    CustomAttribute,
    Customer,
    CustomerValue,
    Product,
    ProductValue,
    Tag,
)
from customers.noticing import tell_followers, tell_owner
from customers.signals import announce, announce_product_names

WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@transaction.atomic
def edit_customer(
    customer: Customer,
    fields: Iterable[str],
    actor=None,
    source: str = ChangeSet.Source.PAGE,
    tags: list[Tag] | None = None,
) -> ChangeSet | None:
    """Store those of ``fields`` that differ from the database, and exactly these ``tags`` where they are given;
    returns the change set, None where nothing differs."""
    change_set = open_change_set(source, actor)
    changed = store_customer(customer, fields, change_set)
    tagged = tags is not None and store_tags(customer, tags, change_set)
    if "owner" in changed:
        tell_owner(customer, actor, change_set)
        if customer.owner:
            tell_followers([customer.pk], customer.owner, actor, change_set)
    if changed or tagged:
        return change_set
    change_set.delete()
    return None


def store_customer(customer: Customer, fields: Iterable[str], change_set: ChangeSet) -> list[str]:
    """Store those of ``fields`` that differ, as part of a change set; returns their names."""
    before = (
        Customer.objects.select_for_update(no_key=True)
        .values("lifecycle", "attributes")
        .get(pk=customer.pk)
    )
    changed = save_changed(customer, change_set, fields)
    if changed:
        keep_values(customer, before, timezone.now())
        announce([customer.pk])
    return changed


def keep_values(customer: Customer, before: dict, now: datetime.datetime) -> None:
    """Append lifecycle and custom attributes that differ from ``before`` to the customer's earlier values."""
    after = {"lifecycle": customer.lifecycle}
    was = {"lifecycle": before["lifecycle"]}
    after |= {f"attribute:{k}": v for k, v in customer.attributes.items()}
    was |= {f"attribute:{k}": v for k, v in before["attributes"].items()}
    changed = [f for f in sorted(after.keys() | was.keys()) if after.get(f) != was.get(f)]
    known = set(CustomerValue.objects.filter(customer=customer).values_list("field", flat=True))
    # The first change is the last chance to note what was so before, for as long as anybody knows.
    first = [
        CustomerValue(customer=customer, field=f, value=was[f])
        for f in changed
        if f in was.keys() - known
    ]
    CustomerValue.objects.bulk_create(
        first
        + [
            CustomerValue(customer=customer, field=f, value=after.get(f), valid_from=now)
            for f in changed
        ]
    )


@transaction.atomic
def edit_product(
    product: Product, fields: Iterable[str], actor=None, source: str = ChangeSet.Source.PAGE
) -> list[str]:
    """Store those of ``fields`` that differ; what price and stock were stays known."""
    kept = ("price", "in_stock")
    was = previous_values(product, [*kept, *product_names.FIELDS])
    change_set = open_change_set(source, actor)
    changed = save_changed(product, change_set, fields)
    if not changed:
        change_set.delete()
    announce_product_names(product_names.changed_names(was, product))
    known = set(ProductValue.objects.filter(product=product).values_list("field", flat=True))
    now = timezone.now()
    for field in [f for f in kept if f in changed]:
        if field not in known:
            ProductValue.objects.create(product=product, field=field, value=was[field])
        value = plain(getattr(product, field))
        ProductValue.objects.create(product=product, field=field, value=value, valid_from=now)
    return changed


@transaction.atomic
def set_tags(
    customer: Customer, tags, actor=None, source: str = ChangeSet.Source.PAGE
) -> ChangeSet | None:
    """None where the customer has these and no others."""
    change_set = open_change_set(source, actor)
    if store_tags(customer, tags, change_set):
        return change_set
    change_set.delete()
    return None


def store_tags(customer: Customer, tags, change_set: ChangeSet) -> bool:
    """Give a customer exactly these tags, as part of a change set; whether that changed any."""
    Customer.objects.select_for_update(no_key=True).values_list("pk").get(pk=customer.pk)
    before = sorted(customer.tags.values_list("pk", flat=True))
    if before == sorted(tag.pk for tag in tags):
        return False
    record_changes(change_set, Customer, {customer.pk: {"tags": before}})
    customer.tags.set(tags)
    return True


def attribute_types() -> dict[str, str]:
    """The types of the custom attributes, by name."""
    return dict(CustomAttribute.objects.values_list("name", "type"))


def clean_attributes(values: dict, types: dict[str, str] | None = None) -> dict:
    """Custom attributes checked against their definitions, empty ones dropped; raises ValidationError by name."""
    types = attribute_types() if types is None else types
    clean, errors = {}, {}
    for name, value in values.items():
        if name not in types:
            message = _("There is no custom attribute of this name.")
            errors[name] = ValidationError(message, "does_not_exist")
        elif value not in (None, ""):
            try:
                clean[name] = clean_value(types[name], value)
            except (TypeError, ValueError, OverflowError):
                message = _("This is not a value of the type “%(type)s”.")
                label = CustomAttribute.Type(types[name]).label
                errors[name] = ValidationError(message, "invalid", {"type": label})
    if errors:
        raise ValidationError(errors)
    return clean


def clean_value(type_: str, value):
    """One value as JSON holds it: number, true or false, ISO date, or text.

    Raises ValueError, TypeError or OverflowError.
    """
    if isinstance(value, dict | list):
        raise TypeError(value)
    match type_:
        case CustomAttribute.Type.NUMBER:
            number = float(value)
            if isinstance(value, bool) or not math.isfinite(number):
                raise ValueError(value)
            return int(number) if number.is_integer() else number
        case CustomAttribute.Type.BOOLEAN:
            word = str(value).strip().lower()
            if word not in WORDS:
                raise ValueError(value)
            return WORDS[word]
        case CustomAttribute.Type.DATE:
            day = value if isinstance(value, datetime.date) else parse_date(str(value))
            if day is None:
                raise ValueError(value)
            return day.isoformat()
    text = str(value)
    if len(text) > 1000 or "\x00" in text:
        raise ValueError(value)
    text.encode()  # half a character, which JSON can escape and no database stores, is a ValueError as well
    return text
