"""Next and previous: along the list one came from, its filter, search and order."""

import re
from urllib.parse import quote

import pytest

from customers.models import SavedView
from customers.totalling import refresh_totals


@pytest.fixture
def people(make_customer, make_order, owner, team):
    made = []
    for number, city in enumerate(["Lyon", "Lyon", "Paris", "Lyon"]):
        person = make_customer(f"Person {number}", owner=owner, team=team, city=city)
        make_order(person, amount=100 - 10 * number)
        made.append(person)
    refresh_totals([person.pk for person in made])
    return made


@pytest.fixture
def steps(client, owner):
    """Whom the arrows lead to, from a customer opened from a list."""

    def steps(person, address):
        client.force_login(owner)
        body = client.get(
            f"{person.get_absolute_url()}?in={quote(address, safe='')}"
        ).content.decode()
        found = {}
        for name in ("before", "after"):
            link = re.search(
                rf'id="customer-{name}"[^>]*href="/customers/(\d+)/\?in=([^"]+)"', body
            )
            found[name] = int(link[1]) if link else None
        return found["before"], found["after"]

    return steps


def test_the_steps_follow_the_lists_order(steps, people):
    first, second, third, last = (one.pk for one in people)
    assert steps(people[0], "/customers/") == (None, second)
    assert steps(people[1], "/customers/") == (first, third)
    assert steps(people[3], "/customers/") == (third, None)
    assert steps(people[1], "/customers/?sort=value") == (third, first)
    assert steps(people[1], "/customers/?sort=-name") == (third, first)


def test_the_steps_stay_within_filter_and_search(steps, people):
    first, second, __, last = (one.pk for one in people)
    assert steps(people[1], "/customers/?where=all(city:is:Lyon)") == (first, last)
    assert steps(people[1], "/customers/?q=Person") == (first, people[2].pk)
    assert steps(people[1], "/customers/?q=Person+1") == (None, None)


def test_the_steps_never_lead_to_whom_one_may_not_see(steps, people, make_customer, stranger):
    hidden = make_customer("Hidden", owner=stranger)
    refresh_totals([hidden.pk])
    assert steps(people[3], "/customers/") == (people[2].pk, None)


def test_who_no_longer_fits_the_filter_still_has_neighbours(steps, people):
    assert steps(people[2], "/customers/?where=all(city:is:Lyon)") == (people[1].pk, people[3].pk)


def test_a_saved_view_is_a_list_as_well_and_only_ones_own(steps, people, owner, stranger):
    mine = SavedView.objects.create(name="Mine", owner=owner, sort="value")
    other = SavedView.objects.create(name="Theirs", owner=stranger)
    assert steps(people[1], mine.get_absolute_url()) == (people[2].pk, people[0].pk)
    assert steps(people[1], other.get_absolute_url()) == (None, None)


@pytest.mark.parametrize(
    "address",
    ["", "https://evil.example/customers/", "//evil.example/customers/", "/settings/", "%00", "javascript:1"],
)  # fmt: skip
def test_an_address_that_is_no_list_shows_no_steps(client, owner, customer, address):
    client.force_login(owner)
    body = client.get(
        f"{customer.get_absolute_url()}?in={quote(address, safe='')}"
    ).content.decode()
    assert "c-steps" not in body and "evil" not in body.split("<main")[1].split("</nav>")[0]


def test_rows_of_a_list_lead_to_pages_that_know_it(client, owner, people):
    client.force_login(owner)
    body = client.get("/customers/?where=all(city:is:Lyon)&sort=name").content.decode()
    assert f'href="{people[0].get_absolute_url()}?in=%2Fcustomers%2F%3Fwhere%3Dall' in body
