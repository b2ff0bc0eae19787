"""Lists: any order on offer, page by page, without a row twice or lost; and only the fields one asks for."""

import datetime

import pytest
from django.db.models import QuerySet
from django.urls import get_resolver
from django.utils import timezone

from customers.api.door import Door
from customers.models import (
    Customer,
    CustomerScore,
    Event,
    Interaction,
    MessageReading,
    Order,
    Product,
    Recommendation,
)
from customers.totalling import refresh_totals
from tests.tokens import api_of

COUNT = 11
ORDERINGS = {
    "customers": [
        "id",
        "name",
        "updated_at",
        "known_since",
        "value",
        "last_order_at",
        "churn_risk",
        "churn_change",
        "expected_value",
    ],
    "products": ["id", "name", "updated_at"],
    "orders": ["id", "occurred_at", "updated_at"],
    "interactions": ["id", "occurred_at", "updated_at", "reading_at"],
    "events": ["id", "occurred_at", "recorded_at"],
    "scores": ["customer", "churn_risk", "churn_change", "expected_value"],
}
CASES = [(noun, sign + name) for noun, names in ORDERINGS.items() for name in names for sign in ("", "-")]  # fmt: skip


@pytest.fixture
def crowd(owner, team, make_customer, make_order):
    """Rows with ties, and with nothing, in every column one can order by."""
    now = timezone.now()
    for n in range(COUNT):
        customer = make_customer(
            f"Customer {n % 4}",
            owner=owner,
            team=team,
            known_since=None if n % 3 else now - datetime.timedelta(days=n % 2),
        )
        if n % 2:
            for _time in range(2):
                make_order(customer, days_ago=n % 3 + 1)
            refresh_totals([customer.pk])
        if n % 4:
            risk = None if n % 4 == 1 else 0.1 * (n % 3) + 0.1
            worth = None if n % 4 == 2 else 10.0 * (n % 3)
            change = None if risk is None else 0.05 * (n % 3) - 0.05
            CustomerScore.objects.create(
                customer=customer, churn_risk=risk, churn_change=change, expected_value=worth
            )
        Product.objects.create(sku=str(n), name=f"Product {n % 3}")
    Customer.objects.filter(pk__gt=customer.pk - 5).update(updated_at=now)
    Product.objects.update(updated_at=now)
    for n in range(COUNT):
        when = now - datetime.timedelta(hours=n % 3)
        Event.objects.create(customer=customer, kind="page", occurred_at=when)
        Interaction.objects.create(
            customer=customer, channel="note", text="x", occurred_at=when if n % 4 else None
        )
    Order.objects.update(updated_at=now)
    for model in (Interaction, Event):
        model.objects.filter(pk__gt=3).update(recorded_at=now)
    MessageReading.objects.filter(pk__gt=4).update(changed_at=now)
    return customer


def address(noun: str, ordering: str, crowd) -> str:
    narrowed = f"&customer={crowd.pk}" if noun in ("events", "interactions") else ""
    return f"/api/v1/{noun}/?ordering={ordering}{narrowed}"


def keys(answer) -> list[int]:
    return [row["id"] if "id" in row else row["customer"] for row in answer.json()["results"]]


def walk(api, start: str, way: str) -> list[list[int]]:
    pages, following = [], start
    while following:
        answer = api.get(following)
        assert answer.status_code == 200, answer.content
        pages.append(keys(answer))
        following = answer.json()[way]
    return pages


@pytest.mark.parametrize(("noun", "ordering"), CASES)
def test_every_row_comes_once_in_every_order_forwards_and_back(api, crowd, noun, ordering):
    start = address(noun, ordering, crowd)
    whole = keys(api.get(f"{start}&page_size=500"))
    assert len(whole) == len(set(whole)) >= COUNT - 3
    pages = walk(api, f"{start}&page_size=2", "next")
    assert [key for page in pages for key in page] == whole
    last = api.get(f"{start}&page_size=2")
    while last.json()["next"]:
        last = api.get(last.json()["next"])
    back = walk(api, last.json()["previous"], "previous")
    assert [key for page in [*reversed(back), keys(last)] for key in page] == whole


@pytest.mark.parametrize(
    ("ordering", "path"),
    [("name", "name"), ("-updated_at", "updated_at"), ("-known_since", "known_since"),
     ("-value", "totals.value"), ("last_order_at", "totals.last_order_at")],
)  # fmt: skip
def test_rows_rise_or_fall_and_those_without_a_value_come_last(api, crowd, ordering, path):
    rows = api.get(f"/api/v1/customers/?ordering={ordering}").json()["results"]
    values = []
    for row in rows:
        for part in path.split("."):
            row = row[part]
        values.append(row)
    known = [v for v in values if v is not None]
    known = [float(v) if path.endswith(".value") else v for v in known]
    assert known == sorted(known, reverse=ordering.startswith("-"))
    assert values[len(known) :] == [None] * (len(values) - len(known))


def test_rows_that_come_meanwhile_move_nothing(api, crowd, make_customer):
    first = api.get("/api/v1/customers/?ordering=name&page_size=4")
    make_customer("Aaron")
    rest = [key for page in walk(api, first.json()["next"], "next") for key in page]
    assert len(rest) == len(set(rest)) == COUNT - 4 and not set(rest) & set(keys(first))


