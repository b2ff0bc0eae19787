"""Note that customers were answered, by telephone or elsewhere: one entry for each answers all that wait of theirs."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from customers.changing import open_change_set
from customers.inserting import CHUNK, chunked, insert_objects
from customers.models import ChangeSet, Interaction, MessageReading
from customers.signals import announce

# How one answers.
WAYS = (
    Interaction.Channel.EMAIL,
    Interaction.Channel.CALL,
    Interaction.Channel.CHAT,
    Interaction.Channel.MEETING,
    Interaction.Channel.SOCIAL,
)


def waiting_of(customers, now: datetime.datetime | None = None):
    """What an answer to these customers, sent now, would answer: nothing that has no date."""
    rows = MessageReading.objects.unanswered().filter(customer__in=customers)
    return rows.filter(occurred_at__lt=now or timezone.now()).order_by()


@transaction.atomic
def note_answered(ids: Collection[int], channel: str, text: str, actor) -> ChangeSet | None:
    """None where nothing of these customers waits. Taken back, the messages wait again once they are gone over."""
    change_set, now = open_change_set(ChangeSet.Source.PAGE, actor), timezone.now()
    waiting: set[int] = set()
    for chunk in chunked(sorted(ids)):
        waiting |= set(waiting_of(chunk, now).values_list("customer", flat=True).distinct())
    if not waiting:
        change_set.delete()
        return None
    insert_objects([
        Interaction(
            customer_id=pk, channel=channel, direction=Interaction.Direction.OUT, text=text, occurred_at=now,
            author=actor, recorded_in=change_set,
        )
        for pk in sorted(waiting)
    ])  # fmt: skip
    # What the reader of messages works out as well, but later.
    answered = 0
    for chunk in chunked(sorted(waiting), CHUNK):
        answered += waiting_of(chunk, now).update(answered_at=now, changed_at=now)
    change_set.counts = {"messages": answered}
    change_set.save(update_fields=["counts"])
    announce(waiting)
    return change_set
