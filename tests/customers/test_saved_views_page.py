"""Saved views: kept, opened, changed, shared, deleted and brought back; who may do which."""

import re

import pytest
from django.db import IntegrityError
from django.urls import reverse

from customers.models import ChangeSet, SavedView, Tag, Team
from tests.customers.pages import score

WHERE = "where=all(risk:gte:60)"


@pytest.fixture
def people(make_customer, owner, team):
    for i in range(4):
        score(make_customer(f"Customer {i}", owner=owner, team=team), risk=0.2 + 0.2 * i)


@pytest.fixture
def views(owner, other_team, team, manager, admin, stranger):
    def of(name, who, audience="private", its_team=None, **fields):
        return SavedView.objects.create(
            name=name, owner=who, audience=audience, team=its_team, **fields
        )

    return {
        "private": of("Owner's own", owner),
        "team": of("North's", owner, "team", team),
        "other": of("South's", stranger, "team", other_team),
        "everyone": of("For all", manager, "everyone"),
    }


def get(client, user, address):
    client.force_login(user)
    return client.get(address)


def names(response) -> list[str]:
    return re.findall(r"c-clip c-block\">(Customer \d)<", response.content.decode())


def test_a_list_is_kept_under_a_name_and_opened_by_its_address(client, owner, people):
    client.force_login(owner)
    page = client.get(f"/customers/?{WHERE}&sort=name&columns=name,risk,email&q=customer")
    save_as = re.search(r'href="([^"]*)" id="view-save-as"', page.content.decode())[1]
    response = client.post(save_as.replace("&amp;", "&"), {"name": "Risky", "audience": "private"})
    view = SavedView.objects.get()
    assert response["Location"] == view.get_absolute_url() == f"/customers/views/{view.pk}/"
    assert view.filter == {"all": [{"field": "risk", "op": "gte", "values": ["60"]}]}
    assert (view.columns, view.sort, view.search) == (["name", "risk", "email"], "name", "customer")
    page = client.get(view.get_absolute_url())
    assert names(page) == ["Customer 2", "Customer 3"]
    body = page.content.decode()
    assert re.search(r'aria-current="true">Risky', body)
    assert "c-col-value" not in body


def test_what_differs_from_the_view_stands_in_the_address_and_can_be_saved_or_undone(
    client, owner, people
):
    kept = {"all": [{"field": "risk", "op": "gte", "values": ["60"]}]}
    view = SavedView.objects.create(name="Risky", owner=owner, filter=kept)
    address = view.get_absolute_url()
    client.force_login(owner)
    assert ">changed<" not in client.get(address).content.decode()
    page = client.get(f"{address}?where=all()")
    assert len(names(page)) == 4
    body = page.content.decode()
    assert ">changed<" in body
    save = re.search(r'action="([^"]*/save/[^"]*)"', body)[1].replace("&amp;", "&")
    assert client.post(save)["Location"] == address
    view.refresh_from_db()
    assert view.filter == {}
    change = re.search(r'action="(/changes/\d+/undo/)"', client.get(address).content.decode())[1]
    client.post(change)
    view.refresh_from_db()
    assert view.filter == kept


def test_each_sees_their_own_their_teams_and_those_for_everyone(
    client, views, owner, teammate, stranger, manager, other_manager, admin
):
    expected = {
        owner: {"private", "team", "everyone"},
        teammate: {"team", "everyone"},
        manager: {"team", "everyone"},
        stranger: {"other", "everyone"},
        other_manager: {"other", "everyone"},
        admin: {"team", "other", "everyone"},
    }
    for user, seen in expected.items():
        for name, view in views.items():
            status = get(client, user, view.get_absolute_url()).status_code
            assert (status == 200) == (name in seen), (user, name)
        tabs = get(client, user, "/customers/").content.decode()
        assert {n for n, v in views.items() if f'id="tab-v{v.pk}"' in tabs} == seen


def test_who_may_change_a_shared_view(
    client, views, owner, teammate, manager, other_manager, admin
):
    allowed = {
        "team": {owner, manager, admin},
        "everyone": {manager, admin},
        "private": {owner},
        "other": {other_manager, admin},
    }
    for name, who in allowed.items():
        for user in (owner, teammate, manager, other_manager, admin):
            client.force_login(user)
            args = [views[name].pk]
            for route in ("view-edit", "view-save"):
                address = reverse(route, args=args)
                status = (client.post if route == "view-save" else client.get)(address).status_code
                assert (status != 404) == (user in who), (name, user, route)


