"""Out of the lists and back, for customers and products; and away for good, where nothing speaks of them.

What has happened stays explainable: who has bought or written, and what was sold, is archived and never deleted.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.changing import open_change_set, plain, record_changes
from customers.editing import edit_customer, edit_product
from customers.models import (
    Change,
    ChangeSet,
    Customer,
    Event,
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
            raise InUse(
                _("There are orders, messages, visits or tasks of this customer. Archive them.")
            )
        raise InUse(_("Orders, messages or visits speak of this product. Archive it."))
    # Of a person nothing is kept, what they were called before included; of a product all of it.
    whole = {f.attname: plain(getattr(row, f.attname)) for f in model._meta.concrete_fields}
    kept = {"id": row.pk} if model is Customer else whole
    if model is Customer:
        Change.objects.filter(model=model._meta.model_name, object_id=row.pk).delete()
    record_changes(open_change_set(source, actor), model, {row.pk: kept})
    row.delete()


def was_deleted(model: type[Customer | Product], pk: str) -> bool:
    """Whether there was once a record of this id, which may be anything that stood in an address."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return False
    known = Change.objects.filter(model=model._meta.model_name, object_id=pk)
    return known.exists() and not model.objects.filter(pk=pk).exists()
