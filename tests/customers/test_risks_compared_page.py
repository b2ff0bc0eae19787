"""Who got worse and why: the list, its column and filter, the part of the dashboards, the customer's page, the API."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import Customer, CustomerScore, CustomerTotals, ScoreReasons
from tests.customers.pages import score

pytestmark = pytest.mark.django_db

ROSE = "all(risk_change:rose:10)"


@pytest.fixture
def changed(make_customer):
    """``changed(name, owner, team, then, now, value)``: whose risk was so much thirty days ago."""

    def changed(name, owner, team, then, now, value=100, **fields) -> Customer:
        made = make_customer(name, owner, team)
        CustomerTotals.objects.filter(pk=made.pk).update(value=value)
        fields.setdefault("churn_then_version", 1)
        change = None if then is None else round(now - then, 6)
        day = None if then is None else timezone.now().date() - datetime.timedelta(days=30)
        score(
            made, now, churn_risk_then=then, churn_then_on=day, churn_change=change, churn_version=1, **fields
        )  # fmt: skip
        return made

    return changed


@pytest.fixture
def people(changed, owner, teammate, stranger, team, other_team):
    return {
        "up": changed("Went up", owner, team, 0.48, 0.72, 500),
        "rich": changed("Went up and is rich", teammate, team, 0.3, 0.45, 9000),
        "down": changed("Went down", owner, team, 0.7, 0.4, 700),
        "same": changed("Stayed", owner, team, 0.5, 0.55, 800),
        "new": changed("Is new", owner, team, None, 0.9, 600),
        "far": changed("Is far", stranger, other_team, 0.1, 0.9, 90_000),
    }


def page_of(client, user, address: str, **query) -> str:
    client.force_login(user)
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def names_in(page: str, people) -> list[str]:
    found = {name: page.find(f">{one.name}<") for name, one in people.items()}
    return sorted((name for name, at in found.items() if at >= 0), key=lambda name: found[name])


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("all(risk_change:rose:10)", ["rich", "up"]),
        ("all(risk_change:rose:24)", ["up"]),
        ("all(risk_change:rose:5)", ["rich", "same", "up"]),
        ("all(risk_change:fell:30)", ["down"]),
        ("all(risk_change:fell:30.1)", []),
        ("all(risk_change:empty)", ["new"]),
        ("all(risk_change:filled)", ["rich", "same", "down", "up"]),
    ],
)
def test_a_list_is_filtered_by_how_the_risk_has_changed(client, manager, people, where, found):
    body = page_of(client, manager, "/customers/", where=where, sort="-value")
    assert names_in(body.partition("<tbody")[2], people) == found


def test_the_filter_is_said_in_a_sentence(client, manager, people):
    body = page_of(client, manager, "/customers/", where=ROSE)
    assert "churn risk has risen by at least 10 points in the last 30 days." in body
    body = page_of(client, manager, "/customers/", where="all(risk_change:rose:101)")
    assert "Points lie between 0 and 100." in body


def test_the_column_shows_points_and_from_where_and_is_sorted_by(client, manager, people):
    body = page_of(client, manager, "/customers/", columns="name,change", sort="-change")
    rows = body.partition("<tbody")[2]
    assert names_in(rows, people) == ["up", "rich", "same", "down", "new"]
    assert "+24" in rows and "−30" in rows and "48% on " in rows
    assert "There is no earlier score to compare with yet." in rows
    assert 'href="/customers/?sort=change&amp;columns=name,change"' in body


def test_the_order_is_read_along_its_index(people):
    first = CustomerScore.objects.filter(churn_change__gte=0.1).order_by("-churn_change", "pk")
    assert "score_churn_change" in first.explain() or "Seq Scan" in first.explain()  # so few


def test_a_ready_made_list_and_a_condition_ask_for_it(client, manager, people):
    body = page_of(client, manager, "/customers/")
    address = f"/customers/?where={ROSE}&amp;columns=name,seg,risk,change,value,own,last,ord"
    assert "Got worse this month" in body and f'href="{address}"' in body
    assert 'value="ready:worse"' in body
    assert 'value="ready:worse"' not in page_of(client, manager, "/customers/", where=ROSE)


def test_the_file_holds_the_change_and_since_when(client, manager, people):
    client.force_login(manager)
    answer = client.get(
        reverse("customers-export"), {"all": "1", "where": ROSE, "columns": "name,change"}
    )
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    day = (timezone.now().date() - datetime.timedelta(days=30)).isoformat()
    assert lines[0] == 'id,Customer,"Change of the churn risk in 30 days, points",Compared with'
    assert f"{people['up'].pk},Went up,24,{day}" in lines
    assert len(lines) == 3


def test_the_part_of_the_dashboards_names_the_most_valuable_first(client, manager, people):
    body = page_of(client, manager, reverse("worse"))
    assert names_in(body, people) == ["rich", "up"]
    assert "of 2 customers has risen by 10 points or more" in body and "€9,500" in body
    assert "48%" in body and "72%" in body and "+24 pts" in body
    assert "No order for 63 days" in body  # the first reason
    assert str(people["rich"].owner) in body
    assert f'href="{people["up"].get_absolute_url()}?in=' in body
    for kind in ("csv", "xlsx"):
        assert f"as={kind}" in body


def test_each_sees_those_they_may_see(
    client, owner, teammate, stranger, other_manager, admin, people
):
    seen = {
        owner: ["up"], teammate: ["rich"], stranger: ["far"], other_manager: ["far"], admin: ["far", "rich", "up"],
    }  # fmt: skip
    for user, names in seen.items():
        assert names_in(page_of(client, user, reverse("worse")), people) == names


def test_it_is_narrowed_as_the_page_around_it_is(client, manager, teammate, team, people):
    asked = f"all(team:in:{team.pk},owner:in:{teammate.pk})"
    body = page_of(client, manager, reverse("worse"), where=asked)
    assert names_in(body, people) == ["rich"]
    assert f"{ROSE[:-1]},team:in:{team.pk},owner:in:{teammate.pk})" in body  # the whole list


def test_what_cannot_be_read_narrows_nothing_and_shows_nobody_else(client, owner, people):
    for nonsense in ("all(", "all(nothing:in:1)", "any(owner:empty,team:empty)", "\x00"):
        body = page_of(client, owner, reverse("worse"), where=nonsense)
        assert "Is far" not in body and "Went up and is rich" not in body


def test_before_there_is_any_history_it_is_said_why(client, manager, changed, owner, team):
    changed("Is new", owner, team, None, 0.9)
    assert "There is no earlier risk to compare with yet." in page_of(
        client, manager, reverse("worse")
    )
    body = page_of(client, manager, "/customers/", where=ROSE)
    assert "Nothing to compare with yet" in body
    changed("Stayed", owner, team, 0.5, 0.5)
    assert "Nobody’s churn risk has risen by 10 points" in page_of(
        client, manager, reverse("worse")
    )
    assert "No customer fits" in page_of(client, manager, "/customers/", where=ROSE)


def test_managers_find_it_on_their_home(client, manager, owner, people):
    assert reverse("worse") in page_of(client, manager, "/")
    assert reverse("worse") not in page_of(client, owner, "/")


def test_it_takes_as_many_queries_for_many_as_for_few(
    client, manager, changed, owner, team, django_assert_max_num_queries
):
    for at in range(12):
        changed(f"Customer {at}", owner, team, 0.3, 0.6, at)
    client.force_login(manager)
    client.get(reverse("worse"))
    with django_assert_max_num_queries(8):
        client.get(reverse("worse"))


def test_the_customers_page_says_where_the_risk_came_from(client, owner, people, changed, team):
    body = page_of(client, owner, people["up"].get_absolute_url())
    assert "48% on " in body and "+24 points since." in body and "today’s model" not in body
    other = changed("By another model", owner, team, 0.4, 0.5, churn_then_version=7)
    assert "as today’s model puts it, +10 points since." in page_of(
        client, owner, other.get_absolute_url()
    )
    assert " points since" not in page_of(client, owner, people["new"].get_absolute_url())


def test_whoever_refuses_profiling_is_not_compared(client, owner, people):
    Customer.objects.filter(pk=people["up"].pk).update(profiling_refused=True)
    rows = page_of(client, owner, "/customers/", columns="name,change").partition("<tbody")[2]
    assert "+24" not in rows
    assert "points since" not in page_of(client, owner, people["up"].get_absolute_url())


def test_the_api_tells_it_and_sorts_by_it(manager, people):
    client = APIClient()
    client.force_authenticate(manager)
    rows = client.get("/api/v1/scores/", {"ordering": "-churn_change"}).data["results"]
    assert [row["customer"] for row in rows[:2]] == [people["up"].pk, people["rich"].pk]
    day = timezone.now().date() - datetime.timedelta(days=30)
    assert (rows[0]["churn_risk_then"], rows[0]["churn_change"]) == (0.48, 0.24)
    assert rows[0]["churn_then_on"] == day.isoformat()
    assert rows[-1]["churn_change"] is None
    found = client.get("/api/v1/customers/", {"where": ROSE, "ordering": "-churn_change"})
    assert [row["id"] for row in found.data["results"]] == [people["up"].pk, people["rich"].pk]


def test_why_somebody_got_worse_is_what_raises_the_risk_though_more_lowers_it(
    client, manager, changed, owner, team
):
    person = changed("Mostly kept", owner, team, 0.07, 0.18)
    CustomerScore.objects.update(churn_reason="spend")
    keeps = {"code": "spend", "facts": {"spend": 30_614}, "points": -45.0}
    raises = {"code": "complaints", "facts": {"count": 3, "days_since": 4}, "points": 21.0}
    ScoreReasons.objects.update(churn={"base": 0.42, "reasons": [keeps, raises]})
    for address in (reverse("worse"), f"/customers/?where={ROSE}"):
        body = page_of(client, manager, address)
        assert "3 complaints" in body and "30,614" not in body
    assert "30,614" in page_of(client, manager, "/customers/")
    assert str(person) in page_of(client, manager, reverse("worse"))
