"""The dashboards, and the pages of the company: usable, their marks lead on, charts are saved."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import CustomerScore
from insights.models import ChurnTotals, CohortTotals, PersonDay
from tests.browser.test_every_page_is_usable import WIDTHS, in_every_mode, violations
from tests.customers.pages import score

pytestmark = pytest.mark.slow

PAGES = [
    "/churn/", "/team/", "/team/PERSON/?what=calls", "/customers/exports/?all=1", "/settings/people/",
    "/settings/people/new/", "/settings/rates/",
]  # fmt: skip


@pytest.fixture
def company(owner, teammate, team, make_customer):
    today = timezone.now().date()
    for name, then, now in (
        ("Café Lisboa mit einem sehr langen Namen", 0.42, 0.78),
        ("柚子咖啡", 0.3, 0.41),
    ):
        score(
            make_customer(name, owner, team), now, churn_risk_then=then, churn_change=round(now - then, 6),
            churn_then_on=today - datetime.timedelta(days=30),
        )  # fmt: skip
    for i, person in enumerate((owner, teammate)):
        for step in range(20):
            ChurnTotals.objects.create(
                owner=person, team=team, step=step, reason="recency" if step >= 12 else "", customers=(step + 3) * 40,
                value=1_234_567 / (step + 1), expected=1000 * step, risk_sum=step * step + i,
            )  # fmt: skip
        PersonDay.objects.create(
            person=person, day=today, team=team, owned=True, talks=120, calls=45, tasks=30, tasks_in_time=29,
            answered=12, answer_hours=31.5, rescued=3, rescued_value=12_345,
        )  # fmt: skip
    month = today.replace(day=1)
    months = [month]
    while len(months) < 13:
        months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))
    for age, cohort in enumerate(months):
        for later in months[: age + 1]:
            size = 1200 if later == cohort else 400
            CohortTotals.objects.create(
                owner=owner, team=team, cohort=cohort, month=later, customers=size
            )


@pytest.mark.parametrize(("path", "width", "theme", "language"), in_every_mode(PAGES))
def test_axe_finds_no_violation(open_page, admin, owner, company, path, width, theme, language):
    admin.language, admin.theme = language, theme
    admin.save()
    address = path.replace("PERSON", str(owner.pk))
    page = open_page(address, user=admin, width=width, theme=theme, language=language)
    page.wait_for_load_state("load")
    assert page.locator("h1").count() == 1
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_sideways_at_any_width(open_page, admin, owner, company, path, language):
    admin.language = language
    admin.save()
    page = open_page(path.replace("PERSON", str(owner.pk)), user=admin, language=language)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_bar_opens_its_list_and_the_chart_is_saved(
    open_page, manager, company, make_customer, owner, team
):
    at_risk = make_customer("Wanted", owner, team)
    CustomerScore.objects.create(customer=at_risk, churn_risk=0.97, churn_reason="recency")
    page = open_page("/churn/", user=manager)
    chart = page.locator("[data-chart=histogram] svg")
    chart.wait_for()
    for kind, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=kind, exact=True).click()
        assert saved.value.suggested_filename.endswith(f".{kind.lower()}")
        assert saved.value.path().read_bytes().startswith(begins)
    box = chart.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 24, box["y"] + box["height"] - 40)
    page.wait_for_url("**/customers/?where=all(risk:gte:95)")
    expect(page.locator("#main")).to_contain_text("Wanted")


def test_the_table_of_the_team_is_sorted_by_its_heads(open_page, manager, company):
    page = open_page("/team/", user=manager)
    page.get_by_role("link", name="Calls", exact=True).click()
    page.wait_for_url("**sort=-calls*")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Calls")
