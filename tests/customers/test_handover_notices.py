"""Who gets customers or messages from a colleague is told once, led to just these, and told if they are taken back."""

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from customers.acting import assign, tag
from customers.assigning import assign as hand
from customers.assigning import assign_many
from customers.editing import edit_customer
from customers.mailing import send_waiting
from customers.models import ChangeSet, Customer, Interaction, Notification, Tag, Task
from customers.notification_words import said_of
from customers.tasking import hand_over
from customers.undoing import undo
from tests.customers.pages import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(make_customer, teammate, team):
    return [make_customer(f"Person {i}", owner=teammate, team=team) for i in range(4)]


@pytest.fixture
def talks(people):
    return [
        Interaction.objects.create(
            customer=one, channel="email", direction="in", text=f"Where is it, {one}?", occurred_at=ago(1)
        )
        for one in people
    ]  # fmt: skip


def notices(user) -> list[str]:
    rows = Notification.objects.visible_to(user).select_related("customer", "interaction", "task")
    return [said_of(one).text for one in rows]


def given(people, to, by) -> ChangeSet:
    return assign([one.pk for one in people], to, None, by)


def test_one_notice_leads_to_just_those_customers(
    client, manager, owner, teammate, people, make_customer, team
):
    make_customer("Mine already", owner=owner, team=team)
    Customer.objects.filter(pk=people[3].pk).update(owner=owner)
    given(people, owner, manager)
    assert notices(owner) == ["manager gave you 3 customers"]
    assert notices(teammate) == []
    client.force_login(owner)
    number = Notification.objects.get().pk
    page = client.post(reverse("notifications-read"), {"id": number}, follow=True)
    assert {one.name for one in page.context["page"].rows} == {"Person 0", "Person 1", "Person 2"}
    sentence = page.context["sentence"]
    assert sentence.startswith("Customers that fit: Handed over to me: ")
    assert sentence.endswith("manager: 3.")


def test_only_those_of_them_that_one_may_see(client, manager, owner, stranger, people, other_team):
    change = given(people, owner, manager)
    Customer.objects.filter(pk=people[0].pk).update(owner=stranger, team=other_team)
    for user, count in ((owner, 3), (stranger, 1)):
        client.force_login(user)
        rows = client.get(reverse("customers"), {"given": change.pk}).context["page"].rows
        assert len(rows) == count


def test_nobody_is_told_of_what_they_did_themselves(manager, owner, people, talks):
    given(people, manager, manager)
    assign_many(Interaction.objects.all(), owner, owner)
    hand(talks[0], manager, manager)
    assert not Notification.objects.exists()


def test_a_change_that_gives_nobody_anything_tells_nothing(manager, owner, teammate, people):
    assert given(people, teammate, manager) is None
    tag([one.pk for one in people], Tag.objects.create(name="Fair"), manager)
    assert not Notification.objects.exists()


def test_what_has_not_been_heard_of_is_never_told(manager, owner, people):
    undo(given(people, owner, manager), manager)
    assert not Notification.objects.exists()
    undo(given(people[:1], owner, manager), manager)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "manager took back 4 customers"), ("zh-hans", "manager 收回了 4 位客户")],
)
def test_who_has_read_it_is_told_that_it_was_taken_back(
    client, manager, owner, people, language, words
):
    change = given(people, owner, manager)
    Notification.objects.update(read_at=timezone.now())
    undo(change, manager)
    with translation.override(language):
        assert notices(owner) == [words]
    assert Notification.objects.unread().count() == 1
    client.force_login(owner)
    page = client.post(
        reverse("notifications-read"), {"id": Notification.objects.get().pk}, follow=True
    )
    assert page.redirect_chain[-1][0] == "/customers/?owner=me"


def test_who_lost_sight_of_one_customer_is_told_without_a_name(manager, owner, stranger, customer):
    customer.owner, customer.team = stranger, None
    customer.save()
    customer.owner = owner
    change = edit_customer(customer, ["owner"], manager)
    assert notices(owner) == ["manager gave you a customer: Marta Lindqvist"]
    Notification.objects.update(read_at=timezone.now())
    customer.team_id = owner.teams.get().pk
    customer.save()
    undo(change, manager)
    Customer.objects.update(team=None)
    assert notices(owner) == ["manager took back 1 customer"]


