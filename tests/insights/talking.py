"""Customers who write, for the tests of what is learnt from their words."""

from django.utils import timezone

from customers.models import Customer, Interaction, MessageReading
from insights.reading import read_unread
from insights.rereading import is_something_to_read
from tests.ml.voice.spoken import NOW, asked, reviews


def write_reviews(count=240, **fields) -> list[Interaction]:
    """Reviews with stars whose words mean what their stars say, up to yesterday."""
    return write(reviews(count), **fields)


def write_questions(count=120) -> list[Interaction]:
    return write(asked(count).assign(rating=None, occurred_at=NOW), channel="email")


def write(messages, channel="review", **fields) -> list[Interaction]:
    """Two by each customer, in the order of the rows."""
    whom = Customer.objects.bulk_create(
        [Customer(name=f"Writer {number}") for number in range(-(-len(messages) // 2))]
    )
    later = timezone.now() - NOW
    return Interaction.objects.bulk_create(
        [
            Interaction(
                customer=whom[place // 2],
                channel=channel,
                text=row.text,
                rating=None if row.rating is None else int(row.rating),
                occurred_at=row.occurred_at.to_pydatetime() + later
                if hasattr(row.occurred_at, "to_pydatetime")
                else row.occurred_at + later,
                **fields,
            )
            for place, row in enumerate(messages.itertuples(index=False))
        ]
    )


def reading_of(message) -> MessageReading:
    return MessageReading.objects.get(pk=message.pk)


def read_all() -> int:
    """As the reader does, shift after shift; how many messages."""
    done = 0
    while is_something_to_read():
        done += read_unread()
    return done
