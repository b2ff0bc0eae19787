"""Hears of changed facts: notes whose scores are out of date, wakes who scores and who reads what was written."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone

from customers.models import MessageReading
from customers.models.concerns import read_again
from customers.saying import add_up_concerns
from customers.signals import concerns_changed, facts_changed, product_names_changed
from insights.ml.voice.knowledge import spoken
from insights.models import OutdatedVoiceDay, VoiceDay
from insights.requesting import request_full_scoring, send_reading, send_stale

CHUNK = 2000
MANY_NAMES = 40  # that one statement can look for in all messages

# Taking the ids from the customers themselves leaves out those deleted meanwhile. "WHERE" also keeps SQLite
# from reading ON CONFLICT as part of the join. Everybody notes them in the order of their ids: two who note the
# same customers then never wait for each other in a circle.
MARK = """
INSERT INTO insights_stalecustomer (customer_id, counter, since)
SELECT id, 1, %s FROM customers_customer WHERE id IN ({marks}) ORDER BY id
ON CONFLICT (customer_id) DO UPDATE
    SET counter = insights_stalecustomer.counter + 1, set_aside_until = NULL
RETURNING counter
"""


@receiver(facts_changed, dispatch_uid="insights.listening")
def hear(sender, customer_ids: list[int] | None, **kwargs) -> None:
    # Asked for first: a worker that is on its own then scores once, with what the message says.
    if MessageReading.objects.unread().exists():
        transaction.on_commit(send_reading)
    if customer_ids is None:
        request_full_scoring()
    elif mark_stale(customer_ids):
        transaction.on_commit(send_stale)


@receiver(concerns_changed, dispatch_uid="insights.listening.concerns")
def sort_anew(sender, codes: list[str], **kwargs) -> None:
    """The days on which one of these was said are added up anew, and what waits to be read is read."""
    said = VoiceDay.objects.filter(by=VoiceDay.By.INTENT, value__in=codes).order_by()
    days = said.values_list("day", flat=True).distinct()
    OutdatedVoiceDay.objects.bulk_create(
        [OutdatedVoiceDay(day=day) for day in days], batch_size=500, ignore_conflicts=True
    )
    add_up_concerns(codes)
    transaction.on_commit(send_reading)


@receiver(product_names_changed, dispatch_uid="insights.listening.products")
def look_for_products(sender, names: list[str], **kwargs) -> None:
    """Messages that say one of these names are read anew; after an import that names many products, all are."""
    said = {spoken(name) for name in names} - {""}
    if len(said) <= MANY_NAMES:
        read_again(said)
    else:
        read = MessageReading.objects.filter(inbound=True, read_at__isnull=False)
        read.update(read_at=None, changes=F("changes") + 1)
    transaction.on_commit(send_reading)


def mark_stale(customer_ids: Iterable[int]) -> bool:
    """Note these customers; whether one of them was not noted already (then nobody has been woken for it)."""
    ids, news = list(customer_ids), False
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(chunk))
            cursor.execute(MARK.format(marks=marks), [timezone.now(), *chunk])
            news = any(counter == 1 for (counter,) in cursor.fetchall()) or news
    return news
