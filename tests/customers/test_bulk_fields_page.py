"""A field of many customers is edited at once: what it changes is said before, what it was is kept, and comes back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import CustomAttribute, Customer, CustomerValue
from tests.customers.test_bulk_page import PAGE, ids, press, undo


@pytest.fixture
def people(make_customer, owner, team):
    CustomAttribute.objects.create(name="tier", label="Tier", type="choice", choices="Gold\nSilver")
    CustomAttribute.objects.create(name="seats", label="Seats", type="number")
    tiers = ("Gold", "Silver", "Silver", "")
    return [
        make_customer(
            f"Customer {at}", owner=owner, team=team, country="SE" if at else "Norway",
            attributes={"seats": at} | ({"tier": tier} if tier else {}),
        )
        for at, tier in enumerate(tiers)
    ]  # fmt: skip


@pytest.fixture
def look(client, owner, people):
    """What the page says of a choice before it is done."""

    def look(**form):
        client.force_login(owner)
        address = f"{PAGE}?do=edit&{ids(people)}"
        return client.post(address, {"look": "1"} | form).content.decode()

    return look


def now(name: str) -> list:
    return list(Customer.objects.order_by("pk").values_list(name, flat=True))


def test_what_it_changes_is_said_before_it_is_done(look):
    assert 'name="value-' not in look()
    page = look(field="country")
    assert 'name="value-country"' in page
    page = look(field="country", **{"value-country": "Norway"})
    assert "Sweden (SE) → Norway: 3" in page and "already Norway: 1" in page
    page = look(field="country", **{"value-country": "Norwy"})
    assert "Did you mean Norway?" in page and "→" not in page
    page = look(field="attribute-tier", **{"value-attribute-tier": "Gold"})
    assert "Silver → Gold: 2" in page and "– → Gold: 1" in page and "already Gold: 1" in page
    page = look(field="attribute-seats", **{"value-attribute-seats": "many"})
    assert "This is not a value of the type" in page and "→" not in page
    assert now("country") == ["Norway", "SE", "SE", "SE"]


def test_a_column_is_changed_for_all_and_taken_back(client, owner, people):
    answer = {"field": "lifecycle", "value-lifecycle": "churned"}
    response = press(client, owner, f"do=edit&{ids(people[:3])}", **answer)
    assert "3 customers changed" in response.content.decode()
    assert now("lifecycle") == ["churned", "churned", "churned", "active"]
    undo(client, response)
    assert now("lifecycle") == ["active"] * 4
    kept = CustomerValue.objects.filter(customer=people[0], field="lifecycle").order_by("pk")
    assert [one.value for one in kept] == ["active", "churned", "active"]


def test_a_custom_attribute_is_changed_beside_the_others_and_taken_back(client, owner, people):
    before = now("attributes")
    answer = {"field": "attribute-tier", "value-attribute-tier": "Gold"}
    response = press(client, owner, f"do=edit&{ids(people)}", **answer)
    assert "3 customers changed" in response.content.decode()
    assert now("attributes") == [{"seats": at, "tier": "Gold"} for at in range(4)]
    undo(client, response)
    assert now("attributes") == before
    answer = {"field": "attribute-tier", "value-attribute-tier": ""}
    press(client, owner, f"do=edit&{ids(people)}", **answer)
    assert now("attributes") == [{"seats": at} for at in range(4)]
    kept = CustomerValue.objects.filter(customer=people[1], field="attribute:tier").order_by("pk")
    assert [one.value for one in kept] == ["Silver", "Gold", "Silver", None]


def test_a_company_is_found_by_what_it_is_called_now(client, owner, people):
    answer = {"field": "company", "value-company": "招商银行"}
    press(client, owner, f"do=edit&{ids(people)}", **answer)
    assert Customer.objects.search("zsyh").count() == 4


def test_undo_leaves_what_somebody_has_changed_since(client, owner, people):
    answer = {"field": "attribute-tier", "value-attribute-tier": "Gold"}
    response = press(client, owner, f"do=edit&{ids(people)}", **answer)
    again = {"field": "attribute-seats", "value-attribute-seats": "9"}
    press(client, owner, f"do=edit&{ids(people[:1])}", **again)
    assert now("attributes")[0] == {"seats": 9, "tier": "Gold"}
    press(client, owner, f"do=edit&{ids(people[1:2])}", **again)
    assert "Some of them were changed again since then." in undo(client, response)


def test_names_owners_and_what_does_not_exist_are_not_changed_so(client, owner, manager, people):
    for field in ("name", "owner", "email", "bogus", ""):
        response = press(
            client, manager, f"do=edit&{ids(people)}", field=field, **{f"value-{field}": "x"}
        )
        assert response.status_code == 422
    assert now("name") == [f"Customer {at}" for at in range(4)]


def test_many_cost_as_many_queries_as_few(client, owner, people, look):
    counts = []
    look()
    for some in (people[:1], people[1:]):
        form = {"field": "lifecycle", "value-lifecycle": "lead", "expected": str(len(some))}
        with CaptureQueriesContext(connection) as queries:
            assert client.post(f"{PAGE}?do=edit&{ids(some)}", form).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1]