@pytest.fixture
def by_mail(settings, owner):
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example.com", "https://crm.example.com"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    owner.told, owner.email = {"given": ["email"]}, "owner@example.com"
    owner.save()
    return owner


def test_who_asked_for_it_gets_one_e_mail_with_the_way_there(manager, by_mail, people):
    change = given(people, by_mail, manager)
    assert send_waiting() == 1
    [letter] = mail.outbox
    assert letter.subject == "manager gave you 4 customers"
    assert f"https://crm.example.com/customers/?given={change.pk}" in letter.body
    assert notices(by_mail) == []  # not in the app
    undo(change, manager)
    send_waiting()
    assert [one.subject for one in mail.outbox[1:]] == ["manager took back 4 customers"]


def test_an_e_mail_that_waits_is_not_sent_and_one_on_its_way_is_answered(manager, by_mail, people):
    undo(given(people, by_mail, manager), manager)
    assert send_waiting() == 0
    change = given(people, by_mail, manager)
    Notification.objects.update(mail_after=timezone.now() + datetime.timedelta(minutes=5))
    undo(change, manager)
    assert send_waiting() == 1
    assert mail.outbox[0].subject == "manager took back 4 customers"


def test_messages_are_told_once_and_lead_to_just_these(client, manager, teammate, people, talks):
    own = Interaction.objects.filter(pk__in=[one.pk for one in talks[:3]])
    change = assign_many(own, teammate, manager)
    assert notices(teammate) == ["manager handed you 3 messages to answer"]
    client.force_login(teammate)
    number = Notification.objects.get().pk
    page = client.post(reverse("notifications-read"), {"id": number}, follow=True)
    assert {one.pk for one in page.context["page"].rows} == {one.pk for one in talks[:3]}
    assert "Handed over to me: " in page.context["sentence"]
    undo(change, manager)
    assert notices(teammate) == ["manager took back 3 messages"]


def test_a_single_message_is_quoted(manager, teammate, talks):
    change = hand(talks[0], teammate, manager)
    assert notices(teammate) == ["manager handed you a message of Person 0 to answer"]
    said = said_of(Notification.objects.select_related("interaction", "customer").get())
    assert (said.detail, said.address) == (
        "Where is it, Person 0?",
        talks[0].customer.get_absolute_url(),
    )
    undo(change, manager)
    assert notices(teammate) == []
    assign_many(Interaction.objects.filter(pk=talks[1].pk), teammate, manager)
    assert notices(teammate) == ["manager handed you a message of Person 1 to answer"]


def test_tasks_that_are_taken_back_are_told_too(manager, owner, customer):
    tasks = [Task.objects.create(customer=customer, title="Call", assignee=manager) for _ in "ab"]
    change = hand_over([one.pk for one in tasks], owner, manager)
    Notification.objects.update(read_at=timezone.now())
    undo(change, manager)
    assert notices(owner) == ["manager took back 2 tasks"]


def test_managers_hand_over_the_customers_of_orders_and_conversations(
    client, manager, owner, people, talks, make_order
):
    orders = [make_order(one) for one in people[:2] for _ in range(2)]
    for page, rows in (("orders", orders), ("interactions", talks[2:])):
        query = "&".join(f"id={one.pk}" for one in rows)
        address = f"{reverse(f'{page}-bulk')}?{query}&do=assign"
        client.force_login(owner)
        assert "Assign the customers" not in client.get(address).content.decode()
        client.force_login(manager)
        assert "Assign the customers" in client.get(address).content.decode()
        client.post(address, {"expected": len(rows), "owner": owner.pk})
    assert set(Customer.objects.values_list("owner", flat=True)) == {owner.pk}
    assert notices(owner) == ["manager gave you 2 customers"] * 2


def test_many_are_told_and_taken_back_with_as_many_queries_as_few(
    manager, owner, people, make_customer, teammate, team
):
    def counts(some) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as doing:
            change = given(some, owner, manager)
        with CaptureQueriesContext(connection) as undoing:
            undo(change, manager)
        return len(doing), len(undoing)

    counts(people[:2])
    few = counts(people[:2])
    more = [make_customer(f"More {i}", owner=teammate, team=team) for i in range(30)]
    assert counts(more) == few
