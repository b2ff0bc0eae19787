"""Six errands of a working day in a real browser, each with the most presses of the mouse it may take.

A press is counted where it happens, in the page; keys are the text that is written, nothing else.
"""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import CustomerScore, Interaction, SavedView, Segment, Task
from customers.totalling import refresh_totals
from insights.models import SegmentTotals
from tests.customers.pages import history, score
from tests.insights.moving import moved

pytestmark = pytest.mark.slow

COUNT = """
addEventListener("pointerdown", event => {
  if (event.isTrusted) sessionStorage.presses = Number(sessionStorage.presses || 0) + 1
}, true)
"""
WAIT = 15_000
CHOOSING = 2  # presses in a list of choices, which a test sets without them


@pytest.fixture
def start(open_page):
    """``start(user, path)``: a page that counts how often the mouse is pressed on it and on those it leads to."""

    def start(user, path="/"):
        page = open_page(path, user=user)
        page.context.add_init_script(COUNT)
        page.reload()
        return page

    return start


def presses(page) -> int:
    return int(page.evaluate("sessionStorage.presses || 0"))


@pytest.fixture
def people(make_customer, make_order, owner, team):
    """Eight customers of the owner; the first ones are worth most and most likely to leave."""
    made = []
    for at in range(8):
        one = make_customer(f"Café No. {at}", owner, team, email=f"no{at}@example.com")
        make_order(one, days_ago=70 + at, amount=900 - 100 * at)
        score(one, risk=0.9 - at / 10)
        made.append(one)
    refresh_totals([one.pk for one in made])
    return made


def seen_without_scrolling(locator) -> bool:
    """Whether it stands whole on a screen of the usual size."""
    box = locator.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= 900


def test_whom_to_call(start, owner, people):
    page = start(owner)
    first = page.locator("#home-first .c-first").first
    expect(first).to_contain_text("Get in touch with Café No. 0")
    assert seen_without_scrolling(first) and presses(page) == 0
    first.get_by_role("link", name="Get in touch with Café No. 0").click()
    page.wait_for_url(f"**/customers/{people[0].pk}/**")
    assert presses(page) == 1


def test_understand_a_customer(start, owner, people):
    history(people[0])
    page = start(owner, "/customers/?sort=-risk")
    page.get_by_role("link", name="Café No. 0").click()
    page.wait_for_url(f"**/customers/{people[0].pk}/**")
    # How likely, why, worth what, what to do: all of it before anything is scrolled or opened.
    expect(page.locator("#why")).to_contain_text("63 days")
    for part in ("h1", "#why-title", "#tasks-title", "#products-title"):
        assert seen_without_scrolling(page.locator(part).first), part
    assert presses(page) == 1


def test_log_a_complaint_and_follow_up(start, owner, people):
    page = start(owner, people[1].get_absolute_url())
    page.locator("label[for=talk-complaint]").click()
    page.click("#talk-text")
    page.keyboard.type("The last two bags arrived torn, wants them replaced")
    page.locator(".c-talk-more summary").click()
    soon = timezone.localdate() + datetime.timedelta(days=2)
    page.fill("#talk-remind_on", soon.isoformat())
    page.click("#talk-save")
    expect(page.locator("#timeline-items")).to_contain_text("arrived torn", timeout=WAIT)
    expect(page.locator("#tasks")).to_contain_text("Follow up", timeout=WAIT)
    assert Interaction.objects.get(customer=people[1]).channel == "complaint"
    assert Task.objects.get(customer=people[1]).due_on == soon
    assert presses(page) <= 5


def test_which_customers_got_worse_this_month_in_my_team_and_why(start, manager, people, team):
    day = timezone.now().date() - datetime.timedelta(days=30)
    for one in people[:3]:
        now = one.score.churn_risk
        CustomerScore.objects.filter(pk=one.pk).update(
            churn_risk_then=now - 0.24, churn_change=0.24, churn_then_on=day
        )
    page = start(manager)
    rows = page.locator("#home-worse li[data-row]")
    expect(rows).to_have_count(3, timeout=WAIT)
    expect(rows.first).to_contain_text("+24 pts")
    expect(rows.first).to_contain_text("63 days")
    assert presses(page) == 0
    page.locator("#home-worse").get_by_role("link", name="Show the list").click()
    page.wait_for_url("**/customers/?where=all(risk_change:rose:10)**")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    assert presses(page) == 1
    page.get_by_role("link", name="Café No. 0").click()
    page.wait_for_url(f"**/customers/{people[0].pk}/**")
    expect(page.locator("#scores")).to_contain_text("+24 points since")


def test_which_segments_they_went_to_and_why(start, manager, people, team):
    now = timezone.now()
    CustomerScore.objects.filter(customer__in=people[:3]).update(
        segment_before=Segment.LOYAL, segment_since=now - datetime.timedelta(days=3)
    )
    SegmentTotals.objects.create(
        team=team, segment="at_risk", recency_band=2, frequency_band=4, customers=8, value=4400,
        risk_sum=4, risk_customers=8, value_at_risk=2000,
    )  # fmt: skip
    moved(team, "loyal", "at_risk", 3, days_ago=3)
    page = start(manager)
    page.get_by_role("navigation").get_by_role("link", name="Segments").first.click()
    flow = page.locator(".c-flows tr", has_text="At risk")
    expect(flow).to_contain_text("Loyal")
    flow.get_by_role("link").first.click()
    page.wait_for_url("**/customers/?segment=at_risk&was=loyal**")
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("63 days")
    assert presses(page) == 2


def test_hand_five_customers_to_a_colleague(start, manager, teammate, people):
    page = start(manager, "/customers/?sort=-value")
    picks = page.locator("tr[data-row] [data-pick]")
    picks.nth(0).click()
    picks.nth(4).click(modifiers=["Shift"])
    page.get_by_role("button", name="Assign", exact=True).click()
    page.get_by_label("Owner", exact=True).select_option(label=str(teammate))
    page.get_by_role("button", name="Assign 5 customers").click()
    expect(page.locator("#toasts")).to_contain_text("5 customers", timeout=WAIT)
    assert {one.pk for one in teammate.customers.all()} == {one.pk for one in people[:5]}
    assert presses(page) + CHOOSING <= 6


def test_make_and_share_a_view(start, owner, team, people):
    page = start(owner, "/customers/")
    page.click("#more-filters-button")
    page.get_by_role("button", name="High risk and no open task").click()
    page.wait_for_url("**where=**")
    page.click("#view-save-as")
    page.get_by_label("Name", exact=True).fill("Call this week")
    page.locator("select[name=audience]").select_option("team")
    page.locator("form.c-view-form button.btn-primary").click()
    expect(page.locator("#views [aria-current=true]")).to_contain_text("Call this week")
    view = SavedView.objects.get()
    assert (view.audience, view.team) == ("team", team)
    assert presses(page) + CHOOSING <= 7
