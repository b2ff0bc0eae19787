"""``where=``: customers by the conditions of their list, custom attributes among them."""

import pytest
from django.urls import reverse

from customers.models import CustomAttribute, Customer, Tag
from tests.tokens import api_of

ADDRESS = "/api/v1/customers/"


@pytest.fixture
def api(admin):
    return api_of(admin)


@pytest.fixture
def crowd(make_customer):
    CustomAttribute.objects.create(name="plan", label="Plan", type="choice")
    CustomAttribute.objects.create(name="seats", label="Seats", type="number")
    vip = Tag.objects.create(name="vip")
    for name, plan, seats, tagged in (
        ("Ana", "gold", 20, True),
        ("Bo", "gold", 3, False),
        ("Cy", "silver", 30, True),
    ):
        one = make_customer(name, attributes={"plan": plan, "seats": seats})
        if tagged:
            one.tags.add(vip)
    make_customer("Di")
    return vip


def found(api, where: str, **more) -> list[str]:
    answer = api.get(ADDRESS, {"where": where, "ordering": "name", **more})
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("all(attr.plan:in:gold)", ["Ana", "Bo"]),
        ("all(attr.plan:in:gold~silver,attr.seats:gte:20)", ["Ana", "Cy"]),
        ("any(attr.plan:in:silver,attr.seats:lt:10)", ["Bo", "Cy"]),
        ("all(attr.plan:empty)", ["Di"]),
        ("all(name:has:A)", ["Ana"]),
    ],
)
def test_customers_are_found_by_custom_attributes_and_the_rest(api, crowd, where, names):
    assert found(api, where) == names


def test_by_tag_too_and_together_with_the_plain_filters(api, crowd):
    assert found(api, f"all(tag:in:{crowd.pk})") == ["Ana", "Cy"]
    assert found(api, "all(attr.plan:in:gold)", tag="vip") == ["Ana"]


def test_the_address_of_the_list_and_the_api_mean_the_same(api, admin, client, crowd):
    where = "all(attr.seats:gte:20,any(attr.plan:in:gold,name:has:y))"
    client.force_login(admin)
    page = client.get(reverse("customers"), {"where": where}).content.decode()
    names = found(api, where)
    assert names == ["Ana", "Cy"]
    assert all((f">{name}<" in page) == (name in names) for name in ("Ana", "Bo", "Cy", "Di"))


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("plan=gold", "unreadable"),
        ("all(", "unreadable"),
        ("all(attr.colour:in:red)", "invalid_filter"),
        ("all(attr.seats:gte:many)", "invalid_filter"),
        ("all(name:like:A)", "invalid_filter"),
        ("all(tag:in:4711)", "invalid_filter"),
        ("all(attr.seats:gte:1,attr.colour:in:red)", "invalid_filter"),
    ],
)
def test_what_the_page_would_leave_out_is_refused(api, crowd, where, code):
    answer = api.get(ADDRESS, {"where": where})
    assert answer.status_code == 400
    fields = answer.json()["error"]["fields"]
    assert [(f["field"], f["code"]) for f in fields] == [("where", code)]


def test_nobody_finds_more_than_they_may_see(owner, crowd, customer):
    Customer.objects.filter(pk=customer.pk).update(attributes={"plan": "gold"})
    assert found(api_of(owner), "all(attr.plan:in:gold)") == [customer.name]


def test_a_page_of_it_costs_what_a_page_costs(api, crowd, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        found(api, "all(attr.plan:in:gold,attr.seats:gte:1)")
