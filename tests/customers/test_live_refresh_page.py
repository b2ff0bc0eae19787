"""The open customer page asks for a stamp and gets the parts that changed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import CustomerScore, Event, Task
from customers.totalling import refresh_totals
from tests.customers.pages import ago, history, order, score


@pytest.fixture
def stamp(client, owner, customer):
    def stamp(known=""):
        client.force_login(owner)
        headers = {"If-None-Match": known} if known else {}
        return client.get(reverse("customer-stamp", args=[customer.pk]), headers=headers)

    return stamp


def test_nothing_is_sent_while_nothing_has_changed(stamp):
    known = stamp()["ETag"]
    answer = stamp(known)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", known)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: (order(c, "new", ago(40)), refresh_totals([c.pk])),
        lambda c: CustomerScore.objects.filter(customer=c).update(churn_scored_at=timezone.now()),
        lambda c: Event.objects.create(customer=c, kind="page", occurred_at=ago(100)),
        lambda c: Task.objects.create(customer=c, title="x"),
        lambda c: Task.objects.filter(customer=c, done_at=None).first().delete(),
        lambda c: c.save(),
    ],
    ids=["order", "score", "visit", "task", "task gone", "details"],
)
def test_each_change_changes_the_stamp(stamp, customer, change):
    history(customer)
    score(customer)
    known = stamp()["ETag"]
    change(customer)
    assert stamp(known).status_code == 200


def test_the_page_carries_the_stamp_it_was_made_from(client, stamp, customer):
    history(customer)
    score(customer)
    known = stamp()["ETag"].strip('"')
    assert f'data-stamp="{known}"' in client.get(customer.get_absolute_url()).content.decode()


def test_the_changed_parts_are_those_of_the_page(client, stamp, customer):
    history(customer)
    score(customer, 0.42)
    stamp()
    body = client.get(reverse("customer-live", args=[customer.pk])).content.decode()
    for place in ("#head", "#scores", "#why", "#products", "#tasks", "#timeline-items"):
        assert f'hx-target="{place}"' in body
    assert "42%" in body
    assert "<html" not in body