def test_a_view_shows_nobody_more_customers_than_they_may_see(
    client, views, people, manager, stranger
):
    assert len(names(get(client, manager, views["everyone"].get_absolute_url()))) == 4
    assert names(get(client, stranger, views["everyone"].get_absolute_url())) == []


def test_salespeople_share_with_their_teams_managers_with_everyone_admins_set_first_pages(
    client, owner, manager, admin, team, other_team
):
    def save(user, **form):
        client.force_login(user)
        return client.post(reverse("view-add"), {"name": "Mine", **form}).status_code == 302

    assert save(owner, audience="team", team=team.pk)
    assert not save(owner, audience="team", team=other_team.pk)
    assert not save(owner, audience="team")
    assert not save(owner, audience="everyone")
    assert save(manager, audience="everyone")
    assert save(manager, audience="everyone", default_for="sales")  # not asked of managers
    assert not SavedView.objects.exclude(default_for="").exists()
    assert save(admin, audience="everyone", default_for="sales")
    assert not save(admin, audience="private", default_for="sales")
    assert SavedView.objects.get(default_for="sales").owner == admin


def test_who_is_in_one_team_need_not_choose_it(client, owner, admin, team, other_team):
    for user, offered in ((owner, team), (admin, None)):
        client.force_login(user)
        assert client.get(reverse("view-add")).context["form"].initial["team"] == offered


def test_a_role_begins_with_its_first_page_and_still_finds_everybody(
    client, admin, owner, manager, people
):
    first = SavedView.objects.create(
        name="Start", audience="everyone", default_for="sales", owner=admin
    )
    assert get(client, owner, "/customers/")["Location"] == first.get_absolute_url()
    body = get(client, owner, first.get_absolute_url()).content.decode()
    assert 'href="/customers/?list=all"' in body
    assert len(names(get(client, owner, "/customers/?list=all"))) == 4
    assert get(client, manager, "/customers/").status_code == 200
    form = {"name": "Second", "audience": "everyone", "default_for": "sales"}
    client.force_login(admin)
    client.post(reverse("view-add"), form)
    first.refresh_from_db()
    assert first.default_for == ""
    with pytest.raises(IntegrityError):
        SavedView.objects.create(name="Third", audience="everyone", default_for="sales")


def test_a_view_is_duplicated_deleted_and_brought_back(client, views, owner, teammate):
    client.force_login(teammate)
    client.post(reverse("view-duplicate", args=[views["team"].pk]))
    copy = SavedView.objects.get(name="Copy of North's")
    assert (copy.owner, copy.audience) == (teammate, "private")
    client.force_login(owner)
    response = client.post(reverse("view-delete", args=[views["team"].pk]), follow=True)
    body = response.content.decode()
    assert "View “North&#x27;s” deleted" in body
    assert f'id="tab-v{views["team"].pk}"' not in body
    assert client.get(views["team"].get_absolute_url()).status_code == 404
    client.post(re.search(r'action="(/changes/\d+/undo/)"', body)[1])
    assert client.get(views["team"].get_absolute_url()).status_code == 200


def test_counts_come_after_the_page_and_stop_at_their_cap(
    client, owner, people, views, monkeypatch
):
    kept = {"all": [{"field": "risk", "op": "gte", "values": ["60"]}]}
    SavedView.objects.filter(pk=views["private"].pk).update(filter=kept)
    page = get(client, owner, "/customers/").content.decode()
    address = re.search(r'hx-get="(/customers/views/counts/[^"]*)"', page)[1]
    tabs = client.get(address.replace("&amp;", "&")).content.decode()
    assert re.search(r"Owner&#x27;s own <span class=\"c-count\">2</span>", tabs)
    assert re.search(r"All <span class=\"c-count\">4</span>", tabs)
    assert "hx-get" not in tabs.partition(">")[0]
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setattr("customers.views.saved.COUNT_CAP", 1)
    assert "1+" in client.get(address.replace("&amp;", "&")).content.decode()


