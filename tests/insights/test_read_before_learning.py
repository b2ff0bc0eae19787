"""What customers wrote is read before anything is learnt from it: a first training begins as the first reading does."""

from customers.models import Interaction, MessageReading
from insights.refreshing import lease
from insights.requesting import request_training
from insights.running import take
from insights.training import retrain
from tests.customers.pages import ago


def trained(kind="churn") -> list[str]:
    """Steps of a training, which ends early for want of orders."""
    run = request_training(kind, "button", send=False)
    assert take(run.pk)
    retrain(run)
    run.refresh_from_db()
    assert run.status == "done"
    return [step["code"] for step in run.steps]


def write(customer) -> MessageReading:
    talk = Interaction.objects.create(
        customer=customer, channel="email", text="The parcel arrived broken.", occurred_at=ago(1)
    )
    return MessageReading.objects.get(pk=talk.pk)


def test_messages_that_wait_are_read_first(customer):
    message = write(customer)
    assert trained()[:2] == ["read", "load"]
    message.refresh_from_db()
    assert message.read_at and message.label == "negative"


def test_where_all_is_read_nothing_is_waited_for(customer):
    assert trained()[0] == "load"


def test_whoever_reads_is_waited_for_and_not_for_ever(customer, monkeypatch):
    message = write(customer)
    waits = []
    monkeypatch.setattr("insights.reading.time.sleep", waits.append)
    monkeypatch.setattr("insights.reading.LONGEST_READING", 0.5)
    with lease("reading_lease") as renew:
        assert renew
        assert trained()[:2] == ["read", "load"]
    assert waits
    message.refresh_from_db()
    assert message.read_at is None
