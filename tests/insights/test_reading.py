"""Messages are read within seconds, again when they change, once however often a worker is woken."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.correcting import correct
from customers.models import Customer, Interaction, MessageReading, Product, ProductSum
from customers.signals import announce
from insights import reading as reading_module
from insights import voice_knowledge
from insights.dashboard_sums import refresh_dashboards
from insights.models import FullScoring, OutdatedVoiceDay, PersonDay, StaleCustomer, VoiceDay
from insights.reading import next_batch, read_batch, read_unread, store, understood
from insights.sweeping import sweep
from insights.voice_days import outdate_all
from insights.voice_knowledge import RULES, readers
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db
ANGRY = "This is terrible. The parcel arrived broken and I want a refund."


@pytest.fixture
def sent(monkeypatch):
    """Names of the tasks that were handed to the broker."""
    from celery import Task

    names = []
    monkeypatch.setattr(Task, "apply_async", lambda self, *args, **kwargs: names.append(self.name))
    return names


@pytest.fixture
def say(customer):
    def say(text=ANGRY, days=1.0, whom=customer, **fields):
        fields = {"channel": "email", "occurred_at": ago(days)} | fields
        return Interaction.objects.create(customer=whom, text=text, **fields)

    return say


def of(message) -> MessageReading:
    return MessageReading.objects.get(pk=message.pk)


def test_a_message_is_read_with_its_evidence(say):
    message = say()
    assert read_unread() == 1
    one = of(message)
    assert (one.label, one.language) == ("negative", "en")
    assert one.sentiment < 0
    assert one.read_at and one.changed_at and one.version
    marked = {message.words[start:end].lower() for start, end, _weight in one.details["evidence"]}
    assert "terrible" in marked


def test_reading_twice_changes_nothing(say):
    message = say()
    read_unread()
    first = of(message)
    assert read_unread() == 0
    assert vars(of(message)) | {"_state": None} == vars(first) | {"_state": None}


def test_a_message_that_changes_while_it_is_read_is_read_once_more(say):
    message = say()
    batch = next_batch()
    models = readers()
    readings = understood(batch, models)
    Interaction.objects.filter(pk=message.pk).update(text="Thank you, everything is wonderful!")
    store(batch, readings, models)
    assert of(message).read_at is None
    read_unread()
    assert of(message).label == "positive"


def test_a_worker_that_dies_before_it_has_stored_leaves_everything_to_the_next(say, monkeypatch):
    message = say()

    def dies(*args):
        raise SystemExit

    monkeypatch.setattr(reading_module, "store", dies)
    with pytest.raises(SystemExit):
        read_unread()
    monkeypatch.undo()
    assert FullScoring.row().get().reading_lease is None
    read_unread()
    assert of(message).label == "negative"


def test_one_message_that_cannot_be_read_holds_up_no_other(say, monkeypatch):
    messages = [say(), say("boom"), say()]
    real = reading_module.read

    def read(texts, *args):
        if "boom" in texts:
            raise ValueError("boom")
        return real(texts, *args)

    monkeypatch.setattr(reading_module, "read", read)
    assert read_unread() == 3
    assert [of(message).label for message in messages] == ["negative", "", "negative"]
    assert not MessageReading.objects.unread().exists()


def test_changed_facts_wake_the_reader_and_the_sweep_finds_what_nobody_was_woken_for(
    say, customer, sent, django_capture_on_commit_callbacks
):
    say()
    with django_capture_on_commit_callbacks(execute=True):
        announce([customer.pk])
    assert "insights.tasks.read_messages" in sent
    sent.clear()
    sweep()
    assert "insights.tasks.read_messages" in sent
    sent.clear()
    read_unread()
    sweep()
    assert "insights.tasks.read_messages" not in sent


def test_who_wrote_is_scored_anew(say, customer):
    say()
    StaleCustomer.objects.all().delete()
    read_unread()
    assert [one.customer_id for one in StaleCustomer.objects.all()] == [customer.pk]


def test_only_customers_own_words_carry_a_feeling(say):
    ours = say("We are sorry about the terrible delay.", direction="out")
    note = say("Terrible mood on the phone.", channel="note", direction="internal")
    read_unread()
    for one in (of(ours), of(note)):
        assert (one.label, one.sentiment, one.intent, one.urgency) == ("", None, "", 0)
        assert one.language == "en"
        assert "evidence" not in one.details


def test_a_rating_without_words_and_a_sober_complaint_say_enough(say):
    labels = {
        "negative": say("", channel="review", rating=2),
        "neutral": say("", channel="review", rating=3),
        "positive": say("", channel="review", rating=5),
        "": say("", channel="chat"),
    }
    sober = say("Parcel of 12 May.", channel="complaint")
    read_unread()
    assert {label: of(message).label for label, message in labels.items()} == {
        label: label for label in labels
    }
    assert of(sober).label == "negative"


def test_messages_of_who_refuses_profiling_are_not_read(say, make_customer):
    shy = make_customer("Shy", profiling_refused=True)
    message = say(whom=shy)
    read_unread()
    one = of(message)
    assert (one.label, one.details, one.language) == ("", {}, "")
    assert one.read_at
    Customer.objects.filter(pk=shy.pk).update(profiling_refused=False)
    read_unread()
    assert of(message).label == "negative"


def test_a_message_is_answered_by_the_next_word_to_the_customer(say, make_customer):
    early, late = say(days=3), say(days=1)
    other = say(days=3, whom=make_customer("Other"))
    reply = say("We are on it.", days=2, direction="out")
    read_unread()
    assert of(early).answered_at == reply.occurred_at
    assert of(late).answered_at is None
    assert of(other).answered_at is None


def test_a_reply_that_comes_later_answers_and_one_taken_back_does_not(say):
    message = say(days=3)
    read_unread()
    assert of(message).answered_at is None
    reply = say("We are on it.", days=2, direction="out")
    read_unread()
    assert of(message).answered_at == reply.occurred_at
    reply.delete()
    read_unread()
    assert of(message).answered_at is None


def test_the_third_complaint_in_a_month_is_urgent(say):
    first, second, third = say(days=20), say(days=10), say(days=1)
    read_unread()
    assert "many_complaints" in of(third).details["urgency"]
    for one in (first, second):
        assert "many_complaints" not in of(one).details.get("urgency", [])


def test_a_correction_outlives_the_next_reading(say, owner):
    message = say()
    read_unread()
    correct(message, owner, label="positive")
    read_unread()
    assert (of(message).label, of(message).label_read) == ("positive", "negative")


def test_orders_of_others_are_not_led_to(say, customer, make_customer, make_order):
    other = make_customer("Other")
    make_order(other, number="NB-4711")
    mine = make_order(customer, number="NB-1234")
    message = say("My order NB-1234 is late, not NB-4711.")
    read_unread()
    found = {key for kind, _s, _e, key, _p in of(message).details["entities"] if kind == "order"}
    assert found == {mine.pk}


def test_products_are_found_by_name(say):
    product = Product.objects.create(sku="H1", name="House Espresso")
    message = say("The House Espresso tastes awful.")
    read_unread()
    assert ["product", 4, 18, product.pk, False] in of(message).details["entities"]


def test_reading_costs_as_many_queries_for_many_as_for_few(say):
    counts = []
    for many in (2, 40):
        for n in range(many):
            say(f"{ANGRY} {n}")
        batch = next_batch()
        assert len(batch) == many
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read_batch(batch)
        counts.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
    assert counts[1] <= counts[0] <= 24


class Gloomy:
    """A model of texts for which everything is negative."""

    def chances(self, texts):
        return [[0.9, 0.1, 0.0]] * len(texts)

    def known(self, texts):
        return [1.0] * len(texts)

    def weights(self, text):
        return []


def test_a_published_model_of_texts_reads_in_place_of_the_rules(say, make_version, monkeypatch):
    make_version("sentiment", champion=True)
    monkeypatch.setattr(voice_knowledge, "model_of", lambda version: Gloomy())
    message = say("Wonderful, thank you!")
    read_unread()
    assert (of(message).label, of(message).version) == ("negative", f"{RULES} sentiment-1")


def test_a_model_whose_files_are_gone_leaves_it_to_the_rules(say, make_version):
    make_version("sentiment", champion=True)
    message = say("Wonderful, thank you!")
    read_unread()
    assert (of(message).label, of(message).version) == ("positive", RULES)


# What it amounts to ------------------------------------------------------------------------------------


def test_days_are_added_up_per_team_and_side(say, customer, team, make_customer, other_team):
    when = timezone.now().replace(hour=12) - datetime.timedelta(days=2)
    say(occurred_at=when)
    say("Wonderful, thank you!", occurred_at=when, channel="chat")
    say("Wonderful, thank you!", occurred_at=when, whom=make_customer("Other", team=other_team))
    read_unread()
    rows = VoiceDay.objects.filter(day=when.date())
    whole = {
        row.team_id: (row.messages, row.negative, row.positive) for row in rows.filter(by="all")
    }
    assert whole == {team.pk: (2, 1, 1), other_team.pk: (1, 0, 1)}
    channels = rows.filter(by="channel", team=team).values_list("value", "messages")
    assert set(channels) == {("email", 1), ("chat", 1)}
    assert not OutdatedVoiceDay.objects.exists()


def test_after_a_long_story_answers_and_products_are_added_up_as_well(say, owner):
    tea = Product.objects.create(sku="T", name="Tea")
    for days in range(2, 36):
        say(days=days, product=tea)
    say("We are on it.", days=1.5, direction="out", author=owner)
    refresh_dashboards()  # before anything was read
    read_unread()
    assert PersonDay.objects.get(person=owner).answered == 14
    assert ProductSum.objects.get(product=tea).negative == 34


def test_a_day_is_added_up_anew_not_twice(say, owner):
    message = say()
    read_unread()
    correct(message, owner, label="positive")
    read_unread()
    [row] = VoiceDay.objects.filter(by="all")
    assert (row.messages, row.negative, row.positive) == (1, 0, 1)


def test_at_night_everything_is_added_up_anew(say, customer):
    say()
    read_unread()
    Customer.objects.filter(pk=customer.pk).update(archived_at=timezone.now())
    outdate_all()
    read_unread()
    assert not VoiceDay.objects.exists()
