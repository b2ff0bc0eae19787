"""Topics are looked for in the database's messages: kept under their numbers, said of each, added up per team."""

import datetime

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from customers.models import ChangeSet, CustomerScore, Interaction, MessageReading
from insights import running, tasks, topics
from insights.models import MessageTopic, Topic, TopicDay, TopicMoney, TopicSearch
from insights.requesting import request_topics
from insights.sweeping import sweep
from insights.talk import counted_in, quote, told
from insights.topics import search, terms_of
from tests.ml.voice.talk import MATTERS, PLANTED

pytestmark = pytest.mark.django_db


def write(customers, n, days, parts, intent, seed=0):
    """``n`` messages about one matter, spread over the days before now, in both languages."""
    rng = np.random.default_rng(seed)
    now = timezone.now()
    rows = Interaction.objects.bulk_create(
        Interaction(
            customer=customers[i % len(customers)], channel="email",
            text="，".join(rng.choice(parts[i % 2], 2, replace=False)),
            occurred_at=now - datetime.timedelta(days=float(rng.uniform(0.01, days))),
        )
        for i in range(n)
    )  # fmt: skip
    MessageReading.objects.filter(pk__in=[row.pk for row in rows]).update(
        label="negative", label_read="negative", intent=intent, intent_read=intent, read_at=now
    )
    return rows


@pytest.fixture
def north(make_customer, owner, team):
    return [make_customer(f"North {i}", owner=owner, team=team) for i in range(12)]


@pytest.fixture
def south(make_customer, stranger, other_team):
    return [make_customer(f"South {i}", owner=stranger, team=other_team) for i in range(6)]


@pytest.fixture
def said(north, south):
    for seed, (intent, parts) in enumerate(MATTERS.items()):
        write(north if intent != "invoice" else south, 50, 300, parts, intent, seed)


@pytest.fixture
def found(said):
    request_topics()
    assert search()


def topic_of(intent):
    """The topic that most messages of a concern are about."""
    rows = MessageTopic.objects.filter(reading__intent=intent, topic__isnull=False)
    pks = list(rows.values_list("topic", flat=True))
    return Topic.objects.get(pk=max(set(pks), key=pks.count))


def test_each_message_is_said_to_be_about_a_topic(found):
    assert MessageTopic.objects.count() == 300
    about = MessageTopic.objects.exclude(topic=None)
    assert about.count() > 280
    assert Topic.objects.current().count() == len({topic_of(i).pk for i in MATTERS}) == len(MATTERS)
    assert TopicSearch.objects.get().error == ""


def test_without_being_asked_nothing_is_done(said):
    assert not search()
    assert not Topic.objects.exists()


def test_names_are_in_the_readers_language(found, admin):
    topic = topic_of("invoice")
    [one] = told(admin, [topic.number])
    assert "invoice" in one.name.lower() or "tax" in one.name.lower()
    with translation.override("zh-hans"):
        [one] = told(admin, [topic.number])
        assert "发票" in one.name or "税号" in one.name


def test_the_next_search_keeps_numbers_names_and_what_was_said(found):
    before = dict(MessageTopic.objects.values_list("pk", "topic"))
    named = topic_of("price")
    Topic.objects.filter(pk=named.pk).update(name="Dear prices")
    request_topics(afresh=True)
    assert search()
    after = dict(MessageTopic.objects.values_list("pk", "topic"))
    assert sum(before[pk] == after[pk] for pk in before) > 0.95 * len(before)
    assert topic_of("price").name == "Dear prices"


def test_a_new_matter_comes_up_the_same_night(found, north, south, manager):
    write(north, 14, 2.5, PLANTED, "damaged", 9)
    request_topics()
    assert search()
    [new] = Topic.objects.filter(emerged=True)
    assert new.rising_since and new.rise["low"] > 1
    assert MessageTopic.objects.filter(topic=new).count() >= 12
    assert told(manager)[0].topic == new
    request_topics()
    assert search()
    assert Topic.objects.filter(emerged=True).count() == 1


def test_changed_words_are_said_anew(found, north):
    one = Interaction.objects.filter(reading__intent="invoice").first()
    one.text = "the parcel arrived late，快递迟到了，物流太慢"
    one.save()
    MessageReading.objects.filter(pk=one.pk).update(intent="late_delivery")
    request_topics()
    search()
    assert MessageTopic.objects.get(pk=one.pk).topic == topic_of("late_delivery")


def test_sums_are_those_of_ones_teams(found, manager, other_manager, admin, owner):
    counts = {
        who: sum(row.messages for row in TopicDay.objects.visible_to(user).filter(topic=None))
        for who, user in (("north", manager), ("south", other_manager), ("all", admin), ("sales", owner))
    }  # fmt: skip
    assert counts == {"north": 250, "south": 50, "all": 300, "sales": 0}  # theirs are counted
    invoices = topic_of("invoice")
    assert invoices not in [one.topic for one in told(manager)]


def test_money_at_risk_is_value_times_risk_of_who_spoke_lately(said, south, manager, other_manager):
    Interaction.objects.filter(reading__intent="invoice").update(occurred_at=timezone.now())
    for one in south:
        CustomerScore.objects.create(customer=one, churn_risk=0.5, expected_value=100)
    request_topics()
    search()
    rows = TopicMoney.objects.filter(topic=topic_of("invoice"))
    assert sum(r.value_at_risk for r in rows.visible_to(other_manager)) == pytest.approx(6 * 50)
    assert not rows.visible_to(manager).exists()