@pytest.mark.parametrize("noun", ["events", "interactions"])
def test_what_is_indexed_for_one_customer_is_ordered_for_one_customer_only(api, crowd, noun):
    answer = api.get(f"/api/v1/{noun}/?ordering=occurred_at")
    assert answer.json()["error"]["fields"][0]["code"] == "filter_needed"


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("ordering=city", "ordering", "unknown_ordering"),
        ("ordering=--name", "ordering", "unknown_ordering"),
        ("ordering=", "ordering", "empty"),
        ("ordering=name&ordering=id", "ordering", "repeated"),
        ("owner=anna&owner=ben", "owner", "repeated"),
        ("search=a&search=a", "search", "repeated"),
        ("page_size=5&page_size=6", "page_size", "repeated"),
        ("fields=id&fields=name", "fields", "repeated"),
        ("cursor=x", "cursor", "invalid_cursor"),
        ("cursor=", "cursor", "empty"),
        ("cursor=LWlkOmFmdGVyOng", "cursor", "invalid_cursor"),
        ("page_size=0", "page_size", "out_of_range"),
        ("page_size=501", "page_size", "out_of_range"),
        ("page_size=ten", "page_size", "out_of_range"),
        ("page_size=" + "9" * 5000, "page_size", "out_of_range"),
        ("fields=id,nmae", "fields", "unknown_field"),
        ("fields=", "fields", "empty"),
        ("fields=%00", "fields", "unknown_field"),
        ("fields=totals.value", "fields", "unknown_field"),
    ],
)
def test_what_cannot_be_asked_for_is_named(api, crowd, query, field, code):
    answer = api.get(f"/api/v1/customers/?{query}")
    assert answer.status_code == 400
    assert [(f["field"], f["code"]) for f in answer.json()["error"]["fields"]] == [(field, code)]


def test_what_takes_several_values_may_come_several_times(api, crowd):
    answer = api.get("/api/v1/scores/?segment=champions&segment=loyal")
    assert answer.status_code == 200
    twice = api.get("/api/v1/scores/?segment=champions&segment=loyal&risk_from=0&risk_from=1")
    assert [f["field"] for f in twice.json()["error"]["fields"]] == ["risk_from"]


def test_a_cursor_holds_in_the_order_it_was_made_for(api, crowd):
    following = api.get("/api/v1/customers/?ordering=name&page_size=2").json()["next"]
    answer = api.get(following.replace("ordering=name", "ordering=value"))
    assert answer.json()["error"]["fields"][0]["code"] == "invalid_cursor"


def test_a_page_keeps_its_filters_and_fields(api, crowd):
    page = api.get("/api/v1/customers/?fields=id,name&search=Customer&page_size=3").json()
    for _ in range(2):
        assert all(set(row) == {"id", "name"} for row in page["results"])
        page = api.get(page["next"]).json()


def test_of_a_record_only_the_fields_asked_for_are_shown(api, records):
    for path, row in records.items():
        whole = api.get(path).json()
        name = list(whole)[1]
        assert api.get(f"{path}?fields={name}").json() == {name: whole[name]}, row
        assert api.get(f"{path}?fields=secrets").status_code == 400


def doors() -> list:
    """Every view of the API, once."""
    found, ways = {}, [get_resolver()]
    while ways:
        way = ways.pop()
        ways += getattr(way, "url_patterns", [])
        view = getattr(getattr(way, "callback", None), "cls", None)
        if view and view.__module__.split(".")[1:2] == ["api"]:
            found[view] = view
    return sorted(found, key=lambda view: view.__name__)


def indexed(model, column: str, prefix: str | None) -> bool:
    """Whether an index, or the key, begins with the column (behind the filter that the ordering needs)."""
    wanted = [prefix, column] if prefix else [column]
    by_index = [[f.lstrip("-") for f in i.fields][: len(wanted)] for i in model._meta.indexes]
    return column == "pk" or wanted in by_index


@pytest.mark.parametrize("view", doors(), ids=lambda view: view.__name__)
def test_every_endpoint_is_a_door_and_orders_by_what_has_an_index(view):
    # One asks for a password instead, the other is a page for people.
    if view.__name__ in ("TokenView", "DocumentationView"):
        return
    assert issubclass(view, Door)
    if not isinstance(getattr(view, "queryset", None), QuerySet):
        return
    for name, sort in view.orderings.items():
        model, within = getattr(view, "ordered", (view.queryset.model, None))
        *way, column = sort.field.split("__")
        for step in way:
            model = model._meta.get_field(step).related_model
        assert indexed(model, column, within or view.ordering_needs.get(name)), name


def test_the_orderings_tested_here_are_those_on_offer(api, crowd):
    for view in doors():
        noun = view.__name__.removesuffix("ViewSet").lower() + "s"
        if noun in ORDERINGS:
            assert list(view.orderings) == ORDERINGS[noun]
    assert api_of(crowd.owner).get("/api/v1/customers/").json()["next"] is None


def test_what_is_told_beside_the_lists_can_be_narrowed_as_well(api, records, customer):
    product = Product.objects.get()
    Recommendation.objects.create(
        customer=customer, rank=1, product=product, score=0.5, why="popular", version=1
    )
    address = f"/api/v1/customers/{customer.pk}/recommendations/"
    assert api.get(f"{address}?fields=rank,product").json() == [{"rank": 1, "product": "BEANS"}]
    for path in (
        address,
        f"/api/v1/customers/{customer.pk}/look-alikes/",
        "/api/v1/segments/loyal/look-alikes/",
        "/api/v1/segments/movements/",
        "/api/v1/groups/movements/",
    ):
        assert api.get(f"{path}?fields=secrets").status_code == 400, path
    told = api.get("/api/v1/segments/movements/?fields=since,flows").json()
    assert set(told) == {"since", "flows"}
