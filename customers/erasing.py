"""Erase a customer: all that was ever stored about one person or organisation goes, at once and for good.

Archiving loses nothing, and deleting is for slips, where nothing speaks of the record; this is for somebody who asks to
be forgotten. It is kept that it was done: which id, when, and by whom.

All of it goes in one transaction. Where there is so much that a page would wait for it, a worker does it: it removes
the visits first, some at a time, so that nobody else who writes waits for long either.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from customers.attaching import remove_files_of
from customers.changing import open_change_set, record_changes
from customers.filtering.tree import Unreadable, from_json
from customers.importing.rejecting import forget_rows
from customers.inserting import chunked
from customers.models import (
    Attachment,
    Change,
    ChangeSet,
    Customer,
    Erasure,
    Event,
    Interaction,
    KeyedAnswer,
    ListExport,
    Order,
    SavedView,
    Task,
)
from customers.removing import delete
from customers.signals import announce, erasing
from customers.upserting import in_one_transaction
from customers.waking import wake

AT_ONCE = 20_000  # rows, of all kinds; more are a worker's
STEP = 5_000
SILENT = datetime.timedelta(minutes=1)
# What the history and the admin site's log speak of by its id alone. Visits are never changed.
SPOKEN_OF = (Customer, Order, Interaction, Task, Attachment)
# Theirs have the id of what they belong to.
BESIDE_MESSAGES = ("messageassignment", "messagecorrection")
# Of what its writer takes back on a page the history keeps the whole record, and of others whose they were before.
ONCE_THEIRS = ("interaction", "order", "task")
NAMED_BY = ("name", "company", "email", "phone")  # fields of a filter that take such words


def erase(customer: Customer, actor, source: str = ChangeSet.Source.PAGE) -> bool:
    """Whether it is done; else a worker is at it. Who asks again gets what is under way."""
    if is_small(customer.pk):
        erase_at_once(customer.pk, actor, source)
        return True
    visits = customer.events.count()
    asked = {"by": actor, "source": source, "visits": visits}
    with transaction.atomic():
        Erasure.objects.get_or_create(customer=customer, defaults=asked)
        transaction.on_commit(lambda: send(customer.pk))
    return False


def is_small(pk: int) -> bool:
    most = AT_ONCE + 1
    rows = [
        model.objects.filter(customer=pk)[:most].count() for model in (Event, Interaction, Order)
    ]
    return sum(rows) <= AT_ONCE


def erase_at_once(pk: int, actor, source: str) -> None:
    """Nothing happens to a customer who has been erased meanwhile."""
    in_one_transaction(lambda: _erase(pk, actor, source))


def send(pk: int) -> None:
    from customers.tasks import erase_customer

    wake(erase_customer, pk)


def erase_in_steps(pk: int) -> None:
    """What a worker does; one that is killed on the way, or is at it beside another, does no harm."""
    asked = Erasure.objects.select_related("by").filter(pk=pk).first()
    if asked is None:
        return
    while ids := list(
        Event.objects.filter(customer=pk).order_by().values_list("pk", flat=True)[:STEP]
    ):
        Event.objects.filter(pk__in=ids).delete()
        Erasure.objects.filter(pk=pk).update(heartbeat_at=timezone.now())
    erase_at_once(pk, asked.by, asked.source)


def see_to(now: datetime.datetime) -> None:
    """Send for those that nobody has been at for a while."""
    silent = Q(heartbeat_at__lt=now - SILENT) | Q(heartbeat_at__gt=now + SILENT)
    for pk in list(Erasure.objects.filter(silent).values_list("pk", flat=True)[:10]):
        Erasure.objects.filter(pk=pk).update(heartbeat_at=now)
        send(pk)


def told(customer: Customer) -> dict[str, int]:
    """How many rows of each kind that people know will go."""
    return {
        "orders": customer.orders.count(),
        "messages": _messages_of(customer.pk).count(),
        "files": Attachment.objects.filter(interaction__in=_messages_of(customer.pk)).count(),
        "visits": customer.events.count(),
        "tasks": customer.tasks.count(),
        "people": customer.children.count(),
    }


def _erase(pk: int, actor, source: str) -> None:
    customer = _hold(pk)
    if customer is None:
        return
    erasing.send(sender=None, customer_ids=[pk])
    names = _names_of(customer)
    messages = _messages_of(pk)
    remove_files_of(Attachment.objects.filter(interaction__in=messages))
    ids = {
        Customer: [pk],
        Order: _ids(Order.objects.filter(customer=pk)),
        Interaction: _ids(messages),
        Task: _ids(Task.objects.filter(customer=pk)),
        Attachment: _ids(Attachment.objects.filter(interaction__in=messages)),
    }
    removed: Counter = Counter()
    delete(Interaction.objects.filter(customer=None, order__customer=pk), removed)
    delete(Customer.objects.filter(pk=pk), removed)
    # Only now: who was changing one of these rows has either done, and is seen, or finds it gone.
    _forget_history(pk, ids)
    _forget_answers(pk)
    _forget_lists()
    _forget_views(customer)
    transaction.on_commit(lambda: forget_rows(names))
    record_changes(open_change_set(source, actor), Customer, {pk: {"id": pk}})


def _hold(pk: int) -> Customer | None:
    """Whoever writes about them has done, or waits and is then told that they are gone.

    In the order in which others take them: the record, what was written, and last the note that facts have changed.
    """
    held = Customer.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if held is not None:
        written = Interaction.objects.filter(customer=pk).order_by("pk")
        list(written.select_for_update().values_list("pk"))
        announce([pk])
    return held


def _messages_of(pk: int) -> models.QuerySet[Interaction]:
    """Also what nobody is known to have written about one of their orders."""
    return Interaction.objects.filter(Q(customer=pk) | Q(customer=None, order__customer=pk))


def _ids(rows: models.QuerySet) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True))


def _names_of(customer: Customer) -> set[str]:
    ids = customer.external_ids.values_list("external_id", flat=True)
    return {customer.name, customer.email, customer.phone, *ids} - {""}


def _forget_history(pk: int, ids: dict[type[models.Model], list[int]]) -> None:
    """What these records were before, in the history and in the admin site's log."""
    kinds = ContentType.objects.get_for_models(*SPOKEN_OF)
    for model in SPOKEN_OF:
        names = [model._meta.model_name]
        if model is Interaction:
            names += BESIDE_MESSAGES
        for chunk in chunked(ids[model]):
            Change.objects.filter(model__in=names, object_id__in=chunk).delete()
            LogEntry.objects.filter(
                content_type=kinds[model], object_id__in=[str(one) for one in chunk]
            ).delete()
    Change.objects.filter(model__in=ONCE_THEIRS, previous__customer_id=pk).delete()


