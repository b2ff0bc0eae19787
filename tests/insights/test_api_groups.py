"""Behaviour groups by API: their names, who moved between them, and who is like whom."""

# ruff: noqa: F811  (fixtures of another file are arguments here)

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import ChangeSet, Customer
from insights.models import GroupMove, GroupName
from insights.publishing import publish
from tests.insights.conftest import segment
from tests.insights.moving import moved
from tests.insights.test_look_alikes import everybody, stands, version  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


@pytest.fixture
def api():
    def of(user):
        client = APIClient()
        client.force_authenticate(user)
        return client

    return of


def test_groups_come_with_names_and_only_the_readers_customers_are_counted(
    everybody,
    api,
    manager,
    other_manager,
    admin,
):
    GroupName.objects.create(number=1, name="Sleepers")
    answer = api(manager).get("/api/v1/groups/")
    told = {one["number"]: one for one in answer.data["groups"]}
    assert (told[1]["name"], told[1]["found"]) == ("Sleepers", "Silent for long")
    assert told[0]["name"] == told[0]["found"] == "Frequent buyers, large orders"
    assert told[0]["description"].startswith("orders so far 14, usual 3")

    def counted(user):
        return api(user).get("/api/v1/groups/1/").data["customers"]

    assert (counted(admin), counted(manager), counted(other_manager)) == (5, 4, 1)
    assert api(admin).get("/api/v1/groups/2/").status_code == 404


def test_a_group_is_named_and_its_own_name_comes_back(everybody, api, manager):
    client = api(manager)
    answer = client.patch("/api/v1/groups/0/", {"name": " Hotels  and cafés "}, format="json")
    assert answer.status_code == 200 and answer.data["name"] == "Hotels and cafés"
    change = ChangeSet.objects.first()
    assert (change.source, change.actor) == ("api", manager)
    taken = client.patch("/api/v1/groups/1/", {"name": "HOTELS and cafés"}, format="json")
    assert taken.status_code == 400
    assert [(f["field"], f["code"]) for f in taken.data["error"]["fields"]] == [("name", "taken")]
    back = client.patch("/api/v1/groups/0/", {"name": ""}, format="json")
    assert back.data["name"] == "Frequent buyers, large orders"
    assert client.patch("/api/v1/groups/0/", {}, format="json").status_code == 200


def test_movements_between_groups_are_added_up_over_the_days_asked_for(
    api, team, other_team, manager, admin
):
    moved(team, 1, 2, 5)
    moved(team, 1, 2, 7, days_ago=20)
    moved(team, None, 0, 2, days_ago=3)
    moved(other_team, 1, 2, 100)

    def flows(user, **query):
        rows = api(user).get("/api/v1/groups/movements/", query).data["flows"]
        return {(r["before"], r["after"]): r["customers"] for r in rows}

    assert flows(manager) == {(1, 2): 12, (None, 0): 2}
    assert flows(manager, days=7) == {(1, 2): 5, (None, 0): 2}
    assert flows(admin) == {(1, 2): 112, (None, 0): 2}
    assert api(manager).get("/api/v1/groups/movements/", {"days": 0}).status_code == 400


def test_moves_are_told_to_those_who_may_see_the_customer(
    api, make_customer, owner, stranger, team
):
    mine = make_customer("Mine", owner=owner, team=team)
    GroupMove.objects.create(customer=mine, day=TODAY, group_before=1, group_after=0)
    back = make_customer("Back again", owner=owner, team=team)
    GroupMove.objects.create(customer=back, day=TODAY, group_before=1, group_after=1)

    def told(user, **query):
        return api(user).get("/api/v1/group-moves/", query).data["results"]

    assert [(m["customer"], m["before"], m["after"]) for m in told(owner)] == [(mine.pk, 1, 0)]
    assert told(stranger) == []
    assert told(owner, before=0) == [] and len(told(owner, before=1, after=0)) == 1


def test_look_alikes_are_those_the_reader_may_see(everybody, api, owner, admin, stranger):
    address = f"/api/v1/customers/{everybody['Me'].pk}/look-alikes/"
    told = api(owner).get(address, {"count": 2}).data
    assert [one["name"] for one in told] == ["Twin", "Near"]
    assert {"side": "orders_all", "level": "high"} in told[0]["shared"]
    assert [one["name"] for one in api(admin).get(address, {"count": 1}).data] == ["Stranger"]
    assert api(stranger).get(address).status_code == 404
    assert api(owner).get(address, {"count": 51}).status_code == 400
    Customer.objects.filter(name="Me").update(profiling_refused=True)
    assert api(owner).get(address).data == []


def test_who_is_near_a_segment_or_a_group_comes_nearest_first(
    everybody, api, manager, admin, owner
):
    def names(user, address, **query):
        return [one["name"] for one in api(user).get(f"/api/v1/{address}/look-alikes/", query).data]

    assert names(manager, "segments/champions") == ["Near", "Twin", "Me"]
    assert names(admin, "segments/champions", count=1) == ["Stranger"]
    assert names(manager, "segments/lost") == ["Far"]
    assert names(manager, "groups/0", count=1) == ["Near"]
    assert api(owner).get("/api/v1/groups/0/look-alikes/").status_code == 403
    assert api(manager).get("/api/v1/segments/unknown/look-alikes/").status_code == 404


def test_one_who_is_in_a_group_stands_with_it(everybody, answer, version, api, manager):
    answer(version, {everybody["Twin"]: segment("loyal") | stands() | {"cluster": 1}})
    publish(version)
    (twin,) = (
        one
        for one in api(manager).get("/api/v1/groups/0/look-alikes/").data
        if one["name"] == "Twin"
    )
    assert twin["group"] == 1 and twin["segment"] == "loyal"
