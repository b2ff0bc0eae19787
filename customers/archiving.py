"""Out of the lists and back, for customers and products; and away for good, where nothing speaks of them.

An exchange rate goes for good as well, where nothing was converted with it.

What has happened stays explainable: who has bought or written, and what was sold, is archived and never deleted.
"""

import datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.changing import open_change_set, plain, record_changes
from customers.editing import edit_customer, edit_product
from customers.models import (
    Change,
    ChangeSet,
    Customer,
    Event,
    ExchangeRate,
    Interaction,
    Order,
    OrderLine,
    Product,
    Task,
)

# What keeps a record from being deleted.
SPEAK_OF = {
    Customer: ("customer", (Order, Interaction, Event, Task)),
    Product: ("product", (OrderLine, Interaction, Event)),
}


class InUse(Exception):
    """The sentence says what to do instead."""


def archive(row: Customer | Product, actor, source: str = ChangeSet.Source.PAGE):
    """From now on; who is archived stays so since when they were. What the edit says, false where nothing differs."""
    row.archived_at = row.archived_at or timezone.now()
    return _store(row, actor, source)


def restore(row: Customer | Product, actor, source: str = ChangeSet.Source.PAGE):
    row.archived_at = None
    return _store(row, actor, source)


def _store(row: Customer | Product, actor, source: str):
    edit = edit_customer if isinstance(row, Customer) else edit_product
    return edit(row, ["archived_at"], actor, source)


@transaction.atomic
def delete(row: Customer | Product, actor, source: str) -> None:
    """Delete what nothing speaks of, and note that it was there. Raises InUse."""
    model = type(row)
    name, facts = SPEAK_OF[model]
    if any(fact.objects.filter(**{name: row}).exists() for fact in facts):
        if model is Customer:
            words = _(
                "There are orders, messages, visits or tasks of this customer. Archive them, or erase them for good."
            )
            raise InUse(words)
        raise InUse(_("Orders, messages or visits speak of this product. Archive it."))
    # Of a person nothing is kept, what they were called before included; of a product all of it.
    whole = {f.attname: plain(getattr(row, f.attname)) for f in model._meta.concrete_fields}
    kept = {"id": row.pk} if model is Customer else whole
    if model is Customer:
        Change.objects.filter(model=model._meta.model_name, object_id=row.pk).delete()
    record_changes(open_change_set(source, actor), model, {row.pk: kept})
    row.delete()


@transaction.atomic
def delete_rate(rate: ExchangeRate, actor, source: str) -> None:
    """Delete an exchange rate that nothing was converted with, and note that it was there. Raises InUse."""
    others = ExchangeRate.objects.filter(currency=rate.currency).exclude(pk=rate.pk)
    later = others.filter(valid_from__gt=rate.valid_from).order_by("valid_from").first()
    orders = Order.objects.filter(currency=rate.currency, occurred_at__gte=_midnight(rate))
    if later:
        orders = orders.filter(occurred_at__lt=_midnight(later))
    if orders.exists():
        raise InUse(
            _(
                "There are orders that were converted at this rate. Correct it, or set one of a later day."
            )
        )
    if not others.exists() and Product.objects.filter(currency=rate.currency).exists():
        raise InUse(_("There are products with prices in this currency, which has no other rate."))
    whole = {f.attname: plain(getattr(rate, f.attname)) for f in rate._meta.concrete_fields}
    record_changes(open_change_set(source, actor), ExchangeRate, {rate.pk: whole})
    rate.delete()


def _midnight(rate: ExchangeRate) -> datetime.datetime:
    """From when on it holds: days of rates are those of UTC."""
    return datetime.datetime.combine(rate.valid_from, datetime.time(), datetime.UTC)


def was_deleted(model: type[Model], pk: str) -> bool:
    """Whether there was once a record of this id, which may be anything that stood in an address."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return False
    known = Change.objects.filter(model=model._meta.model_name, object_id=pk)
    return known.exists() and not model._base_manager.filter(pk=pk).exists()
