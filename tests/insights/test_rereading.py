"""Another model reads messages: those read before are read anew, range by range, whatever happens meanwhile."""

import importlib
import pathlib

import pytest
from django.apps import apps
from django.utils import timezone

from customers.models import Interaction, MessageReading
from insights import rereading, voice_knowledge
from insights.models import FullScoring, Rereading, StaleCustomer
from insights.rereading import hand_over, progress, request_rereading
from insights.sweeping import sweep
from insights.voice_knowledge import Readers
from tests.customers.pages import ago
from tests.insights.talking import read_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def messages(customer, monkeypatch):
    """Seven that were read by the rules alone, and two in which nothing hangs on a model."""
    monkeypatch.setattr(rereading, "RANGE", 3)
    said = [
        Interaction.objects.create(customer=customer, channel="email", text=f"It was late {n}", occurred_at=ago(n + 1))
        for n in range(7)
    ]  # fmt: skip
    Interaction.objects.create(customer=customer, channel="email", direction="out", text="Sorry")
    Interaction.objects.create(customer=customer, channel="review", rating=5, occurred_at=ago(1))
    read_all()
    StaleCustomer.objects.all().delete()
    return said


def another_reads(monkeypatch, name="rules-next"):
    monkeypatch.setattr(voice_knowledge, "RULES", name)
    request_rereading()


def readers_called(name):
    return Readers(version=name, plain=name)


def waiting() -> list[int]:
    return list(MessageReading.objects.unread().order_by("pk").values_list("pk", flat=True))


def test_the_newest_come_first_and_a_range_at_a_time(messages):
    request_rereading()
    keys = [one.pk for one in messages]
    assert hand_over(readers_called("rules-next")) == 3 and waiting() == keys[4:]
    assert (progress().done, progress().total) == (0, 7)
    MessageReading.objects.unread().update(read_at=timezone.now(), version="rules-next")
    assert (progress().done, progress().percent) == (3, 43)
    assert hand_over(readers_called("rules-next")) == 3 and waiting() == keys[1:4]
    MessageReading.objects.unread().update(read_at=timezone.now(), version="rules-next")
    assert hand_over(readers_called("rules-next")) == 1
    MessageReading.objects.unread().update(read_at=timezone.now(), version="rules-next")
    assert hand_over(readers_called("rules-next")) == 0 and progress() is None


def test_all_are_read_and_everyone_is_scored_once_at_the_end(messages, monkeypatch):
    asked = FullScoring.row().get().requested
    another_reads(monkeypatch)
    assert read_all() == 7
    versions = MessageReading.objects.filter(interaction__in=messages).values_list(
        "version", flat=True
    )
    assert set(versions) == {"rules-next"}
    assert not StaleCustomer.objects.exists()
    assert FullScoring.row().get().requested == asked + 1
    assert Rereading.under_way() is None and read_all() == 0


def test_what_is_written_meanwhile_is_read_first_and_scored_at_once(
    messages, customer, monkeypatch
):
    another_reads(monkeypatch)
    hand_over(readers_called("rules-next"))
    new = Interaction.objects.create(
        customer=customer, channel="chat", text="Where is it?", occurred_at=timezone.now()
    )
    assert read_all() == 8
    assert MessageReading.objects.get(pk=new.pk).version == "rules-next"
    assert StaleCustomer.objects.filter(customer=customer).exists()


def test_another_publishing_meanwhile_begins_anew(messages):
    request_rereading()
    hand_over(readers_called("rules-next"))
    MessageReading.objects.unread().update(read_at=timezone.now(), version="rules-next")
    request_rereading()
    assert hand_over(readers_called("rules-after")) == 3 and waiting() == [
        one.pk for one in messages[4:]
    ]
    assert progress().total == 7


def test_a_reader_that_was_told_of_neither_is_woken_by_the_sweep(messages, monkeypatch):
    from celery import Task

    names = []
    monkeypatch.setattr(Task, "apply_async", lambda self, *args, **kwargs: names.append(self.name))
    request_rereading()
    sweep()
    assert "insights.tasks.read_messages" in names


def test_where_everything_has_been_read_by_it_nobody_is_scored(messages):
    asked = FullScoring.row().get().requested
    request_rereading()
    assert hand_over(readers_called(voice_knowledge.RULES)) == 0
    assert Rereading.under_way() is None and FullScoring.row().get().requested == asked


class OfReviews:
    params = {"channels": ["review"]}


def test_a_model_of_feelings_has_only_the_channels_it_knows_read_anew(messages, customer):
    review = Interaction.objects.create(
        customer=customer, channel="review", text="It was late", rating=2, occurred_at=ago(1)
    )
    read_all()
    request_rereading()
    rules = voice_knowledge.RULES
    knowing = Readers(sentiment=OfReviews(), version=f"{rules} sentiment-1", plain=rules)
    assert hand_over(knowing) == 1 and waiting() == [review.pk]
    assert progress().total == 1
    assert knowing.version_for("review") != knowing.version_for("email") == rules


def test_raised_rules_come_with_a_migration_that_has_messages_read_anew(messages):
    """Else what earlier rules have read would stay as it is until a model is published one day."""
    migrations = pathlib.Path(rereading.__file__).parent / "migrations"
    named = [
        one.stem for one in sorted(migrations.glob("0*.py")) if "\nRULES = " in one.read_text()
    ]
    newest = importlib.import_module(f"insights.migrations.{named[-1]}")
    assert newest.RULES == voice_knowledge.RULES
    assert Rereading.under_way() is None
    newest.ask(apps, None)
    newest.ask(apps, None)
    assert Rereading.under_way() is not None and not waiting()  # nobody's message waits for it
    assert read_all() == 0  # these were read by the rules that hold
    assert Rereading.under_way() is None


def test_a_company_without_messages_reads_nothing_anew():
    importlib.import_module("insights.migrations.0019_messages_are_read_anew").ask(apps, None)
    assert not Rereading.objects.exists()