def test_who_refuses_profiling_is_in_no_topic_from_then_on(found, north, manager):
    before = TopicDay.objects.filter(topic=None)
    before = sum(row.messages for row in before)
    north[0].profiling_refused = True
    north[0].save()
    request_topics()
    search()
    assert sum(row.messages for row in TopicDay.objects.filter(topic=None)) < before
    assert (
        not MessageTopic.objects.visible_to(manager)
        .shown()
        .filter(reading__customer=north[0])
        .exists()
    )


def test_few_messages_ask_for_nothing(north):
    write(north, 50, 90, MATTERS["price"], "price")
    sweep()
    assert not TopicSearch.is_due()


def test_the_sweep_asks_again_for_what_was_lost(said, monkeypatch):
    sent = []
    monkeypatch.setattr("insights.sweeping.send_topics", lambda: sent.append(1))
    request_topics()
    TopicSearch.row().update(sent_at=timezone.now())
    sweep()
    assert not sent
    TopicSearch.row().update(sent_at=timezone.now() - datetime.timedelta(minutes=6))
    sweep()
    assert sent


def test_a_search_takes_its_turn_before_the_next_training(said, monkeypatch):
    turns = []
    monkeypatch.setattr(running, "run", lambda run_id: turns.append(run_id))
    monkeypatch.setattr(topics, "look", lambda *args: turns.append("topics"))
    tasks.run_training(1)
    request_topics()
    tasks.run_training(2)
    tasks.run_training(3)
    assert turns == [1, "topics", 2, 3]


def test_the_first_search_is_asked_for_when_there_is_enough_to_read(said, monkeypatch):
    monkeypatch.setattr("insights.requesting.send_topics", lambda: None)
    sweep()
    assert TopicSearch.is_due()
    assert search()
    sweep()
    assert not TopicSearch.is_due()


def test_a_search_that_keeps_killing_its_worker_is_given_up(said):
    request_topics()
    TopicSearch.row().update(attempts=3)
    assert search()
    assert TopicSearch.objects.get().error == "lost"
    assert not TopicSearch.is_due()


def test_the_card_shows_topics_with_quotes_of_those_one_may_see(
    client, found, manager, other_manager
):
    client.force_login(manager)
    body = client.get(reverse("voice-topics"), headers={"HX-Request": "true"}).content.decode()
    assert "c-topic-quote" in body and "South" not in body
    client.force_login(other_manager)
    body = client.get(reverse("voice-topics"), headers={"HX-Request": "true"}).content.decode()
    assert "North" not in body


def test_quotes_in_the_readers_language_come_first_and_others_where_there_are_none(found, admin):
    MessageReading.objects.update(language="en")
    [one, *_] = told(admin)
    rows = MessageTopic.objects.filter(counted_in([one])).order_by("typical", "reading")
    least = rows.first().reading_id
    MessageReading.objects.filter(pk=least).update(language="zh-Hans")
    quoted = {}
    for language in ("en", "zh-hans"):
        one.quotes = []
        with translation.override(language):
            quote(admin, [one])
        quoted[language] = {talk.pk for talk in one.quotes}
    assert least in quoted["zh-hans"] and least not in quoted["en"]
    assert len(quoted["zh-hans"]) == len(quoted["en"]) == 2


def test_the_cards_own_address_leads_to_the_page_it_stands_on(client, found, manager):
    client.force_login(manager)
    assert client.get(reverse("voice-topics")).url == reverse("voice")


def test_while_a_search_waits_for_its_turn_the_card_says_so(client, manager):
    client.force_login(manager)
    address, asks = reverse("voice-topics"), {"HX-Request": "true"}
    assert "every night" in client.get(address, headers=asks).content.decode()
    request_topics()
    assert "A search is under way" in client.get(address, headers=asks).content.decode()


def test_a_topics_page_lists_its_messages_that_one_may_see(client, found, manager, other_manager):
    address = reverse("voice-topic", args=[topic_of("price").number])
    client.force_login(manager)
    assert "feedback-" in client.get(address).content.decode()
    client.force_login(other_manager)
    assert "feedback-" not in client.get(address).content.decode()


def test_a_manager_names_a_topic_and_takes_it_back(client, found, manager):
    client.force_login(manager)
    one, other = topic_of("price"), topic_of("taste")
    address = reverse("voice-topic-name", args=[one.number])
    client.post(address, {"name": "  Dear   prices "})
    assert topic_of("price").name == "Dear prices"
    taken = client.post(reverse("voice-topic-name", args=[other.number]), {"name": "dear prices"})
    assert taken.status_code == 422 and "has this name already" in taken.content.decode()
    client.post(reverse("undo", args=[ChangeSet.objects.latest("pk").pk]))
    assert topic_of("price").name == ""


def test_admins_ask_for_a_search_on_the_page(client, said, admin, manager):
    client.force_login(manager)
    assert client.post(reverse("voice-topics-search")).status_code == 403
    client.force_login(admin)
    client.post(reverse("voice-topics-search"))
    assert TopicSearch.objects.get().afresh
    assert search()
    assert not TopicSearch.objects.get().afresh
    assert Topic.objects.exists()


def test_the_card_asks_as_often_for_many_topics_as_for_few(
    client, found, manager, django_assert_max_num_queries
):
    client.force_login(manager)
    with django_assert_max_num_queries(12):
        client.get(reverse("voice-topics"), headers={"HX-Request": "true"})


def test_a_message_is_about_what_its_writer_says_not_about_what_is_quoted():
    words = "The kettle is lovely\n> The lid was cracked"
    assert terms_of(words, "other", {}) == terms_of("The kettle is lovely", "other", {})
