"""What an admin changes or takes away in the settings comes back at a click; tags are merged with a look before."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from customers.models import (
    ChangeSet,
    Company,
    CustomAttribute,
    Customer,
    ExchangeRate,
    SavedView,
    Tag,
    Team,
    User,
)
from tests.conftest import make_user


@pytest.fixture
def page(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def undo(page):
    """Undo the newest change, as its toast does."""
    return lambda: page.post(reverse("undo", args=[ChangeSet.objects.latest("pk").pk]), follow=True)


def test_the_toast_of_a_deletion_offers_the_way_back(page):
    tag = Tag.objects.create(name="VIP")
    body = page.post(reverse("tags-delete", args=[tag.pk]), follow=True).content.decode()
    assert reverse("undo", args=[ChangeSet.objects.latest("pk").pk]) in body


def test_a_deleted_tag_comes_back_to_the_customers_who_had_it(page, undo, customer, make_customer):
    other = make_customer("Other")
    tag = Tag.objects.create(name="VIP")
    for one in (customer, other):
        one.tags.add(tag)
    page.post(reverse("tags-delete", args=[tag.pk]))
    other.delete()
    assert "Undone" in undo().content.decode()
    assert list(Customer.objects.filter(tags=tag.pk)) == [customer]
    assert Tag.objects.get().name == "VIP"


def test_a_tag_does_not_come_back_twice_nor_where_its_name_is_taken(page, undo):
    tag = Tag.objects.create(name="VIP")
    page.post(reverse("tags-delete", args=[tag.pk]))
    deletion = ChangeSet.objects.latest("pk")
    again = Tag.objects.create(name="VIP")
    assert "has this name by now" in undo().content.decode()
    again.delete()
    for words in ("Undone", "already been undone"):
        body = page.post(reverse("undo", args=[deletion.pk]), follow=True).content.decode()
        assert words in body


def test_a_deleted_team_comes_back_with_its_people_customers_and_lists(
    page, undo, owner, team, other_team, make_customer
):
    stays, moved = make_customer("Stays", team=team), make_customer("Moved", team=team)
    view = SavedView.objects.create(
        name="Ours", owner=owner, audience="team", team=team, filter={"all": []}
    )
    people = set(team.members.all())
    page.post(reverse("teams-delete", args=[team.pk]))
    Customer.objects.filter(pk=moved.pk).update(team=other_team)
    undo()
    back = Team.objects.get(pk=team.pk)
    assert (back.name, set(back.members.all())) == (team.name, people)
    assert set(Customer.objects.filter(team=back)) == {stays}
    assert SavedView.objects.get(pk=view.pk).team == back


def test_fields_and_rates_come_back_with_what_they_held(page, undo):
    field = CustomAttribute.objects.create(name="plan", label="Plan", type="choice", choices="A\nB")
    rate = ExchangeRate.objects.create(currency="USD", valid_from="2026-01-01", rate="0.91234567")
    for what, one in (("attributes", field), ("rates", rate)):
        page.post(reverse(f"{what}-delete", args=[one.pk]))
        assert not type(one).objects.exists()
        undo()
    field.refresh_from_db()
    rate.refresh_from_db()
    assert (field.label, field.options) == ("Plan", ["A", "B"])
    assert (str(rate.valid_from), rate.rate) == ("2026-01-01", Decimal("0.91234567"))


def test_what_was_edited_becomes_what_it_was(page, undo, team):
    rate = ExchangeRate.objects.create(currency="USD", valid_from="2026-01-01", rate="0.9")
    tag = Tag.objects.create(name="VIP")
    company = Company.current()
    edits = (
        (reverse("rates-edit", args=[rate.pk]), {"currency": "usd", "valid_from": "2026-02-01", "rate": "8"}),
        (reverse("tags-edit", args=[tag.pk]), {"name": "Key account"}),
        (reverse("teams-edit", args=[team.pk]), {"name": "Renamed", "shares_customers": "on"}),
        (reverse("settings"), {"name": "New", "base_currency": "EUR", "time_zone": "Asia/Shanghai",
                               "churn_horizon_days": "60"}),
    )  # fmt: skip
    for address, fields in edits:
        assert page.post(address, fields).status_code == 302
        undo()
    assert Tag.objects.get().name == "VIP"
    assert ExchangeRate.objects.get().rate == Decimal("0.9")
    assert Team.objects.get(pk=team.pk).name == team.name
    now = Company.current()
    assert (now.time_zone, now.churn_horizon_days) == (
        company.time_zone,
        company.churn_horizon_days,
    )


@pytest.fixture
def edit(page):
    """Save a person as the settings' form does, with some of it changed; returns the page after it."""

    def edit(person, **changed):
        names = ("first_name", "last_name", "username", "email", "role")
        fields = {name: getattr(person, name) for name in names}
        fields |= {"teams": [team.pk for team in person.teams.all()], "is_active": "on"} | changed
        if not fields["is_active"]:
            del fields["is_active"]
        return page.post(reverse("people-edit", args=[person.pk]), fields, follow=True)

    return edit


def rights_of(person) -> tuple:
    person = User.objects.get(pk=person.pk)
    rights = (person.role, person.is_active, person.is_superuser, person.is_staff)
    return rights, set(person.teams.all())


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "admin"},
        {"role": "manager"},
        {"is_active": ""},
        {"teams": []},
        {"first_name": "New", "role": "admin", "is_active": "", "teams": "other"},
    ],
)
def test_what_a_person_may_do_becomes_what_it_was(edit, undo, owner, other_team, changed):
    was = rights_of(owner)
    if changed.get("teams"):
        changed = changed | {"teams": [other_team.pk]}
    body = edit(owner, **changed).content.decode()
    assert rights_of(owner) != was
    assert reverse("undo", args=[ChangeSet.objects.latest("pk").pk]) in body
    undo()
    assert rights_of(owner) == was
    assert User.objects.get(pk=owner.pk).first_name == owner.first_name