def counts(client, address: str) -> dict[str, str]:
    """What the tabs of a page say before they are asked to be counted."""
    tabs = client.get(address).context["tabs"]
    return {tab["label"]: tab["count"] for tab in tabs if tab["count"]}


def test_the_tab_of_an_open_list_says_what_the_list_says(client, owner, team, make_customer):
    kept = {"all": [{"field": "city", "op": "is", "values": ["Lyon"]},
                    {"field": "attr.gone", "op": "yes", "values": []}]}  # fmt: skip
    view = SavedView.objects.create(name="In Lyon", owner=owner, filter=kept)
    client.force_login(owner)
    client.get(reverse("view-counts"))
    before = counts(client, "/customers/?sort=name")
    assert before["All"] == before["In Lyon"] == before["Mine"] == "0"
    make_customer("Anna", owner=owner, team=team, city="Lyon")
    page = client.get(view.get_absolute_url())
    assert "1 customer" in page.context["summary"]["customers"]
    assert {tab["label"]: tab["count"] for tab in page.context["tabs"]}["In Lyon"] == "1"
    assert counts(client, "/customers/?sort=name")["All"] == "1"
    assert counts(client, "/customers/?q=nobody")["All"] == "1"
    assert counts(client, f"{view.get_absolute_url()}?where=all()")["In Lyon"] == "1"


def test_the_tab_that_is_open_is_counted_anew_by_whichever_process_answers(
    client, owner, team, make_customer
):
    client.force_login(owner)
    client.get(reverse("view-counts"))
    make_customer("Anna", owner=owner, team=team)
    tabs = client.get(reverse("view-counts")).context["tabs"]
    assert {tab["label"]: tab["count"] for tab in tabs}["All"] == "1"


def test_after_a_change_of_many_and_its_undoing_every_tab_is_counted_anew(
    client, owner, team, make_customer
):
    anna = make_customer("Anna", owner=owner, team=team)
    tag = Tag.objects.create(name="VIP")
    kept = {"all": [{"field": "tag", "op": "in", "values": [str(tag.pk)]}]}
    SavedView.objects.create(name="VIPs", owner=owner, filter=kept)
    client.force_login(owner)
    client.get(reverse("view-counts"))
    assert counts(client, "/customers/")["VIPs"] == "0"
    form = {"known": tag.pk, "way": "add", "expected": "1"}
    client.post(f"{reverse('bulk')}?do=tag&id={anna.pk}", form)
    assert list(anna.tags.all()) == [tag]
    assert "VIPs" not in counts(client, "/customers/")
    client.get(reverse("view-counts"))
    assert counts(client, "/customers/")["VIPs"] == "1"
    client.post(reverse("undo", args=[ChangeSet.objects.latest("pk").pk]))
    assert "VIPs" not in counts(client, "/customers/")


def test_a_view_whose_field_is_gone_says_so_and_keeps_the_rest(client, owner, people):
    kept = {"all": [{"field": "attr.gone", "op": "yes", "values": []},
                    {"field": "risk", "op": "gte", "values": ["60"]}]}  # fmt: skip
    view = SavedView.objects.create(
        name="Old", owner=owner, filter=kept, columns=["name", "attr.gone", "risk"]
    )
    body = get(client, owner, view.get_absolute_url())
    assert "There is no field “attr.gone”" in body.content.decode()
    assert names(body) == ["Customer 2", "Customer 3"]


def test_columns_are_chosen_and_ordered(client, owner, people):
    body = get(client, owner, "/customers/?columns=name,email,risk").content.decode()
    heads = re.findall(r'scope="col" class="c-col-(\w+)', body)
    assert heads == ["pick", "name", "other", "risk"]
    assert 'href="/customers/?columns=name,risk,email" hx-get' in body  # moved
    assert 'href="/customers/?columns=name,risk" hx-get' in body  # hidden
    assert 'href="/customers/?columns=name,email,risk,city" hx-get' in body  # added
    many = "name,city,country,email,phone,company,team,tags,since,updated,orders"
    body = get(client, owner, f"/customers/?columns={many}").content.decode()
    assert body.count('scope="col"') == 12  # eleven, and the boxes


def test_a_team_that_goes_takes_its_views_along(team, views):
    Team.objects.filter(pk=team.pk).delete()
    assert set(SavedView.objects.values_list("name", flat=True)) == {
        "Owner's own",
        "South's",
        "For all",
    }
