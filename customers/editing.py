"""Change a customer or product: previous values recorded, earlier values kept for snapshots, the change announced."""

import datetime
import math
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from customers.changing import open_change_set, plain, record_changes, save_changed
from customers.models import (
    ChangeSet,
    CustomAttribute,
    Customer,
    CustomerValue,
    Product,
    ProductValue,
)
from customers.signals import announce

WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@transaction.atomic
def edit_customer(
    customer: Customer, fields: Iterable[str], actor=None, source: str = ChangeSet.Source.PAGE
) -> list[str]:
    """Store those of ``fields`` that differ from the database; returns their names."""
    before = (
        Customer.objects.select_for_update().values("lifecycle", "attributes").get(pk=customer.pk)
    )
    change_set = open_change_set(source, actor)
    changed = save_changed(customer, change_set, fields)
    if not changed:
        change_set.delete()
        return []
    keep_values(customer, before, timezone.now())
    announce([customer.pk])
    return changed


def keep_values(customer: Customer, before: dict, now: datetime.datetime) -> None:
    """Append lifecycle and custom attributes that differ from ``before`` to the customer's earlier values."""
    after = {"lifecycle": customer.lifecycle}
    was = {"lifecycle": before["lifecycle"]}
    after |= {f"attribute:{k}": v for k, v in customer.attributes.items()}
    was |= {f"attribute:{k}": v for k, v in before["attributes"].items()}
    CustomerValue.objects.bulk_create(
        CustomerValue(customer=customer, field=field, value=after.get(field), valid_from=now)
        for field in sorted(after.keys() | was.keys())
        if after.get(field) != was.get(field)
    )


@transaction.atomic
def edit_product(
    product: Product, fields: Iterable[str], actor=None, source: str = ChangeSet.Source.PAGE
) -> list[str]:
    """Store those of ``fields`` that differ; what price and stock were stays known."""
    change_set = open_change_set(source, actor)
    changed = save_changed(product, change_set, fields)
    if not changed:
        change_set.delete()
    now = timezone.now()
    ProductValue.objects.bulk_create(
        ProductValue(
            product=product, field=field, value=plain(getattr(product, field)), valid_from=now
        )
        for field in changed
        if field in ("price", "in_stock")
    )
    return changed


@transaction.atomic
def set_tags(customer: Customer, tags, actor=None, source: str = ChangeSet.Source.PAGE) -> None:
    before = sorted(customer.tags.values_list("pk", flat=True))
    if before != sorted(tag.pk for tag in tags):
        record_changes(open_change_set(source, actor), Customer, {customer.pk: {"tags": before}})
        customer.tags.set(tags)


def clean_attributes(values: dict) -> dict:
    """Custom attributes checked against their definitions, empty ones dropped; raises ValidationError by name."""
    types = dict(CustomAttribute.objects.values_list("name", "type"))
    clean, errors = {}, {}
    for name, value in values.items():
        if name not in types:
            errors[name] = _("There is no custom attribute of this name.")
        elif value not in (None, ""):
            try:
                clean[name] = clean_value(types[name], value)
            except (TypeError, ValueError):
                errors[name] = _("This is not a value of the type “%(type)s”.") % {
                    "type": CustomAttribute.Type(types[name]).label
                }
    if errors:
        raise ValidationError(errors)
    return clean


def clean_value(type_: str, value):
    """One value as JSON holds it: number, true or false, ISO date, or text. Raises ValueError or TypeError."""
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
    return text