def test_an_admin_who_was_made_less_is_an_admin_again(edit, undo, db):
    other = make_user("second", "admin")
    was = rights_of(other)
    edit(other, role="sales")
    assert rights_of(other)[0] == ("sales", True, False, False)
    undo()
    assert rights_of(other) == was


def test_a_person_saved_as_they_were_is_no_change(edit, owner):
    edit(owner)
    assert not ChangeSet.objects.exists()


def test_a_team_that_is_gone_by_then_is_left_out(edit, undo, owner, team, other_team):
    owner.teams.add(other_team)
    edit(owner, teams=[])
    other_team.delete()
    undo()
    assert rights_of(owner)[1] == {team}


def test_a_person_changed_again_elsewhere_stays_so(edit, page, undo, owner, other_team):
    edit(owner, role="manager", teams=[])
    ours = ChangeSet.objects.latest("pk")
    address = reverse("admin:customers_user_change", args=[owner.pk])
    form = page.get(address).context["adminform"].form
    fields = {name: form.initial.get(name) or "" for name in form.fields}
    fields |= {"role": "admin", "teams": [other_team.pk], "is_active": "on"}
    fields |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert page.post(address, fields).status_code == 302
    body = page.post(reverse("undo", args=[ours.pk]), follow=True).content.decode()
    assert "changed again since then" in body
    assert rights_of(owner) == (("admin", True, True, True), {other_team})


def test_an_address_somebody_else_has_by_now_is_not_given_twice(edit, undo, owner, teammate):
    was = owner.email
    edit(owner, email="new@example.com")
    User.objects.filter(pk=teammate.pk).update(email=was.upper())
    assert "Somebody has this address already." in undo().content.decode()
    assert User.objects.get(pk=owner.pk).email == "new@example.com"


def test_who_gave_up_being_an_admin_has_no_way_back(edit, undo, admin, owner):
    make_user("second", "admin")
    edit(owner, role="manager")
    before = ChangeSet.objects.latest("pk")
    response = edit(admin, role="sales")
    assert response.redirect_chain[-1][0] == reverse("home")
    assert "/undo/" not in response.content.decode()
    for __ in range(2):  # what they changed of themselves, and of others before
        assert "Only admins can undo this." in undo().content.decode()
        ChangeSet.objects.filter(pk__gt=before.pk).delete()
    assert rights_of(admin)[0] == ("sales", True, False, False)
    assert rights_of(owner)[0][0] == "manager"


@pytest.fixture
def two(customer, make_customer):
    """Of the customers one has both tags, one has only the one."""
    old, vip = Tag.objects.create(name="Old"), Tag.objects.create(name="VIP")
    other, third = make_customer("Other"), make_customer("Third")
    customer.tags.add(old, vip)
    other.tags.add(old)
    third.tags.add(vip)
    return old, vip


def test_a_tag_that_gets_the_name_of_another_is_asked_whether_to_merge(page, two):
    old, vip = two
    response = page.post(reverse("tags-edit", args=[old.pk]), {"name": "vip"})
    assert response.status_code == 422
    merge = response.context["merge"]
    assert (merge["have_tag"], merge["have_into"], merge["have_one"]) == (2, 2, 3)
    assert "Merge “Old” into “VIP”?" in response.content.decode()
    assert Tag.objects.count() == 2
    assert "merge" not in page.post(reverse("tags-add"), {"name": "vip"}).context


def test_merged_tags_are_one_and_come_apart_again(page, undo, two, owner):
    old, vip = two
    view = SavedView.objects.create(
        name="Old ones", owner=owner,
        filter={"all": [{"any": [{"field": "tag", "op": "in", "values": [str(old.pk), str(vip.pk)]}]}]},
    )  # fmt: skip
    had = {one.pk: set(one.tags.all()) for one in Customer.objects.all()}
    page.post(reverse("tags-merge", args=[old.pk]), {"into": vip.pk})
    assert list(Tag.objects.all()) == [vip]
    assert all(set(one.tags.all()) == {vip} for one in Customer.objects.all())
    view.refresh_from_db()
    [condition] = view.filter["all"][0]["any"]
    assert condition["values"] == [str(vip.pk)]
    undo()
    assert {one.pk: set(one.tags.all()) for one in Customer.objects.all()} == had
    view.refresh_from_db()
    [condition] = view.filter["all"][0]["any"]
    assert condition["values"] == [str(old.pk), str(vip.pk)]


@pytest.mark.parametrize("into", ["", "x", "0", "self"])
def test_a_tag_is_merged_into_another_one_only(page, two, into):
    old, _ = two
    address = reverse("tags-merge", args=[old.pk])
    said = {"into": old.pk if into == "self" else into}
    assert page.post(address, said).status_code == 400
    assert Tag.objects.count() == 2


def test_tags_stand_with_how_many_customers_have_them(page, two, customer):
    Customer.objects.filter(pk=customer.pk).update(archived_at="2026-01-01T00:00:00Z")
    body = page.get(reverse("tags-list")).content.decode()
    found = re.findall(r'tag=(\d+)">([\d,]+)</a>', body)
    assert {int(pk): n for pk, n in found} == {two[0].pk: "1", two[1].pk: "1"}
