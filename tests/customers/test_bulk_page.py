"""Many customers at once: who is meant, what will be done, done for all of them, and taken back for all of them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Change, Customer, Tag, Task

PAGE = "/customers/bulk/"


@pytest.fixture
def people(make_customer, owner, team):
    return [make_customer(f"Customer {i}", owner=owner, team=team, city="Lyon") for i in range(6)]


def press(client, user, query: str, **form):
    """Look first, then do what the page offers."""
    client.force_login(user)
    page = client.get(f"{PAGE}?{query}")
    expected = re.search(r'name="expected" value="(\d+)"', page.content.decode())
    form.setdefault("expected", expected[1] if expected else "")
    return client.post(f"{PAGE}?{query}", form, follow=True)


def undo(client, response) -> str:
    change = re.search(r'action="(/changes/\d+/undo/)"', response.content.decode())[1]
    return client.post(change, follow=True).content.decode()


def ids(people) -> str:
    return "&".join(f"id={one.pk}" for one in people)


def test_ticked_customers_get_a_tag_and_it_is_taken_back(client, owner, people):
    old = Tag.objects.create(name="Old")
    people[0].tags.add(old)
    response = press(client, owner, f"do=tag&{ids(people[:3])}", way="add", fresh="Fair")
    assert "Tags of 3 customers changed" in response.content.decode()
    assert set(Customer.objects.filter(tags__name="Fair")) == set(people[:3])
    assert "Undone" in undo(client, response)
    assert not Customer.objects.filter(tags__name="Fair").exists()
    assert list(people[0].tags.all()) == [old]
    response = press(client, owner, f"do=tag&{ids(people)}", way="remove", known=old.pk)
    assert "Tags of 1 customer changed" in response.content.decode()
    response = press(client, owner, f"do=tag&{ids(people)}", way="remove", known=old.pk)
    assert "Nothing had to be changed" in response.content.decode()


def test_all_that_fit_are_those_of_the_filter(client, owner, people):
    Customer.objects.filter(pk=people[0].pk).update(city="Bath")
    query = "do=task&all=1&where=all(city:is:Lyon)"
    response = press(client, owner, query, title="Call them")
    assert "5 tasks added" in response.content.decode()
    assert set(Task.objects.values_list("customer", "assignee")) == {
        (one.pk, owner.pk) for one in people[1:]
    }
    undo(client, response)
    assert not Task.objects.exists()


def test_managers_hand_over_and_take_it_back(client, manager, owner, teammate, people):
    response = press(client, manager, f"do=assign&{ids(people)}", owner=teammate.pk)
    assert "6 customers handed over" in response.content.decode()
    assert set(Customer.objects.values_list("owner", flat=True)) == {teammate.pk}
    undo(client, response)
    assert set(Customer.objects.values_list("owner", flat=True)) == {owner.pk}


def test_from_whom_to_whom_is_said_before_and_how_many_stay_after(
    client, manager, owner, teammate, people
):
    Customer.objects.filter(pk__in=[one.pk for one in people[:2]]).update(owner=teammate)
    address = f"{PAGE}?do=assign&{ids(people)}"
    client.force_login(manager)
    assert "Owners now: " in (page := client.get(address).content.decode())
    assert "owner: 4" in page and "teammate: 2" in page
    look = client.post(address, {"look": "1", "owner": teammate.pk}).content.decode()
    assert "owner → teammate: 4" in look and "already teammate’s: 2" in look
    assert Customer.objects.filter(owner=owner).count() == 4
    response = press(client, manager, f"do=assign&{ids(people)}", owner=teammate.pk)
    assert "4 customers handed over; already teammate’s: 2" in response.content.decode()
    assert Customer.objects.filter(owner=teammate).count() == 6


def test_how_many_have_the_tag_already_is_said_before_and_after(client, owner, people):
    old = Tag.objects.create(name="Old")
    for one in people[:2]:
        one.tags.add(old)
    address = f"{PAGE}?do=tag&{ids(people)}"
    client.force_login(owner)
    assert "get the tag" not in client.get(address).content.decode()

    def look(**form) -> str:
        return client.post(address, {"look": "1", "way": "add"} | form).content.decode()

    page = look(known=old.pk)
    assert "get the tag: 4" in page and "have it already: 2" in page
    assert "have it already: 2" in look(fresh="Old")
    assert "get the tag: 6" in (page := look(fresh="New")) and "have it already" not in page
    page = look(known=old.pk, way="remove")
    assert "lose the tag: 2" in page and "do not have it: 4" in page
    assert Tag.objects.count() == 1
    response = press(client, owner, f"do=tag&{ids(people)}", way="add", known=old.pk)
    assert "Tags of 4 customers changed; have it already: 2" in response.content.decode()


def test_who_gets_how_many_tasks_is_said_before(client, manager, owner, teammate, people):
    Customer.objects.filter(pk__in=[one.pk for one in people[:2]]).update(owner=None)
    Customer.objects.filter(pk=people[2].pk).update(owner=teammate)
    address = f"{PAGE}?do=task&{ids(people)}"
    client.force_login(manager)
    page = client.get(address).content.decode()
    told = re.search(r'id="handovers".*?</div>', page, re.S)[0]
    told = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", told))
    assert "Who gets how many: owner: 3; you: 2; teammate: 1" in told
    with CaptureQueriesContext(connection) as queries:
        page = client.post(address, {"look": "1", "assignee": teammate.pk}).content.decode()
    assert "teammate: 6" in page and "you: " not in page
    assert "c-error" not in page  # the title is still to be typed
    assert len(queries) <= 14
    assert not Task.objects.exists()


def test_salespeople_hand_over_nothing(client, owner, teammate, people):
    page = press(client, owner, f"do=assign&{ids(people)}", owner=teammate.pk)
    assert set(Customer.objects.values_list("owner", flat=True)) == {owner.pk}
    assert "handed over" not in page.content.decode()


def test_nobody_else_s_customers_are_touched(client, stranger, people):
    page = press(client, stranger, f"do=tag&{ids(people)}", way="add", fresh="Mine", expected="6")
    assert "Nobody is selected" in page.content.decode()
    assert not Change.objects.filter(model="customer").exists()


def test_what_has_changed_since_is_not_overwritten(client, manager, owner, teammate, people):
    response = press(client, manager, f"do=assign&{ids(people)}", owner=teammate.pk)
    press(client, manager, f"do=assign&id={people[0].pk}", owner=manager.pk)
    assert "Some of them were changed again" in undo(client, response)
    assert Customer.objects.filter(owner=teammate).count() == 5


def test_a_list_that_has_grown_is_looked_at_again(client, owner, team, people, make_customer):
    query = "do=tag&all=1&where=all(city:is:Lyon)"
    make_customer("Late", owner=owner, team=team, city="Lyon")
    page = press(client, owner, query, way="add", fresh="Fair", expected="6")
    assert "The list has changed meanwhile: it is 7 customers now" in page.content.decode()
    assert not Customer.objects.exclude(tags=None).exists()


def test_there_is_an_end_to_how_many(client, owner, people, monkeypatch):
    monkeypatch.setattr("customers.selecting.MOST", 5)
    page = press(client, owner, "do=tag&all=1", way="add", fresh="Fair")
    assert "More than 5 customers fit" in page.content.decode()
    assert not Customer.objects.exclude(tags=None).exists()


def test_many_cost_as_many_queries_as_few(client, manager, teammate, people):
    counts = []
    client.force_login(manager)
    client.get(PAGE)  # the time zone, which is kept
    for some in (people[:2], people[2:]):
        address = f"{PAGE}?do=assign&{ids(some)}"
        with CaptureQueriesContext(connection) as queries:
            form = {"owner": teammate.pk, "expected": str(len(some))}
            assert client.post(address, form).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "query",
    ["", "do=bogus", "id=x&id=999999999999999999999", "all=1&where=rubbish", "view=x&all=1"],
)
def test_an_address_that_was_never_ours_does_no_harm(client, owner, query):
    client.force_login(owner)
    assert client.get(f"{PAGE}?{query}").status_code == 200


def test_a_list_is_exported_in_its_columns_without_formulas(client, owner, stranger, people):
    people[0].name, people[0].email = "=1+1", "+49@x.example"
    people[0].save()
    people[1].tags.add(Tag.objects.create(name="VIP"))
    client.force_login(owner)
    address = "/customers/export.csv?all=1&where=all(city:is:Lyon)&columns=name,email,tags,risk"
    lines = b"".join(client.get(address).streaming_content).decode().splitlines()
    assert lines[0] == '\ufeffid,Customer,E-mail,Tags,"Churn risk, %",Main reason of the risk'
    assert len(lines) == 7
    assert lines[1] == f"{people[0].pk},'=1+1,'+49@x.example,,,"
    assert lines[2] == f"{people[1].pk},Customer 1,,VIP,,"
    ticked = client.get(f"/customers/export.csv?id={people[2].pk}")
    assert len(b"".join(ticked.streaming_content).decode().splitlines()) == 2
    client.force_login(stranger)
    assert len(b"".join(client.get(address).streaming_content).decode().splitlines()) == 1
