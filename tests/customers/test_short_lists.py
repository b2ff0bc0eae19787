"""Lists that are short are sorted by any of their columns; longer ones say why not."""

import csv
import datetime
import io
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.columns import COLUMNS
from customers.models import CustomAttribute, SavedView, Tag
from customers.short_lists import key_of, page_among, sorted_by
from tests.customers.pages import score

PAGE = "/customers/"
SHOWN = "columns=name,city,own,tags,country,seg,attr.beds,attr.opened,ord"


@pytest.fixture
def people(make_customer, owner, manager, team):
    for name, kind in (("beds", "number"), ("opened", "date")):
        CustomAttribute.objects.create(name=name, label=name.title(), type=kind)
    rows = [
        ("A", "lyon", owner, "SE", "loyal", {"beds": 10, "opened": "2026-01-05"}),
        ("B", "Bath", manager, "Germany", "champions", {"beds": 9.5}),
        ("C", "", owner, "", "lost", {"opened": "2025-12-31"}),
        ("D", "Zug", None, "DE", "", {"beds": -3}),
        ("E", "Bath", manager, "Sweden", "lost", {"beds": 10}),
    ]
    made = []
    for name, city, whose, country, segment, own in rows:
        one = make_customer(
            name, city=city, owner=whose, team=team, country=country, attributes=own
        )
        score(one, risk=0.5, segment=segment)
        made.append(one)
    made[1].tags.add(Tag.objects.create(name="VIP"))
    made[4].tags.add(Tag.objects.create(name="fair"))
    return made


def names(response) -> str:
    return "".join(one.name for one in response.context["page"].rows)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("city", "BEADC"),
        ("-city", "DABEC"),
        ("own", "BEACD"),
        ("-own", "ACBED"),
        ("tags", "EBACD"),
        ("country", "BDAEC"),
        ("seg", "BACED"),
        ("-seg", "CEABD"),
        ("attr.beds", "DBAEC"),
        ("-attr.beds", "AEBDC"),
        ("attr.opened", "CABDE"),
        ("name", "ABCDE"),
    ],
)
def test_by_what_stands_in_the_cells_those_without_come_last(client, admin, people, sort, expected):
    client.force_login(admin)
    assert names(client.get(f"{PAGE}?{SHOWN}&sort={sort}")) == expected


def test_all_pages_together_hold_everybody_once_in_both_directions(client, admin, people, settings):
    settings.CUSTOMER_PAGE_SIZE = 2
    client.force_login(admin)
    address, seen = f"{PAGE}?{SHOWN}&sort=-attr.beds", []
    while address:
        page = client.get(address)
        seen.append(names(page))
        address, back = page.context["after_url"], page.context["before_url"]
    assert seen == ["AE", "BD", "C"]
    for expected in ("BD", "AE"):
        page = client.get(back)
        assert names(page) == expected
        back = page.context["before_url"]
    assert not back and page.context["after_url"]


def test_who_has_left_the_list_is_no_edge_of_a_page(people):
    for place in ("~99999", "x", "~-1", "3~"):
        assert page_among(people, 2, after=place).rows == people[:2]
        assert page_among(people, 2, before=place).rows == people[:2]


def test_a_head_sorts_and_turns_round(client, admin, people):
    client.force_login(admin)
    body = client.get(f"{PAGE}?{SHOWN}&sort=city").content.decode()
    head = re.search(r'aria-sort="ascending"><a href="([^"]*)" id="sort-city"', body)
    assert "sort=-city" in head[1]
    assert re.search(r'href="[^"]*sort=-attr.beds[^"]*" id="sort-attr.beds"', body)
    assert 'id="sort-ord"' not in body
    assert '<option value="city" selected>City, ascending</option>' in body
    assert '<option value="-city">City, descending</option>' in body


def test_a_long_list_has_the_usual_order_and_says_why(client, admin, people, monkeypatch):
    for place in ("views.list", "views.list_heads", "short_lists"):
        monkeypatch.setattr(f"customers.{place}.COUNT_CAP", 4)
    client.force_login(admin)
    page = client.get(f"{PAGE}?{SHOWN}&sort=city")
    body = page.content.decode()
    said = "Lists of up to 4 customers can be sorted by “City”. Narrow this one first."
    assert body.count(said) == 2  # above the list and at the head
    assert 'id="sort-city"' not in body and 'id="sort-name"' in body
    assert '<option value="city" selected>' in body
    assert names(page) == names(client.get(f"{PAGE}?{SHOWN}"))
    assert said not in client.get(f"{PAGE}?{SHOWN}&sort=city&q=a").content.decode()


def test_a_column_that_is_not_shown_sorts_nothing(client, admin, people):
    client.force_login(admin)
    usual = names(client.get(PAGE))
    for sort in ("city", "-attr.beds", "ord", "attr.gone", "bogus"):
        page = client.get(f"{PAGE}?sort={sort}")
        assert names(page) == usual and "sort=" not in page.context["address"]


def test_a_view_and_a_file_keep_the_order(client, admin, people):
    client.force_login(admin)
    page = client.get(f"{PAGE}?{SHOWN}&sort=-attr.beds").content.decode()
    save_as = re.search(r'href="([^"]*)" id="view-save-as"', page)[1].replace("&amp;", "&")
    client.post(save_as, {"name": "Beds", "audience": "private"})
    view = SavedView.objects.get()
    assert view.sort == "-attr.beds"
    page = client.get(view.get_absolute_url())
    assert names(page) == "AEBDC"
    answer = client.get(page.context["export_url"])
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content])
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert "".join(row[1] for row in rows[1:]) == "AEBDC"


def test_the_steps_of_a_customers_page_follow_it(client, admin, people):
    client.force_login(admin)
    address = quote(f"{PAGE}?{SHOWN}&sort=-attr.beds", safe="")
    at = {one.name: one for one in people}
    for name, before, after in (("A", None, "E"), ("B", "E", "D"), ("C", "D", None)):
        page = client.get(f"{at[name].get_absolute_url()}?in={address}")
        for key, other in (("previous_url", before), ("next_url", after)):
            url = page.context[key]
            assert url.startswith(at[other].get_absolute_url()) if other else url == ""


def test_it_takes_no_more_queries_than_any_other_order(client, admin, people):
    client.force_login(admin)
    address = f"{PAGE}?{SHOWN},company&where=all(team:filled)&sort=tags"
    client.get(address)  # the time zone, which is kept
    with CaptureQueriesContext(connection) as queries:
        assert names(client.get(address)) == "EBACD"
    asked = [q["sql"] for q in queries if not q["sql"].startswith(("PRAGMA", "BEGIN", "COMMIT"))]
    assert len(asked) <= 12, "\n".join(asked)


def test_values_of_several_kinds_have_an_order():
    day = datetime.date(2026, 1, 5)
    values = ["b", day, 2, "A", True, 0.5, None, ""]
    known = [value for value in values if key_of(value) is not None]
    assert sorted(known, key=key_of) == [0.5, True, 2, day, "A", "b"]


def test_every_column_is_sorted_by_but_a_drawing():
    assert [key for key, column in COLUMNS.items() if not (column.sort or column.is_compared)] == [
        "ord"
    ]
    assert sorted_by([], COLUMNS["city"], True) == []
