"""Segments, models and the log of a training: no accessibility violation, nothing sideways, links that lead on."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import CustomerMonth, CustomerScore, Segment
from insights.models import (
    ModelVersion,
    PredictionLedger,
    SegmentTotals,
    TrainingRun,
)
from tests.browser.test_every_page_is_usable import WIDTHS, in_every_mode, violations
from tests.insights.moving import moved
from tests.insights.told import churn_summary, segments_summary

pytestmark = pytest.mark.slow

PAGES = [
    "/segments/",
    "/segments/loyal/alike/",
    "/models/",
    "/models/segments/",
    "/models/products/",
    "/models/runs/1/",
    "/models/runs/2/",
]


@pytest.fixture
def trained(db, team):
    """Two champions with a version before, one training that failed and two under way, one of them unanswered."""
    now = timezone.now()
    for kind, summary in (("churn", churn_summary()), ("segments", segments_summary())):
        for number in (1, 2):
            ModelVersion.objects.create(
                kind=kind, number=number, as_of=now, checksum="-", summary=summary, published_at=now,
                is_champion=number == 2,
            )  # fmt: skip
    ended = {"started_at": now, "ended_at": now}
    TrainingRun.objects.create(
        pk=1, kind="churn", origin="button", status="failed", facts={"code": "crashed"},
        error="Traceback " + "of a long line " * 40, steps=[{"code": "load", "seconds": 1, "rows": 5}], **ended,
    )  # fmt: skip
    TrainingRun.objects.create(
        pk=2, kind="products", origin="button", status="running", step="choose", fraction=0.4,
        rows=1_200_000, started_at=now, heartbeat_at=now,
    )  # fmt: skip
    TrainingRun.objects.create(
        pk=3, kind="churn", origin="schedule", status="done", outcome="published",
        summary=churn_summary(), **ended,
    )  # fmt: skip
    TrainingRun.objects.create(pk=4, kind="segments", origin="api", status="queued")
    TrainingRun.objects.filter(pk=4).update(created_at=now - datetime.timedelta(minutes=5))
    moves = [("loyal", "at_risk", False), ("at_risk", "loyal", True), ("", "new", False)]
    for i, (before, after, by_new_model) in enumerate(moves):
        moved(team, before, after, 10 + i, by_new_model=by_new_model)
    for i, segment in enumerate(Segment):
        for recency in range(1, 6):
            SegmentTotals.objects.create(
                team=team, segment=segment.value, recency_band=recency, frequency_band=1 + i % 5,
                customers=3 ** (recency - 1) * (i + 1), value=12_345_678 / (i + 1), risk_sum=5 * i + recency,
                risk_customers=60, value_at_risk=1000 * i,
            )  # fmt: skip


@pytest.mark.parametrize(("path", "width", "theme", "language"), in_every_mode(PAGES))
def test_axe_finds_no_violation(open_page, admin, trained, path, width, theme, language):
    admin.language, admin.theme = language, theme
    admin.save()
    page = open_page(path, user=admin, width=width, theme=theme, language=language)
    page.wait_for_load_state("load")
    assert page.locator("h1").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_sideways_at_any_width(open_page, admin, trained, path, language):
    admin.language = language
    admin.save()
    page = open_page(path, user=admin, language=language)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_the_headlines_button_opens_the_list_it_speaks_of(
    open_page, manager, trained, make_customer, owner, team
):
    wanted, other = make_customer("Wanted", owner, team), make_customer("Other", owner, team)
    CustomerScore.objects.create(customer=wanted, segment="at_risk")
    CustomerScore.objects.create(customer=other, segment="loyal")
    page = open_page("/segments/", user=manager)
    page.get_by_role("link", name="Show the 726 customers").click()
    page.wait_for_url("**/customers/?segment=at_risk")
    expect(page.locator("#main")).to_contain_text("Wanted")
    expect(page.locator("#main")).not_to_contain_text("Other")


def test_the_customer_page_shows_risk_and_orders_as_they_were(open_page, owner, customer):
    month = timezone.now().date().replace(day=1)
    CustomerMonth.objects.create(customer=customer, month=month, orders=2, value=120)
    PredictionLedger.objects.create(
        kind="churn", customer=customer, day=month, version=1, score=0.78
    )
    page = open_page(customer.get_absolute_url(), user=owner)
    chart = page.locator("#risk-and-orders [data-chart=trend] svg")
    chart.wait_for()
    assert "78%" in chart.text_content()
    assert violations(page) == []


def test_a_group_is_renamed_and_gets_its_old_name_back(open_page, manager, trained):
    page = open_page("/segments/", user=manager)
    group = page.locator(".c-group").first
    found = group.get_by_role("link").first.inner_text()
    group.get_by_text("Rename", exact=False).first.click()
    group.get_by_label("Name of the group").fill("Hotels")
    group.get_by_role("button", name="Save").click()
    expect(page.locator("#groups-card")).to_contain_text("Hotels")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#groups-card")).not_to_contain_text("Hotels")
    expect(page.locator("#groups-card")).to_contain_text(found)


def test_the_movement_is_drawn_and_stands_in_a_table(open_page, manager, trained):
    page = open_page("/segments/", user=manager)
    chart = page.locator("#movement [data-chart=movement] svg")
    chart.wait_for()
    assert "At risk" in chart.text_content()
    expect(page.locator(".c-flows")).to_contain_text("11 from At risk to Loyal")
    page.get_by_label("Without moves on the day of a new model").check()
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**models=no*")
    expect(page.locator(".c-flows")).not_to_contain_text("11 from At risk to Loyal")
