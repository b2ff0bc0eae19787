"""What people are told of, the bell that says how much is new, and what each wants to know."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.acting import assign
from customers.editing import edit_customer
from customers.models import CustomerScore, Interaction, MessageReading, Notification, User
from customers.noticing import tell_complaints, tell_rises
from customers.notifying import Kind, notify
from tests.customers.pages import ago, score


def told(user) -> list[str]:
    return list(Notification.objects.filter(user=user).values_list("kind", flat=True))


def bell(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("notifications-bell")).content.decode().strip()


def test_the_bell_counts_what_is_new_and_the_list_says_it(client, owner, manager, customer):
    note = Interaction.objects.create(
        customer=customer, channel="note", text="Ask @owner", occurred_at=ago(1)
    )
    assert bell(client, owner) == ""
    notify(owner, Kind.MENTION, note, manager)
    notify(owner, Kind.MENTION, note, manager)  # once
    assert ">1<" in bell(client, owner)
    body = client.get(reverse("notifications")).content.decode()
    assert f"manager mentioned you on {customer.name}" in body
    assert "Ask @owner" in body


def test_an_admin_is_shown_what_is_about_a_customer(client, admin, manager, customer):
    notify(admin, Kind.GIVEN, customer, manager)
    assert ">1<" in bell(client, admin)
    assert customer.name in client.get(reverse("notifications")).content.decode()


def test_a_long_message_is_quoted_with_an_ellipsis(client, owner, manager, customer):
    note = Interaction.objects.create(
        customer=customer, channel="note", text="word " * 60, occurred_at=ago(1)
    )
    notify(owner, Kind.MENTION, note, manager)
    client.force_login(owner)
    said = client.get(reverse("notifications")).context["rows"][0].said
    assert said.detail.endswith("…")
    assert len(said.detail) <= 160


def test_opening_one_marks_it_read_and_leads_there(client, owner, manager, customer):
    notify(owner, Kind.GIVEN, customer, manager)
    client.force_login(owner)
    number = Notification.objects.get().pk
    response = client.post(reverse("notifications-read"), {"id": number})
    assert response["Location"] == customer.get_absolute_url()
    assert bell(client, owner) == ""


def test_all_that_were_shown_are_marked_read_and_what_came_since_is_not(client, owner, customer):
    for key in ("a", "b", "c"):
        notify(owner, Kind.RISK, customer, key=key, facts={"before": 0.3, "now": 0.8})
    shown = Notification.objects.get(key="b")
    client.force_login(owner)
    client.post(reverse("notifications-read"), {"upto": shown.pk})
    assert Notification.objects.unread().get().key == "c"


def test_nobody_reads_or_marks_anothers(client, owner, stranger, customer):
    notify(owner, Kind.GIVEN, customer)
    number = Notification.objects.get().pk
    client.force_login(stranger)
    client.post(reverse("notifications-read"), {"id": number})
    client.post(reverse("notifications-read"), {"upto": number})
    assert customer.name not in client.get(reverse("notifications")).content.decode()
    assert Notification.objects.unread().count() == 1


def test_what_one_may_no_longer_see_is_not_told_any_more(client, owner, stranger, customer):
    notify(owner, Kind.GIVEN, customer)
    customer.owner = stranger
    customer.save()
    assert bell(client, owner) == ""
    assert customer.name not in client.get(reverse("notifications")).content.decode()


def test_the_stamp_changes_when_something_comes_and_when_it_is_read(client, owner, customer):
    client.force_login(owner)

    def stamp(known=""):
        headers = {"If-None-Match": known} if known else {}
        return client.get(reverse("notifications-stamp"), headers=headers)

    known = stamp()["ETag"]
    assert stamp(known).status_code == 304
    notify(owner, Kind.GIVEN, customer)
    news = stamp(known)
    assert news.status_code == 200
    Notification.objects.update(read_at=timezone.now())
    assert stamp(news["ETag"]).status_code == 200


@pytest.mark.parametrize("name", ["notifications-stamp", "notifications-bell"])
def test_an_open_page_asks_little(client, owner, customer, name, django_assert_num_queries):
    notify(owner, Kind.GIVEN, customer)
    client.force_login(owner)
    client.get(reverse(name))
    with django_assert_num_queries(4 if name.endswith("stamp") else 3):
        client.get(reverse(name))


def test_the_list_asks_as_often_for_many_as_for_one(
    client, owner, manager, make_customer, team, django_assert_num_queries
):
    client.force_login(owner)
    client.get(reverse("notifications"))
    for count in (1, 12):
        for i in range(count):
            notify(
                owner, Kind.GIVEN, make_customer(f"{count} {i}", owner=owner, team=team), manager
            )
        with django_assert_num_queries(3):
            client.get(reverse("notifications"))


def test_who_is_given_customers_is_told_of_one_by_name_and_of_many_by_number(
    client, owner, manager, teammate, customer, make_customer, team
):
    others = [make_customer(f"Other {i}", owner=teammate, team=team) for i in range(2)]
    customer.owner = teammate
    edit_customer(customer, ["owner"], manager)
    assign([customer.pk, *(one.pk for one in others)], owner, None, manager)
    assert told(teammate) == ["given"]
    client.force_login(owner)
    body = client.get(reverse("notifications")).content.decode()
    assert "manager gave you 3 customers" in body


def test_taking_a_customer_oneself_is_no_news(manager, customer):
    assign([customer.pk], manager, None, manager)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("before", "now", "is_news"), [(0.4, 0.7, True), (0.55, 0.7, False), (0.1, 0.5, False)]
)
def test_a_large_rise_to_a_high_risk_is_told_once_a_day(owner, customer, before, now, is_news):
    score(customer, now, churn_risk_before=before)
    for _ in range(2):
        tell_rises([customer.pk])
        tell_rises(range(customer.pk, customer.pk + 1))
    assert told(owner) == (["risk"] if is_news else [])
    CustomerScore.objects.update(churn_scored_at=ago(-1))
    tell_rises(None)
    assert len(told(owner)) == (2 if is_news else 0)


def test_a_fresh_complaint_is_told_to_the_owner_and_not_to_who_wrote_it_down(
    owner, manager, customer
):
    def talk(days, author=None, channel="complaint", label="negative"):
        made = Interaction.objects.create(
            customer=customer, channel=channel, text="Late", occurred_at=ago(days), author=author
        )
        MessageReading.objects.filter(pk=made.pk).update(label=label)
        return made.pk

    ids = [talk(0.5), talk(30), talk(0.5, owner), talk(0.5, channel="email", label="positive")]
    tell_complaints(ids)
    tell_complaints(ids)
    assert [one.interaction_id for one in Notification.objects.all()] == [ids[0]]


def profile_of(user, **ways) -> dict:
    boxes = {f"{kind}-{way}": "on" for kind, chosen in ways.items() for way in chosen}
    return {"language": user.language, "time_zone": user.time_zone, "theme": "auto"} | boxes


@pytest.mark.parametrize(
    ("ways", "in_app", "mail"),
    [(["app"], True, "none"), (["email"], False, "waiting"), (["app", "email"], True, "waiting")],
)
def test_each_kind_comes_the_way_its_reader_chose(
    client, owner, customer, settings, ways, in_app, mail
):
    settings.EMAIL_HOST = "mail.example.com"
    client.force_login(owner)
    client.post(reverse("profile"), profile_of(owner, given=ways))
    owner.refresh_from_db()
    notify(owner, Kind.GIVEN, customer)
    one = Notification.objects.get()
    assert (one.in_app, one.mail) == (in_app, mail)
    assert (">1<" in bell(client, owner)) == in_app


def test_what_is_switched_off_is_not_told(client, owner, customer):
    client.force_login(owner)
    client.post(reverse("profile"), profile_of(owner))
    owner.refresh_from_db()
    notify(owner, Kind.GIVEN, customer)
    assert not Notification.objects.exists()


def test_the_profile_keeps_language_clock_and_theme(client, owner):
    client.force_login(owner)
    said = {"language": "zh-hans", "time_zone": "Asia/Shanghai", "theme": "dark"}
    body = client.post(reverse("profile"), said, follow=True).content.decode()
    assert "个人设置已保存" in body
    stored = User.objects.values(*said).get(pk=owner.pk)
    assert stored == said


def test_the_clocks_to_choose_from_are_places_utc_first_and_the_stored_one_stays(client, owner):
    client.force_login(owner)
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Calcutta")
    page = client.get(reverse("profile")).content.decode()
    field = re.search(r'<select name="time_zone".*?</select>', page, re.S)[0]
    zones = re.findall(r'<option value="([^"]+)"', field)
    assert zones[0] == "UTC"
    assert {"Europe/Stockholm", "Asia/Shanghai", "Asia/Kolkata", "Asia/Calcutta"} <= set(zones)
    assert not {"Factory", "localtime", "GMT0", "Etc/GMT+3", "US/Pacific", "PRC"} & set(zones)
    assert (
        client.post(reverse("profile"), profile_of(User.objects.get(pk=owner.pk))).status_code
        == 302
    )
    assert User.objects.get(pk=owner.pk).time_zone == "Asia/Calcutta"


@pytest.mark.parametrize(
    "wrong", [{"language": "tlh"}, {"time_zone": "Mars/Base"}, {"theme": "pink"}]
)
def test_a_wrong_profile_comes_back_with_its_error(client, owner, wrong):
    client.force_login(owner)
    response = client.post(reverse("profile"), profile_of(owner) | wrong)
    assert response.status_code == 422
    assert f'id="profile-{next(iter(wrong))}_error"' in response.content.decode()
