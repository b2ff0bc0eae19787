"""The form of the builder: what it holds becomes a filter, its buttons add and take away, no half-done step is lost."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from customers.filtering import Condition, Fields, Group, check, write
from customers.filtering.building import read_draft
from customers.models import CustomAttribute

pytestmark = pytest.mark.django_db
PAGE = "/customers/"


def draft(owner, text: str):
    return read_draft(QueryDict(text), Fields(owner, "EUR"))


RISK = Condition("risk", "gte", ("60",))


@pytest.mark.parametrize(
    ("form", "group"),
    [
        ("m-r=all", Group()),
        ("m-r=all&f-r-0=risk&o-r-0=gte&v-r-0=60", Group("all", (RISK,))),
        ("m-r=any&f-r-0=risk&o-r-0=gte&v-r-0=60&m-r-1=all&f-r-1-0=risk&o-r-1-0=gte&v-r-1-0=60",
         Group("any", (RISK, Group("all", (RISK,))))),
        ("m-r=all&f-r-10=city&o-r-10=is&v-r-10=B&f-r-9=city&o-r-9=is&v-r-9=A",
         Group("all", (Condition("city", "is", ("A",)), Condition("city", "is", ("B",))))),
        # Another field begins with its own first comparison; one that fits is kept.
        ("m-r=all&k-r-0=risk&f-r-0=city&o-r-0=gte&v-r-0=60", Group("all", (Condition("city", "has"),))),
        ("m-r=all&f-r-0=orders_in&o-r-0=gte&v-r-0=3&v-r-0=",
         Group("all", (Condition("orders_in", "gte", ("3", "90")),))),
        ("m-r=all&do=add:r", Group("all", (Condition("", ""),))),
        ("m-r=all&do=group:r", Group("all", (Group("any", (Condition("", ""),)),))),
        ("m-r=all&f-r-0=risk&o-r-0=gte&v-r-0=60&do=drop:r-0", Group("all", ())),
        ("m-r=all&m-r-0=any&f-r-0-0=risk&o-r-0-0=gte&v-r-0-0=60&do=drop:r-0-0", Group("all", ())),
        ("m-r=all&f-r-0=risk&o-r-0=gte&v-r-0=60&do=clear", Group()),
    ],
)  # fmt: skip
def test_the_form_is_a_filter(owner, form, group):
    assert draft(owner, form).group == group


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ("m-r=all&do=ready:silent", "all(last_order:over:60)"),
        ("m-r=any&do=ready:worth", "all(risk:gte:60,value:gt:1000)"),
        ("m-r=all&f-r-0=risk&o-r-0=gte&v-r-0=60&do=ready:worth", "all(risk:gte:60,value:gt:1000)"),
        ("m-r=any&f-r-0=risk&o-r-0=lt&v-r-0=9&f-r-1=city&o-r-1=is&v-r-1=A&do=ready:worth",
         "any(risk:lt:9,city:is:A,all(risk:gte:60,value:gt:1000))"),
        ("m-r=all&do=ready:attr.renewal", "all(attr.renewal:next:30)"),
        ("m-r=all&do=ready:attr.dob", "all(attr.dob:yearly:30)"),
        ("m-r=all&do=ready:nobody", ""),
        ("m-r=all&do=ready:bogus", ""),
    ],
)  # fmt: skip
def test_what_is_often_asked_for_is_added_by_one_press(owner, form, where):
    for name, label in (("renewal", "Renewal"), ("dob", "Birthday")):
        CustomAttribute.objects.create(name=name, label=label, type="date")
    fields = Fields(owner, "EUR")
    group = read_draft(QueryDict(form), fields).group
    assert write(group) == where and check(group, fields) == (group, [])


def test_what_is_there_already_or_is_of_no_use_is_not_offered(client, owner, manager):
    client.force_login(owner)
    offered = client.get(PAGE).content.decode()
    assert 'value="ready:silent"' in offered and "High risk and worth more than €1,000" in offered
    assert 'value="ready:nobody"' not in offered
    assert (
        'value="ready:silent"'
        not in client.get(f"{PAGE}?where=all(last_order:over:60)").content.decode()
    )
    client.force_login(manager)
    assert 'value="ready:nobody"' in client.get(PAGE).content.decode()


def test_what_is_unfinished_stays_in_the_form_and_out_of_the_list(
    client, owner, team, make_customer
):
    make_customer("Anna", owner=owner, team=team, city="Lyon")
    client.force_login(owner)
    form = "m-r=all&f-r-0=city&o-r-0=is&v-r-0=Lyon&f-r-1=risk&o-r-1=gte&v-r-1=&q="
    answer = client.get(f"{PAGE}?{form}", headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert answer["HX-Push-Url"] == "/customers/?where=all(city:is:Lyon)"
    assert 'id="f-r-1"' in body and "Anna" in body
    assert "c-notice-warn" not in body
    unchanged = {
        "HX-Request": "true",
        "HX-Current-URL": f"http://testserver{answer['HX-Push-Url']}",
    }
    assert client.get(f"{PAGE}?{form}&do=add:r", headers=unchanged)["HX-Push-Url"] == "false"


def test_a_value_that_is_none_is_told_beside_its_field(client, owner):
    client.force_login(owner)
    body = client.get(f"{PAGE}?m-r=all&f-r-0=risk&o-r-0=gte&v-r-0=160").content.decode()
    assert re.search(r'id="v-r-0-0"[^>]* aria-invalid="true" aria-describedby="e-r-0"', body)
    assert re.search(r'id="e-r-0">.*A percentage lies between 0 and 100', body)


@pytest.mark.parametrize(
    ("condition", "value", "keys"),
    [("risk&o-r-0=gte", "lots", "decimal"), ("orders&o-r-0=gte", "2x", "numeric"), ("value&o-r-0=gte", "a", "text"),
     ("last_order&o-r-0=last", "soon", "numeric")],
)  # fmt: skip
def test_what_is_no_number_can_be_typed_and_is_told_beside_it(
    client, owner, condition, value, keys
):
    client.force_login(owner)
    form = f"m-r=all&f-r-0={condition}&v-r-0={value}"
    body = client.get(f"{PAGE}?{form}", headers={"HX-Request": "true"}).content.decode()
    field = re.search(r'<input [^>]*id="v-r-0-0"[^>]*>', body)[0]
    assert 'type="text"' in field and f'inputmode="{keys}"' in field
    assert f'value="{value}"' in field and 'aria-invalid="true"' in field
    assert re.search(rf'id="e-r-0">.*“{value}” is no', body)


def test_the_list_says_what_it_holds(client, owner, team, make_customer):
    for city in ("Lyon", "Lyon", "Bath"):
        make_customer(f"In {city}", owner=owner, team=team, city=city)
    client.force_login(owner)
    body = client.get(f"{PAGE}?where=all(city:is:Lyon)").content.decode()
    assert "Customers that fit: City is “Lyon”." in body
    assert body.count('<b class="c-num">2 customers</b>') == 1
    archived = client.get(f"{PAGE}?where=all(archived:yes)").content.decode()
    assert "No customer fits" in archived


@pytest.mark.parametrize("size", [2, 20])
def test_the_longest_way_to_a_page_takes_twelve_queries_at_most(
    client, owner, team, make_customer, settings, size
):
    """Fields of every kind, a sort that the filter does not fit, a page that is not filled."""
    settings.CUSTOMER_PAGE_SIZE = size
    for i in range(3):
        make_customer(f"Customer {i}", owner=owner, team=team, city="Lyon")
    where = (
        f"all(city:is:Lyon,any(owner:in:me~{owner.pk},team:in:{team.pk},tag:filled,open_tasks:gte:1,"
        "orders_in:lte:3~30,last_order:not_last:9,risk:empty))"
    )
    client.force_login(owner)
    address = f"{PAGE}?where={where}&sort=-risk"
    client.get(address)  # the time zone, which is kept
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    asked = [q["sql"] for q in queries if not q["sql"].startswith(("PRAGMA", "BEGIN", "COMMIT"))]
    assert len(asked) <= 12, "\n".join(asked)