def _forget_answers(pk: int) -> None:
    """A request that is sent again is not done again, but is not told of them any more either."""
    of_customer = Q(body__startswith=f'{{"id":{pk},', body__contains='"profiling_refused":')
    of_facts = Q(body__contains=f'"customer":{pk},') | Q(body__endswith=f'"customer":{pk}}}')
    KeyedAnswer.objects.filter(of_customer | of_facts).update(body="", headers={})


def _forget_lists() -> None:
    """Which of the lists that lie ready as files hold them is not known: all go, and those under way begin anew."""
    ready = ListExport.objects.exclude(
        status__in=(ListExport.Status.QUEUED, ListExport.Status.RUNNING)
    )
    _unlink_after(one.path for one in ready)
    ready.delete()
    running = ListExport.objects.filter(status=ListExport.Status.RUNNING)
    running.update(status=ListExport.Status.QUEUED, heartbeat_at=None)


def _forget_views(customer: Customer) -> None:
    """Lists that look for them by name, also those that were taken away: without it they would show everybody."""
    names = {customer.name.casefold(), customer.email.casefold(), customer.phone} - {""}
    gone = [
        view.pk
        for view in SavedView.objects.order_by()
        if not names.isdisjoint(_sought(view.name, view.search, view.filter))
    ]
    SavedView.objects.filter(pk__in=gone).delete()
    history = Change.objects.filter(model=SavedView._meta.model_name)
    history.filter(object_id__in=gone).delete()
    were = [
        change.pk
        for change in history.order_by()
        if not names.isdisjoint(_sought(*map(change.previous.get, ("name", "search", "filter"))))
    ]
    Change.objects.filter(pk__in=were).delete()


def _sought(name, search, stored) -> set[str]:
    """The texts of a saved list that may be somebody's name, address or number."""
    texts = {name, search}
    with suppress(Unreadable):
        for one in from_json(stored).conditions():
            if one.field in NAMED_BY:
                texts.update(one.values)
    return {text.strip().casefold() for text in texts if text}


def _unlink_after(paths: Iterable) -> None:
    paths = list(paths)
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])
