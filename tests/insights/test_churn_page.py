"""The churn page adds up stored sums by the gate, and every figure opens the list it speaks of."""

import csv
import datetime
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import CustomerMonth, CustomerScore, CustomerTotals
from insights.dashboard_sums import refresh_dashboards
from insights.models import ChurnTotals, CohortTotals
from insights.publishing import refresh_segment_totals

MOST_QUERIES = 14


@pytest.fixture
def score(db):
    def score(customer, risk, value=100, reason="recency", **fields):
        CustomerTotals.objects.filter(pk=customer.pk).update(value=value)
        return CustomerScore.objects.create(
            customer=customer, churn_risk=risk, churn_reason=reason, **fields
        )

    return score


@pytest.fixture
def company(make_customer, score, owner, teammate, stranger, team, other_team):
    """Two of the owner's, one of the team-mate's, one of the stranger's, one of nobody's; and one archived."""
    score(make_customer("Gone", owner, team), 0.9, 1000, expected_value=400.0)
    score(make_customer("Edge", owner, team), 0.6, 200, reason="complaints")
    score(make_customer("Calm", teammate, team), 0.1, 3000)
    score(make_customer("Far", stranger, other_team), 0.7, 40_000)
    score(make_customer("Nobody's"), 0.65, 500, reason="attribute:plan")
    archived = make_customer("Archived", owner, team, archived_at=timezone.now())
    score(archived, 0.99, 900_000)
    refresh_segment_totals()


def shown(client, user, **wishes) -> str:
    client.force_login(user)
    response = client.get(reverse("churn"), wishes)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def test_the_headline_holds_the_money_at_high_risk_that_the_reader_may_see(
    client, company, owner, teammate, manager, other_manager, admin
):
    expected = {owner: "€1,200", manager: "€1,700", other_manager: "€40,500", admin: "€41,700"}
    for user, money in expected.items():
        assert f"{money} of your value so far comes from customers" in shown(client, user)
    assert "Nobody is at high risk now." in shown(client, teammate)


def test_what_is_expected_is_told_only_once_a_value_model_has_said_it(client, company, manager):
    assert ">€400<" in shown(client, manager)
    CustomerScore.objects.update(expected_value=None)
    refresh_segment_totals()
    page = shown(client, manager)
    assert "Told once the value model is published" in page and "€400" not in page


def links_of(page: str) -> list[str]:
    found = re.findall(r'href="(/customers/\?where=[^"]+)"', page)
    return sorted({one.removesuffix("&sort=-expected") for one in found})


def listed(client, address: str) -> set[str]:
    page = client.get(address).content.decode()
    assert not re.search("was left out|none of the choices", page)  # all was understood
    names = {"Gone", "Edge", "Calm", "Far", "Nobody&#x27;s", "Archived"}
    rows = page.partition("<tbody")[2]
    return {html.unescape(name) for name in names if f">{name}<" in rows}


def test_each_figure_opens_the_customers_it_counts(client, company, manager):
    page = shown(client, manager)
    behind = {address: listed(client, address) for address in links_of(page)}
    step = next(names for address, names in behind.items() if "risk:gte:90" in address)
    assert step == {"Gone"}
    edge = next(a for a in behind if "risk:gte:60" in a and "risk:lt:65" in a)
    assert behind[edge] == {"Edge"}
    reason = next(a for a in behind if "reason:in:complaints" in a)
    assert behind[reason] == {"Edge"}
    own = next(a for a in behind if "reason:in:attribute" in a)
    assert behind[own] == {"Nobody's"}
    assert {"Gone", "Edge", "Nobody's"} in behind.values()  # all at high risk
    assert not any("Archived" in names or "Far" in names for names in behind.values())


def test_a_manager_narrows_to_a_person_and_to_nobody(client, company, manager, owner, stranger):
    assert "€1,200 of your value" in shown(client, manager, owner=owner.pk)
    assert "€500 of your value" in shown(client, manager, owner="none")
    # Whom one may not choose is passed over.
    assert "€1,700 of your value" in shown(client, manager, owner=stranger.pk)
    assert "€1,700 of your value" in shown(client, manager, owner="x", team="9999")


