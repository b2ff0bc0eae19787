"""The customers page: who is in it, filters, order, pages by key."""

import re

import pytest
from django.urls import reverse

from customers.models import Customer, Segment, Tag
from customers.paging import SORTS
from customers.totalling import refresh_totals
from tests.customers.pages import ago, order, score

PAGE = "/customers/"


@pytest.fixture(autouse=True)
def small_pages(settings):
    settings.CUSTOMER_PAGE_SIZE = 5


@pytest.fixture
def crowd(make_customer, owner, team):
    """Twelve customers; every third has no score, the others rising risk, some of them the same."""
    made = [
        make_customer(f"Customer {i:02}", owner=owner, team=team, country="Sweden")
        for i in range(12)
    ]
    for i, customer in enumerate(made):
        if i % 3:
            score(customer, risk=round(0.1 + 0.1 * (i // 2), 2), segment=list(Segment)[i % 8])
            order(customer, f"O{i}", ago(5 * i + 1), lines=i)
    refresh_totals()
    return made


def names(response) -> list[str]:
    return re.findall(
        r'<span class="c-medium c-clip c-block">([^<]+)</span>', response.content.decode()
    )


def link(response, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', response.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def get(client, user, address=PAGE, **headers):
    client.force_login(user)
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response


def test_a_list_holds_what_its_reader_may_see(client, owner, stranger, manager, crowd):
    assert len(names(get(client, owner))) == 5
    assert names(get(client, stranger)) == []
    assert len(names(get(client, manager))) == 5


@pytest.mark.parametrize("sort", [way + name for name in SORTS for way in ("", "-")])
def test_pages_forwards_and_backwards_show_everybody_once_in_the_same_order(
    client, owner, crowd, sort
):
    forwards, pages, address = [], [], f"{PAGE}?sort={sort}"
    while address:
        response = get(client, owner, address)
        pages.append(names(response))
        forwards += pages[-1]
        address = link(response, "next")
    assert sorted(forwards) == sorted(c.name for c in crowd)
    assert [len(p) for p in pages] == [5, 5, 2]
    back, address = [], link(response, "prev")
    while address:
        response = get(client, owner, address)
        back.insert(0, names(response))
        address = link(response, "prev")
    assert back == pages[:-1]


def test_the_highest_risk_comes_first_and_customers_without_a_score_last(client, owner, crowd):
    shown = names(get(client, owner, f"{PAGE}?sort=-risk"))
    assert shown[0] in ("Customer 10", "Customer 11")
    last = names(get(client, owner, f"{PAGE}?sort=-risk&after=~1"))
    unscored = {c.name for c in crowd if not hasattr(Customer.objects.get(pk=c.pk), "score")}
    assert set(last) <= unscored


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=customer 0", 5),
        ("q=nobody", 0),
        ("risk=none", 4),
        ("risk=high", 2),
        ("segment=loyal&segment=champions", 2),
        ("owner=me", 5),
        ("owner=none", 0),
        ("country=Sweden&sort=name", 5),
        ("lifecycle=lead", 0),
        ("recency=2&frequency=4", 5),
        ("recency=5", 0),
    ],
)
def test_filters_narrow_the_list(client, owner, crowd, query, expected):
    assert len(names(get(client, owner, f"{PAGE}?{query}"))) == expected


def test_a_tag_and_a_team_narrow_the_list(client, owner, crowd, team):
    tag = Tag.objects.create(name="VIP")
    crowd[3].tags.add(tag)
    assert names(get(client, owner, f"{PAGE}?tag={tag.pk}")) == ["Customer 03"]
    assert len(names(get(client, owner, f"{PAGE}?team={team.pk}"))) == 5


def test_filters_in_force_stand_there_as_words_that_can_be_taken_away(client, owner, crowd):
    body = get(client, owner, f"{PAGE}?risk=high&segment=lost&q=x").content.decode()
    assert ">Churn risk at least 60%<" in body
    assert ">Segment is Lost<" in body
    assert 'href="/customers/?q=x&amp;where=all(segment:in:lost)"' in body


def test_archived_customers_are_shown_only_when_asked_for(client, owner, crowd):
    Customer.objects.filter(name="Customer 11").update(archived_at=ago(1))
    assert "Customer 11" not in names(get(client, owner, f"{PAGE}?sort=-name"))
    assert names(get(client, owner, f"{PAGE}?archived=true")) == ["Customer 11"]


@pytest.mark.parametrize(
    "query",
    [
        "sort=bogus", "after=bogus", "after=nan~5", "after=1e999~5", "after=0.5~99999999999999999999",
        "sort=-last&after=0001-01-01T00:00:00%2B00:00~3", "sort=name&after=a%00b~3", "before=~0", "q=a%00b",
        "owner=999999", "team=x", "tag=77", "segment=bogus", "risk=bogus", "recency=9", "after=~",
        "sort=-value&after=1e300~2", "where=all(", "where=all(risk:gte:x,bogus:in:1,risk:bogus)", "where=a%00b",
        "columns=bogus,name", "columns=,,,", "m-r=bogus&f-r-0=risk&o-r-0=bogus", "do=drop:r-9-9&m-r=all", "do=add:x",
        "m-r=all&f-r-99=risk", "list=bogus", "where=all(owner:in:999999999999999999)",
    ],
)  # fmt: skip
def test_an_address_that_was_never_ours_does_no_harm(client, owner, crowd, query):
    get(client, owner, f"{PAGE}?{query}")


def test_a_filter_that_no_longer_exists_is_left_out_and_said_so(client, owner, crowd):
    response = get(client, owner, f"{PAGE}?tag=77")
    assert len(names(response)) == 5
    assert "Tags: “77” is none of the choices." in response.content.decode()


def test_the_count_stops_at_its_cap(client, owner, crowd, monkeypatch):
    assert ">12 customers<" in get(client, owner).content.decode()
    monkeypatch.setattr("customers.views.list.COUNT_CAP", 8)
    assert ">8+ customers<" in get(client, owner).content.decode()


def test_what_a_long_list_is_worth_follows_its_page(client, owner, crowd, monkeypatch):
    whole = get(client, owner, f"{PAGE}?risk=low").content.decode()
    said = re.search(r'role="status">(<b class="c-strong.*?)</p>', whole).group(1)
    assert re.search(r"worth €\d+ so far", said)
    monkeypatch.setattr("customers.views.list.COUNT_CAP", 3)
    body = get(client, owner, f"{PAGE}?risk=low").content.decode()
    assert ">3+ customers<" in body and "worth €" not in body
    url = re.search(r'hx-get="(/customers/sums/[^"]*)" hx-trigger="load"', body).group(1)
    for _time in range(2):  # the second one is remembered
        assert said in get(client, owner, url.replace("&amp;", "&")).content.decode()


def test_sums_are_of_the_customers_one_may_see(client, owner, stranger, crowd):
    assert "12 customers" in get(client, owner, f"{PAGE}sums/?all=1").content.decode()
    assert "12 customers" not in get(client, stranger, f"{PAGE}sums/?all=1").content.decode()


def test_the_answer_line_says_how_much_is_at_risk(client, owner, crowd):
    body = get(client, owner).content.decode()
    assert "worth €480 so far" in body  # 1+2+4+5+7+8+10+11 lines of ten euro
    assert "<b>€210</b> of it is with customers at high risk" in body


def test_a_refresh_is_the_same_fragment_as_in_the_page(client, owner, crowd):
    whole = get(client, owner).content.decode()
    part = get(client, owner, PAGE, **{"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    rows = re.findall(r"<tbody.*</tbody>", part, re.DOTALL)
    assert rows == re.findall(r"<tbody.*</tbody>", whole, re.DOTALL)


def test_a_refresh_is_never_kept_in_the_place_of_the_page(client, owner, crowd):
    assert "HX-Request" in get(client, owner).headers["Vary"]
    part = get(client, owner, PAGE, **{"HX-Request": "true"})
    assert "no-store" in part.headers["Cache-Control"]


def test_a_row_names_what_raised_a_high_risk_even_where_something_else_weighs_more(
    client, owner, make_customer, team
):
    customer = make_customer("Torn", owner=owner, team=team)
    score(customer, risk=0.7)
    customer.reasons.churn = {
        "base": 0.6,
        "reasons": [
            {"code": "recency", "facts": {"days": 0, "usual_gap": 75}, "points": -14.0},
            {"code": "complaints", "facts": {"count": 3, "days_since": 0}, "points": 12.0},
            {"code": "others", "facts": {"count": 9}, "points": 12.0},
        ],
    }
    customer.reasons.save()
    customer.score.churn_reason = "complaints"
    customer.score.save()
    body = get(client, owner).content.decode()
    assert "3 complaints, last one today" in body
    assert "Last order today" not in body


def test_a_customer_that_refused_profiling_says_so_instead_of_a_score(
    client, owner, make_customer, team
):
    make_customer("Quiet One", owner=owner, team=team, profiling_refused=True)
    body = get(client, owner).content.decode()
    assert "Profiling refused" in body


def test_an_empty_company_is_told_what_to_do_first(client, owner):
    assert "No customers yet" in get(client, owner).content.decode()
    assert "No customer fits" in get(client, owner, f"{PAGE}?q=zzz").content.decode()


def test_a_salesperson_adds_a_customer_and_owns_it(client, owner, team):
    client.force_login(owner)
    form = client.get(reverse("customer-add")).context["form"]
    assert form.initial["lifecycle"] == "lead"  # adding by hand is prospecting
    response = client.post(
        reverse("customer-add"), {"name": "New One", "kind": "person", "lifecycle": "lead"}
    )
    customer = Customer.objects.get(name="New One")
    assert response["Location"] == customer.get_absolute_url()
    assert (customer.owner, customer.team, customer.recorded_in.actor) == (owner, team, owner)
    assert client.post(reverse("customer-add"), {"name": ""}).status_code == 422
