"""The segments page adds up stored sums, and shows its reader no more than they may see."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.exporting import KINDS
from customers.models import CustomerScore
from insights.models import SegmentTotals, TrainingRun
from insights.views.segment_tables import TABLES
from tests.insights.moving import moved
from tests.insights.told import segments_summary


@pytest.fixture
def add_totals(db):
    def add(team, segment="at_risk", customers=10, value=1000, risk=0.5, **fields):
        bands = {"recency_band": 2, "frequency_band": 4} | fields
        return SegmentTotals.objects.create(
            team=team,
            segment=segment,
            customers=customers,
            value=Decimal(value),
            risk_sum=customers * risk,
            risk_customers=customers,
            value_at_risk=Decimal(value) if risk >= 0.6 else 0,
            **bands,
        )

    return add


def shown(client, user) -> str:
    client.force_login(user)
    response = client.get(reverse("segments"))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def row_of(page: str, segment: str) -> str:
    return next(row for row in page.split("<tr>") if f"c-seg-{segment}" in row and "<th" in row)


def test_the_headline_names_the_money_in_at_risk_and_opens_its_list(
    client, manager, team, add_totals
):
    add_totals(team, "at_risk", customers=12, value=3000)
    add_totals(team, "champions", customers=5, value=9000, risk=0.1)
    page = shown(client, manager)
    assert "€3,000 of your value so far comes from customers in “At risk”." in page
    assert "12 customers, 25% of everything ever bought" in page
    assert f'href="{reverse("customers")}?segment=at_risk">Show the 12 customers</a>' in page


def test_where_nobody_is_to_be_won_back_the_page_says_so(client, manager, team, add_totals):
    add_totals(team, "champions")
    assert "Nobody needs winning back now." in shown(client, manager)


def test_averages_are_those_of_the_customers_who_have_a_risk(client, manager, team, add_totals):
    add_totals(team, "loyal", customers=30, risk=0.1, recency_band=5)
    with_a_few_unscored = add_totals(team, "loyal", customers=20, risk=0.6)
    SegmentTotals.objects.filter(pk=with_a_few_unscored.pk).update(risk_customers=10, risk_sum=6.0)
    row = row_of(shown(client, manager), "loyal")
    assert ">50<" in row  # all customers of the segment
    assert ">22%<" in row.replace(" ", "")  # (30 × 0.1 + 10 × 0.6) / 40, rounded down from 22.5


def test_segments_stand_in_their_usual_order_and_empty_ones_too(client, admin, team, add_totals):
    add_totals(team, "lost")
    codes = re.findall(
        r'<th scope="row"><span class="c-seg-line"><a class="c-link c-seg c-seg-(\w+)"',
        shown(client, admin),
    )
    assert codes == [
        "champions", "loyal", "promising", "new", "need_attention", "at_risk", "hibernating", "lost",
    ]  # fmt: skip


def test_a_manager_sees_the_sums_of_their_teams_and_of_customers_without_owner_and_team(
    client, manager, other_manager, admin, team, other_team, add_totals
):
    add_totals(team, value=1000)
    add_totals(other_team, value=20_000)
    add_totals(None, value=300_000)
    add_totals(None, value=4_000_000, owned=True)  # somebody's, though of no team: not a manager's
    expected = {manager: "€301,000", other_manager: "€320,000", admin: "€4,321,000"}
    for user, money in expected.items():
        assert f"{money} of your value so far" in shown(client, user)


def test_sales_staff_are_refused_in_plain_words(client, owner):
    client.force_login(owner)
    assert client.get(reverse("segments")).status_code == 403


def test_each_cell_of_the_heat_map_opens_the_customers_it_counts(
    client, manager, team, owner, make_customer, add_totals
):
    add_totals(team, recency_band=2, frequency_band=4, customers=1)
    inside, outside = make_customer("Inside", owner, team), make_customer("Outside", owner, team)
    now = timezone.now()
    CustomerScore.objects.create(
        customer=inside, recency_band=2, frequency_band=4, segment="at_risk", segments_scored_at=now
    )
    CustomerScore.objects.create(
        customer=outside, recency_band=3, frequency_band=4, segment="loyal", segments_scored_at=now
    )
    page = shown(client, manager)
    address = f"{reverse('customers')}?recency=2&amp;frequency=4"
    assert re.search(rf'<a class="c-cell c-h5" href="{re.escape(address)}">1</a>', page)
    listed = client.get(address.replace("&amp;", "&")).content.decode()
    assert "Inside" in listed and "Outside" not in listed


def test_bands_are_named_by_days_and_orders_where_the_model_tells_them(
    client, manager, team, add_totals, make_version
):
    make_version("segments", champion=True, summary=segments_summary())
    add_totals(team)
    page = shown(client, manager)
    for label in ("&gt; 180", "91–180", "31–60", "≤ 30", "16+", "8–15", "2–3"):
        assert f">{label}</th>" in page


def test_a_behaviour_group_is_named_by_what_sets_it_apart_and_opens_its_list(
    client, manager, team, owner, make_customer, add_totals, make_version
):
    make_version("segments", champion=True, summary=segments_summary())
    add_totals(team)
    member, other = make_customer("Member", owner, team), make_customer("Other", owner, team)
    CustomerScore.objects.create(customer=member, cluster=0)
    CustomerScore.objects.create(customer=other, cluster=1)
    page = shown(client, manager)
    assert "Frequent buyers, large orders" in page
    assert "orders so far 14, usual 3; €80 an order, usual €35" in page
    address = f"{reverse('customers')}?group=0"
    assert f'href="{address}"' in page
    listed = client.get(address).content.decode()
    assert "Member" in listed and "Other" not in listed


def test_the_shares_of_the_groups_are_those_among_the_readers_customers(
    client, manager, other_manager, admin, team, other_team, add_totals, make_version
):
    make_version("segments", champion=True, summary=segments_summary())
    add_totals(team, cluster=0, customers=30)
    add_totals(team, cluster=1, customers=10)
    add_totals(team, cluster=None, customers=7)
    add_totals(other_team, cluster=1, customers=60)
    expected = {manager: {"75%", "25%"}, other_manager: {"0%", "100%"}, admin: {"30%", "70%"}}
    for user, shares in expected.items():
        groups = re.findall(r'<li class="c-group">.*?</li>', shown(client, user))
        told = {re.search(r"\d+%", re.sub(r"<a.*?</a>", "", one))[0] for one in groups}
        assert told >= shares, (user, groups)


def test_before_the_first_training_the_page_says_what_to_do(client, admin, manager):
    page = shown(client, admin)
    assert "No segments yet" in page and reverse("model", args=["segments"]) in page
    page = shown(client, manager)  # who cannot train
    assert "No segments yet" in page and "Open the Segments model" not in page


def test_a_training_that_had_too_little_says_on_the_page_how_much_is_missing(client, manager):
    TrainingRun.objects.create(
        kind="segments",
        status=TrainingRun.Status.DONE,
        outcome=TrainingRun.Outcome.TOO_LITTLE_DATA,
        facts={"code": "too_few_customers", "have": 25, "needed": 100},
    )
    page = shown(client, manager)
    assert "There are 25 customers to learn from; 100 are needed." in page
    assert "the page fills within minutes" not in page


@pytest.mark.parametrize("teams", [1, 40])
def test_the_page_takes_the_same_few_queries_however_much_there_is(
    client, manager, add_totals, make_version, django_assert_num_queries, teams
):
    from customers.models import Company, Segment, Team

    Company.current()
    make_version("segments", champion=True, summary=segments_summary())
    for i in range(teams):
        team = Team.objects.create(name=f"Team {i}")
        manager.teams.add(team)
        for segment in Segment:
            add_totals(team, segment.value)
    client.force_login(manager)
    client.get(reverse("segments"))  # caches the company's time zone
    with django_assert_num_queries(9) as asked:
        client.get(reverse("segments"))
    of_customers = [query["sql"] for query in asked if '"customers_customer"' in query["sql"]]
    # Nothing is added up over customers, but for those who have moved.
    assert all('FROM "insights_segmentmove"' in sql for sql in of_customers)


def rows_of(client, table, **query) -> list[list[str]]:
    answer = client.get(reverse("segment-table", args=[table]), query)
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_every_table_and_chart_is_a_file_of_what_the_reader_may_see(
    client, manager, team, other_team, add_totals, make_version
):
    make_version("segments", champion=True, summary=segments_summary())
    add_totals(team, "loyal", customers=30, value=3000, risk=0.1, cluster=0)
    add_totals(other_team, "loyal", customers=500, cluster=0)
    moved(team, "loyal", "lost", 7, by_new_model=True)
    page = shown(client, manager)
    head, *rows = rows_of(client, "who")
    assert head[0] == "Segment" and len(rows) == 8
    assert rows[1] == ["Loyal", "30", "3000", "0", "10", "EUR"]
    assert rows_of(client, "movement")[1][2:] == ["Loyal", "Lost", "7", "7"]
    assert len(rows_of(client, "movement", models="no")) == 1
    assert "30" in {row[1] for row in rows_of(client, "groups")}
    assert sum(int(row[2]) for row in rows_of(client, "heat")[1:]) == 30
    for table in TABLES:
        for kind in KINDS:
            address = f"{reverse('segment-table', args=[table])}?as={kind}"
            assert f'href="{address}"' in page
            body = b"".join(client.get(address).streaming_content)
            assert body.startswith(b"PK" if kind == "xlsx" else b"\xef\xbb\xbf")
    assert client.get(reverse("segment-table", args=["secrets"])).status_code == 404


def test_a_file_holds_the_days_that_the_page_shows(client, manager, team, add_totals):
    add_totals(team)
    client.force_login(manager)
    page = client.get(reverse("segments"), {"days": "90"}).content.decode()
    assert f"{reverse('segment-table', args=['who'])}?days=90&amp;as=csv" in page