def test_steps_hold_everybody_once_with_their_money(company):
    rows = {(r.step, r.reason): (r.customers, r.value) for r in ChurnTotals.objects.all()}
    assert rows == {
        (18, "recency"): (1, 1000), (12, "complaints"): (1, 200), (2, ""): (1, 3000),
        (14, "recency"): (1, 40_000), (13, "attribute:plan"): (1, 500),
    }  # fmt: skip


def test_a_risk_of_one_is_in_the_last_step(make_customer, score, owner, team):
    score(make_customer("Sure", owner, team), 1.0)
    refresh_segment_totals()
    assert ChurnTotals.objects.get().step == 19


def months_back(count: int) -> datetime.datetime:
    """The middle of the month so many months ago."""
    moment = timezone.now().astimezone(datetime.UTC).replace(day=15, hour=12)
    for __ in range(count):
        moment = (moment.replace(day=1) - datetime.timedelta(days=1)).replace(day=15)
    return moment


@pytest.fixture
def buyers(make_customer, owner, team):
    """Two began four months ago; one of them ordered again two months later, and sent something back after three."""
    began = months_back(4)
    made = []
    for name in ("Loyal", "Once"):
        customer = make_customer(name, owner, team)
        CustomerTotals.objects.filter(pk=customer.pk).update(first_order_at=began, orders=1)
        CustomerMonth.objects.create(
            customer=customer, month=began.date().replace(day=1), orders=1, value=5
        )
        made.append(customer)
    later = [(2, 1), (1, 0)]  # months ago, orders
    for ago, orders in later:
        month = months_back(ago).date().replace(day=1)
        CustomerMonth.objects.create(customer=made[0], month=month, orders=orders, value=5)
    refresh_dashboards()
    return made


def test_cohorts_say_who_ordered_again_and_open_them(client, buyers, manager):
    began, again = (months_back(n).date().replace(day=1) for n in (4, 2))
    rows = {(r.cohort, r.month): r.customers for r in CohortTotals.objects.all()}
    assert rows == {(began, began): 2, (began, again): 1}
    page = shown(client, manager)
    cell = re.search(r'<a class="c-cell[^>]*href="([^"]+)"[^>]*>(\d+)</a>', page)
    assert cell[2] == "50"
    answer = client.get(cell[1]).content.decode()
    assert "Loyal" in answer
    assert "Once" not in answer


def test_without_a_score_the_page_says_what_to_do(client, admin, manager):
    page = shown(client, admin)
    assert "Import orders, then train the Churn model" in page
    assert reverse("model", args=["churn"]) in page
    page = shown(client, manager)
    assert "Import orders, then train the Churn model" in page
    assert reverse("model", args=["churn"]) not in page.split("<main", 1)[1]  # not theirs to train


@pytest.mark.parametrize("table", ["steps", "reasons", "owners", "cohorts"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_table_is_a_file_of_what_the_reader_may_see(
    client, company, buyers, teammate, manager, table, kind
):
    client.force_login(manager)
    response = client.get(reverse("churn-table", args=[table]), {"as": kind})
    body = b"".join(response.streaming_content)
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    assert body.startswith(b"PK" if kind == "xlsx" else b"\xef\xbb\xbf")
    if kind == "csv" and table == "owners":
        assert "owner,2,1200" in body.decode()
        assert "stranger" not in body.decode()
    client.force_login(teammate)
    others = b"".join(client.get(reverse("churn-table", args=[table])).streaming_content).decode()
    assert "1200" not in others


@pytest.mark.parametrize("table", ["steps", "reasons", "owners"])
def test_what_nobody_can_expect_yet_is_left_empty_in_the_files(
    client, company, buyers, admin, table
):
    def expected() -> set[str]:
        body = b"".join(client.get(reverse("churn-table", args=[table])).streaming_content)
        return {
            row["Expected in 12 months"]
            for row in csv.DictReader(body.decode("utf-8-sig").splitlines())
        }

    client.force_login(admin)
    CustomerScore.objects.update(expected_value=100)
    refresh_segment_totals()
    assert "" not in expected()
    CustomerScore.objects.update(expected_value=None)
    refresh_segment_totals()
    assert expected() == {""}


def test_the_page_takes_few_queries_however_many_customers(client, company, buyers, admin):
    client.force_login(admin)
    client.get(reverse("churn"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(reverse("churn"))
    assert len(queries) <= MOST_QUERIES, [q["sql"][:80] for q in queries]
