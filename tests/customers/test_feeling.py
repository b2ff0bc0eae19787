"""How the latest messages felt, on the score card."""

import pytest
from django.db.models.functions import TruncDate

from customers.feeling import feeling_of, read_of
from customers.models import Interaction, MessageReading
from customers.models.overdue import DaysSince
from tests.customers.pages import ago


@pytest.fixture
def said(customer):
    """The labels of messages, the newest first."""

    def said(*labels, inbound=True):
        for number, label in enumerate(labels):
            talk = Interaction.objects.create(
                customer=customer, channel="email", text="x", occurred_at=ago(1 + number)
            )
            MessageReading.objects.filter(pk=talk.pk).update(label=label, inbound=inbound)

    return said


def felt(customer):
    days = DaysSince(TruncDate("occurred_at"))
    return feeling_of(list(read_of(customer).annotate(days=days).values_list("label", "days")))


def test_the_latest_five_say_it_and_the_five_before_what_was(said, customer):
    said(*["negative"] * 3, "positive", "neutral", *["positive"] * 6)
    feeling = felt(customer)
    assert (feeling.messages, feeling.negative, feeling.label) == (5, 3, "negative")
    assert feeling.before == "positive" and feeling.before_word == "Positive"
    assert -0.5 < feeling.balance < -0.4
    assert feeling.bar == {"x": "29.1", "width": "20.9"}


@pytest.mark.parametrize(
    ("read", "label"),
    [
        ([("neutral", 2), ("negative", 150)], "neutral"),  # long ago
        ([("negative", 2), ("positive", 60), ("positive", 90)], "negative"),
        ([("neutral", 1), ("negative", 1)], "negative"),
        ([("neutral", 1), ("negative", 60), ("neutral", 70), ("neutral", 50)], "neutral"),
        ([("negative", 180)], "negative"),  # nothing newer takes it back
        ([("negative", 181)], None),
    ],
)
def test_it_is_the_feeling_of_now(read, label):
    feeling = feeling_of(read)
    assert (feeling and feeling.label) == label


def test_those_before_are_the_five_that_count_no_more_or_came_earlier():
    feeling = feeling_of([("positive", 3), *[("negative", 200 + n) for n in range(6)]])
    assert (feeling.messages, feeling.label, feeling.before) == (1, "positive", "negative")


def test_one_message_is_enough_and_none_is_nothing(said, customer):
    assert felt(customer) is None
    said("positive")
    feeling = felt(customer)
    assert (feeling.label, feeling.messages, feeling.before) == ("positive", 1, "")


def test_what_the_company_wrote_and_what_is_unread_says_nothing(said, customer):
    said("negative", inbound=False)
    said("")
    assert felt(customer) is None


def test_who_refused_profiling_is_not_judged(said, client, owner, customer):
    said("negative")
    customer.profiling_refused = True
    customer.save()
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    assert "Profiling refused" in body and "Negative<small>" not in body


def test_the_card_says_it_in_words(said, client, owner, customer):
    said("negative", "negative", "neutral")
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    assert (
        "Negative<small>2 of 3</small>" in body
        and "Of the latest 3 messages, the newer counting more" in body
    )
