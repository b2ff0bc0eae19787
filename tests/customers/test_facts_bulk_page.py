"""Act on ticked orders and conversations, or on all that fit: what it will do, the doing, and the way back."""

import csv
import io

import pytest
from django.urls import reverse

from customers.models import (
    ChangeSet,
    Interaction,
    MessageAssignment,
    MessageReading,
    Notification,
    Tag,
    Task,
)
from customers.undoing import undo
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db
ORDERS, TALKS = "/orders/bulk/", "/interactions/bulk/"


def say(customer, text, days=1, **fields):
    given = {"channel": "email", "direction": "in"} | fields
    return Interaction.objects.create(customer=customer, text=text, occurred_at=ago(days), **given)


def shown(client, url: str) -> str:
    return client.get(url).content.decode()


def send(client, url: str, count: int, **fields):
    return client.post(url, {"expected": count, **fields})


@pytest.fixture
def other(make_customer, owner, team):
    return make_customer("Otto Other", owner=owner, team=team)


@pytest.fixture
def theirs(make_customer, stranger, other_team):
    return make_customer("Theo Theirs", owner=stranger, team=other_team)


def test_customers_of_orders_are_tagged_once_each_and_untagged_again(
    client, owner, customer, other, theirs, make_order
):
    made = [make_order(customer, 1, 10), make_order(customer, 2, 20), make_order(other, 3, 30)]
    ids = "&".join(f"id={one.pk}" for one in [*made, make_order(theirs, 1, 5)])
    client.force_login(owner)
    page = shown(client, f"{ORDERS}?{ids}&do=tag")
    assert "3 orders of 2 customers" in page
    assert "Theo Theirs" not in page
    look = client.post(f"{ORDERS}?{ids}&do=tag", {"look": "1", "way": "add", "fresh": "Big"})
    assert "get the tag: 2" in look.content.decode()
    send(client, f"{ORDERS}?{ids}&do=tag", 3, way="add", fresh="Big")
    tagged = Tag.objects.get(name="Big").customers.values_list("pk", flat=True)
    assert set(tagged) == {customer.pk, other.pk}
    undo(ChangeSet.objects.latest("pk"), owner)
    assert not Tag.objects.get(name="Big").customers.exists()


def test_all_that_fit_get_a_task_each_for_their_customers(
    client, owner, customer, other, make_order
):
    for person, amount in ((customer, 10), (customer, 500), (other, 700)):
        make_order(person, 1, amount)
    client.force_login(owner)
    url = f"{ORDERS}?where=all(amount:gte:400)&all=1&do=task"
    page = shown(client, url)
    assert "2 orders of 2 customers" in page
    assert "Orders that fit: Amount at least €400." in page
    assert send(client, url, 3, title="Call").status_code == 422  # the list was another one
    assert not Task.objects.exists()
    sent = send(client, url, 2, title="Call")
    assert sent["Location"] == "/orders/?where=all(amount:gte:400)"
    assert {task.customer_id for task in Task.objects.all()} == {customer.pk, other.pk}
    undo(ChangeSet.objects.latest("pk"), owner)
    assert not Task.objects.exists()


def test_an_answer_is_noted_once_for_each_customer_and_answers_all_that_wait(
    client, owner, customer, other
):
    first, second = say(customer, "Where is it?", 3), say(customer, "Hello?", 1)
    alone, note = say(other, "Refund please", 2), say(other, "Nice", 5, channel="note")
    client.force_login(owner)
    url = f"{TALKS}?id={first.pk}&id={alone.pk}&id={note.pk}&do=answered"
    page = shown(client, url)
    assert "3 conversations of 2 customers" in page
    for line in ("answered: 2", "other messages of theirs that it answers too: 1",
                 "waiting for no answer: 1", "entries for their histories: 2"):  # fmt: skip
        assert line in page
    send(client, url, 3, channel="call", text="Called them")
    answers = Interaction.objects.filter(direction="out")
    assert {(one.customer_id, one.channel, one.author_id) for one in answers} == {
        (customer.pk, "call", owner.pk), (other.pk, "call", owner.pk),
    }  # fmt: skip
    waiting = MessageReading.objects.unanswered()
    assert not waiting.filter(pk__in=[first.pk, second.pk, alone.pk]).exists()
    assert client.get("/interactions/", {"unanswered": "yes"}).context["page"].rows == []
    undo(ChangeSet.objects.latest("pk"), owner)
    assert not Interaction.objects.filter(direction="out").exists()
    # They are gone over again, and wait as before.
    assert MessageReading.objects.unread().filter(pk=first.pk).exists()


def test_nothing_that_waits_needs_no_answer(client, owner, customer):
    done = say(customer, "We wrote", direction="out")
    client.force_login(owner)
    send(client, f"{TALKS}?id={done.pk}&do=answered", 1, channel="email", text="x")
    assert Interaction.objects.count() == 1


def test_messages_are_handed_to_a_colleague_who_may_see_them(
    client, manager, owner, stranger, customer, team
):
    talks = [say(customer, "One"), say(customer, "Two"), say(customer, "Ours", direction="out")]
    MessageAssignment.objects.create(interaction=talks[0], assignee=manager)
    ids = "&".join(f"id={one.pk}" for one in talks)
    client.force_login(manager)
    url = f"{TALKS}?{ids}&do=look-after"
    look = client.post(url, {"look": "1", "assignee": owner.pk}).content.decode()
    assert f"{manager} → {owner}: 1" in look
    assert f"nobody → {owner}: 1" in look
    assert "not from a customer, or not for them to see: 1" in look
    send(client, url, 3, assignee=owner.pk)
    assigned = dict(MessageAssignment.objects.values_list("pk", "assignee"))
    assert assigned == {talks[0].pk: owner.pk, talks[1].pk: owner.pk}
    assert send(client, url, 3, assignee=stranger.pk).status_code == 422
    undo(ChangeSet.objects.latest("pk"), manager)
    assigned = dict(MessageAssignment.objects.values_list("pk", "assignee"))
    assert assigned == {talks[0].pk: manager.pk, talks[1].pk: None}


def test_ticked_rows_go_into_a_file(client, owner, customer, theirs, make_order):
    made = [make_order(customer, n + 1, 10, number=f"N{n}") for n in range(3)]
    foreign = make_order(theirs, 1, 5)
    client.force_login(owner)
    response = client.get(reverse("orders-export"), {"id": [made[0].pk, made[2].pk, foreign.pk]})
    rows = csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig")))
    assert {row["Number"] for row in rows} == {"N0", "N2"}


def test_nothing_selected_is_said(client, owner, theirs, make_order):
    client.force_login(owner)
    assert "Nothing is selected" in shown(client, f"{ORDERS}?id={make_order(theirs, 1, 5).pk}")
    assert not Notification.objects.exists()


def test_there_are_no_more_queries_for_many(
    client, owner, customer, make_order, django_assert_max_num_queries
):
    ids = "&".join(f"id={make_order(customer, n + 1, 10).pk}" for n in range(30))
    client.force_login(owner)
    client.get("/orders/")
    with django_assert_max_num_queries(16):
        client.get(f"{ORDERS}?{ids}&do=task")
