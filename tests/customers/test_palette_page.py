"""The palette finds what its reader may see and open, in either language, and remembers by address alone."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import SavedView

MOST_QUERIES = 8


@pytest.fixture
def ask(client):
    def ask(user, q="", **query) -> str:
        client.force_login(user)
        response = client.get(reverse("palette"), {"q": q, **query})
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return ask


def test_customers_are_found_by_the_search_of_the_list_and_by_the_gate(
    ask, owner, teammate, make_customer, team
):
    mine = make_customer("Jonas Weber", owner, team, email="j@weber.example")
    assert mine.get_absolute_url() in ask(owner, "weber.ex")
    assert mine.get_absolute_url() not in ask(teammate, "weber.ex")


def test_two_letters_are_the_beginning_of_a_name_before_they_are_initials(
    ask, owner, make_customer, team
):
    for name in ("Jack Olsen", "Joanna Weber"):
        make_customer(name, owner, team)
    page = ask(owner, "jo")
    assert page.index("Joanna Weber") < page.index("Jack Olsen")


def test_pages_are_those_one_may_open(ask, owner, admin):
    assert reverse("settings") not in ask(owner, "sett")
    assert reverse("settings") in ask(admin, "sett")
    assert reverse("team") in ask(owner)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("typed", ["churn", "流失"])
def test_pages_are_found_in_either_language(ask, owner, language, typed):
    owner.language = language
    owner.save()
    assert f'href="{reverse("churn")}"' in ask(owner, typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("new customer", "customer-add"),
        ("customer add", "customer-add"),
        ("create contact", "customer-add"),
        ("新建客户", "customer-add"),
        ("task new", "task-add"),
        ("待办", "task-add"),
        ("profile", "profile"),
        ("my password", "profile"),
        ("修改密码", "profile"),
        ("notif", "notifications"),
        ("通知", "notifications"),
        ("calendar", "task-calendar"),
        ("日程", "task-calendar"),
        ("exports", "list-exports"),
        ("导出", "list-exports"),
    ],
)
def test_what_one_wants_is_first_whichever_words_one_has_for_it(ask, owner, typed, name):
    page = ask(owner, typed)
    assert re.search(r'id="palette-o1-1" href="(.*?)"', page).group(1) == reverse(name)


@pytest.mark.parametrize("typed", ["log call", "call", "phone", "打电话"])
def test_a_call_is_logged_by_any_words_for_it(ask, owner, typed):
    assert 'id="palette-o1-1" href="#call"' in ask(owner, typed)


def test_customers_who_fit_come_before_other_words_for_an_action(ask, owner, make_customer):
    person = make_customer("Phone Shop Lund", owner)
    page = ask(owner, "phone")
    assert page.index(person.get_absolute_url()) < page.index('href="#call"')


def test_kept_lists_are_found_by_name(ask, owner, teammate):
    view = SavedView.objects.create(name="Hotels in Lyon", owner=owner)
    assert view.get_absolute_url() in ask(owner, "hotel")
    assert view.get_absolute_url() not in ask(teammate, "hotel")


def test_on_a_customers_page_the_first_actions_are_about_the_customer(
    ask, owner, customer, teammate
):
    page = ask(owner, here=customer.get_absolute_url())
    assert f"Log a call with {customer.name}" in page
    assert f'{customer.get_absolute_url()}#write-call"' in page
    assert customer.name not in ask(teammate, here=customer.get_absolute_url())


def test_a_call_is_logged_with_whoever_is_chosen(ask, owner, customer):
    assert f'{customer.get_absolute_url()}#write-call"' in ask(
        owner, customer.name[:4], mode="call"
    )


def test_what_was_opened_lately_is_named_only_to_who_may_see_it(ask, owner, teammate, customer):
    paths = [reverse("voice"), customer.get_absolute_url(), "/no/such/page/"]
    page = ask(owner, recent=paths)
    assert page.index(reverse("voice")) < page.index(customer.get_absolute_url())
    assert customer.name not in ask(teammate, recent=paths)


def test_odd_input_is_no_error(ask, owner):
    for text in ("\x00", "%", "(", "x" * 5000, "  ", "<b>"):
        assert "Traceback" not in ask(owner, text, here=text, recent=[text])
    assert "<b>" not in ask(owner, "<b>").replace("<b>”", "")


def test_few_queries(client, ask, owner, customer):
    SavedView.objects.create(name="Mar", owner=owner)
    ask(owner)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("palette"), {"q": "mar", "recent": [customer.get_absolute_url()]})
    assert len(queries) <= MOST_QUERIES, [q["sql"][:80] for q in queries]
