"""The timeline: everything once, newest first, in pages that fit together."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Event, Interaction, Order
from customers.timeline import Wanted, timeline, wanted_of, with_undated
from tests.customers.pages import ago, history


@pytest.fixture
def person(customer):
    history(customer, orders=30, talks=25, visits=20, tasks=6)
    return with_undated(Customer.objects.filter(pk=customer.pk)).get()


def walk(person, kind="everything"):
    pages, after = [], ""
    while not pages or after:
        page = timeline(person, kind, after)
        pages.append(page)
        after = page.older
    return pages


def keys(items):
    return [(i.kind, i.thing.pk) for i in items]


def test_all_pages_together_hold_everything_once_in_order(person):
    items = [item for page in walk(person) for item in page.items]
    assert len(keys(items)) == len(set(keys(items))) == 30 + 25 + 20 + 6
    times = [item.when for item in items]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("kind", "count"), [("orders", 30), ("conversations", 25), ("browsing", 20)]
)
def test_one_kind_alone(person, kind, count):
    assert sum(len(page.items) for page in walk(person, kind)) == count


def test_views_less_than_half_an_hour_apart_are_one_visit(customer):
    start = ago(1)
    for minutes in (0, 20, 45, 120):
        Event.objects.create(
            customer=customer, kind="page", subject="a",
            occurred_at=start + datetime.timedelta(minutes=minutes),
        )  # fmt: skip
    person = with_undated(Customer.objects.all()).get()
    visits = [item.thing for item in timeline(person, "browsing").items]
    assert [len(v.events) for v in visits] == [1, 3]
    assert visits[1].minutes == 45


def test_an_order_during_a_visit_is_neither_lost_nor_repeated(customer, monkeypatch):
    monkeypatch.setattr("customers.timeline.PAGE", 1)
    start = ago(1)
    for minutes in (0, 10, 20):
        when = start + datetime.timedelta(minutes=minutes)
        Event.objects.create(customer=customer, kind="page", subject="a", occurred_at=when)
    Order.objects.create(
        customer=customer, source="s", number="1", currency="EUR", amount=1, base_amount=1,
        occurred_at=start + datetime.timedelta(minutes=15),
    )  # fmt: skip
    person = with_undated(Customer.objects.all()).get()
    pages = walk(person)
    assert [[i.kind for i in p.items] for p in pages] == [["visit"], ["order"]]
    assert len(pages[0].items[0].thing.events) == 3


def test_a_refresh_brings_what_is_new_and_nothing_beyond_what_was_shown(person):
    first = timeline(person)
    shown = keys(first.items)
    new = Interaction.objects.create(
        customer_id=person.pk, channel="note", text="x", occurred_at=ago(0)
    )
    again = timeline(person, until=first.edge)
    assert keys(again.items) == [("talk", new.pk), *shown]
    assert again.edge == first.edge


def test_what_arrives_between_two_pages_does_not_turn_up_among_the_old(customer, monkeypatch):
    monkeypatch.setattr("customers.timeline.PAGE", 2)
    history(customer, orders=0, talks=6, visits=0, tasks=0)
    person = with_undated(Customer.objects.all()).get()
    first = timeline(person)
    Order.objects.create(
        customer=customer, source="s", number="1", currency="EUR", amount=1, base_amount=1, occurred_at=ago(0)
    )  # fmt: skip
    second = timeline(person, after=first.older)
    assert [i.kind for i in second.items] == ["talk", "talk"]


def test_messages_without_a_time_stand_at_the_end(person):
    Interaction.objects.create(customer_id=person.pk, channel="review", text="undated", rating=2)
    person = with_undated(Customer.objects.filter(pk=person.pk)).get()
    pages = walk(person)
    assert pages[-1].items[-1].thing.text == "undated"
    assert sum(item.when is None for page in pages for item in page.items) == 1


@pytest.mark.parametrize("place", ["bogus", "e30=", "eyJvcmRlcnMiOiAxfQ==", "W10=", "\x00"])
def test_a_place_that_was_never_ours_is_no_place(person, place):
    assert keys(timeline(person, after=place).items) == keys(timeline(person).items)


def test_show_older_continues_the_page(client, owner, customer):
    history(customer, orders=30, talks=0, visits=0, tasks=0)
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    older = re.search(r'id="timeline-more" hx-get="([^"]+)"', body)[1].replace("&amp;", "&")
    part = client.get(older, headers={"HX-Request": "true"}).content.decode()
    ids = re.findall(r'id="(order-\d+)"', body), re.findall(r'id="(order-\d+)"', part)
    assert (len(ids[0]), len(ids[1])) == (20, 10)
    assert not set(ids[0]) & set(ids[1])
    assert "timeline-more" not in part
    assert 'hx-partial hx-target="#timeline-items"' in part


def test_a_tab_lives_in_the_address(client, owner, customer):
    history(customer)
    client.force_login(owner)
    body = client.get(f"{customer.get_absolute_url()}?timeline=orders").content.decode()
    assert 'id="order-' in body
    assert 'id="talk-1"' not in body
    assert 'id="visit-' not in body


def names(person, wanted):
    pages, after = [], ""
    while not pages or after:
        pages.append(timeline(person, wanted, after))
        after = pages[-1].older
    return keys([item for page in pages for item in page.items])


def test_words_are_looked_for_in_all_that_happened(person):
    assert len(names(person, Wanted(words="message"))) == 25
    assert len(names(person, Wanted(words="beans NO. 2"))) == 30  # products of orders
    assert len(names(person, Wanted("orders", f"{person.pk}-29"))) == 1
    assert len(names(person, Wanted(words="page 1"))) == 20
    assert len(names(person, Wanted(words="done task 3"))) == 1
    assert names(person, Wanted(words="nothing of this")) == []


def test_days_narrow_the_timeline_to_the_readers_calendar(person):
    first, last = (timezone.localdate() - datetime.timedelta(days=d) for d in (40, 20))
    found = [
        item for page in [timeline(person, Wanted(first=first, last=last))] for item in page.items
    ]
    assert found
    assert all(first <= timezone.localdate(item.when) <= last for item in found)
    everything = [item for page in walk(person) for item in page.items]
    wanted = [one for one in everything if first <= timezone.localdate(one.when) <= last]
    assert keys(found) == keys(wanted)[: len(found)]


def test_notes_complaints_and_tasks_stand_alone(person):
    Interaction.objects.create(customer=person, channel="note", text="n", occurred_at=ago(1))
    assert len(names(person, "notes")) == 1
    assert names(person, "complaints") == []
    assert len(names(person, "tasks")) == 6


def test_what_cannot_be_read_of_an_address_is_not_asked_for():
    odd = {"timeline": "x", "words": "\x00 a ", "from": "2020-99-99", "to": "soon"}
    assert wanted_of(odd) == Wanted(words="a")


def test_the_search_stands_in_the_address_and_in_older_pages(client, owner, person):
    client.force_login(owner)
    address = reverse("customer-timeline", args=[person.pk])
    response = client.get(address, {"words": "message", "timeline": "conversations"})
    assert response["HX-Replace-Url"].endswith("?timeline=conversations&words=message")
    body = response.content.decode()
    assert "?timeline=conversations&amp;words=message&amp;after=" in body
