"""A training watched live: the page follows it without a reload, in two tabs, and leaves the cursor alone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from insights.models import ModelVersion, PublishRequest, TrainingRun
from insights.republishing import republish
from tests.insights.told import churn_summary

pytestmark = pytest.mark.slow

Status = TrainingRun.Status


@pytest.fixture
def running(db):
    now = timezone.now()
    return TrainingRun.objects.create(
        kind="churn", origin="button", status=Status.RUNNING, started_at=now, heartbeat_at=now,
        step="load", fraction=0.04, rows=1200,
    )  # fmt: skip


def move(run, **fields):
    TrainingRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now(), **fields)


def finish(run):
    """What the trainer leaves behind when the new version is better."""
    now = timezone.now()
    version = ModelVersion.objects.create(
        kind="churn", number=1, as_of=now, checksum="-", is_champion=True, published_at=now,
        summary=churn_summary(),
    )  # fmt: skip
    move(run, status=Status.DONE, outcome="published", ended_at=now, fraction=1, version=version,
         summary=churn_summary())  # fmt: skip


def bar(page):
    return page.locator("#live [role=progressbar]")


def test_the_page_follows_a_training_to_its_end_and_then_asks_no_more(open_page, manager, running):
    page, other = open_page("/models/", user=manager), open_page("/models/", user=manager)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("#detail")).to_contain_text("Not trained yet")
    move(running, step="fit:forest", fraction=0.4, rows=9532)
    for tab in (page, other):
        expect(bar(tab)).to_have_attribute("aria-valuenow", "40", timeout=6000)
        expect(tab.locator("[aria-current=step]")).to_have_text("Fit the candidates")
        expect(tab.locator(".c-job")).to_contain_text("Step 4 of 8, Random forest, 9,532 rows")
    page.reload()
    expect(bar(page)).to_have_attribute("aria-valuenow", "40")
    finish(running)
    for tab in (page, other):
        expect(tab.locator("#detail")).to_contain_text("64 really leave", timeout=8000)
        expect(tab.locator("#row-churn")).to_contain_text("v1")
        expect(bar(tab)).to_have_count(0)
    asked.clear()
    page.wait_for_timeout(4500)
    assert [url for url in asked if "live" in url] == []


def test_the_cursor_stays_on_stop_while_the_figures_move(open_page, admin, running):
    page = open_page("/models/", user=admin)
    stop = page.get_by_role("button", name="Stop Churn risk")
    stop.focus()
    for percent in (20, 30):
        move(running, fraction=percent / 100)
        expect(bar(page)).to_have_attribute("aria-valuenow", str(percent), timeout=6000)
        expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#toasts", has_text="the training is being stopped").wait_for()
    running.refresh_from_db()
    assert running.stop_requested


def test_a_button_press_shows_the_waiting_training_in_place(open_page, admin, monkeypatch):
    monkeypatch.setattr("insights.requesting.wake", lambda *args: True)
    page = open_page("/models/products/", user=admin)
    page.get_by_role("button", name="Train Segments").click()
    page.locator(".c-job", has_text="Waiting for the trainer").wait_for()
    page.locator("#toasts", has_text="Segments: the training is queued.").wait_for()
    assert page.url.endswith("/models/products/")  # nothing was loaded anew
    expect(page.get_by_role("button", name="Train Segments")).to_be_disabled()


def test_charts_are_drawn_from_the_tokens_and_again_when_the_theme_changes(
    open_page, manager, running
):
    finish(running)
    page = open_page("/models/", user=manager)
    for chart in ("history", "calibration"):
        page.locator(f"[data-chart={chart}] svg").wait_for()
    fill = "() => document.querySelector('[data-chart=calibration] svg').outerHTML"
    before = page.evaluate(fill)
    page.click(".c-side [data-theme-switch]")
    page.wait_for_function(f"before => ({fill})() !== before", arg=before)
    text = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--text-3')")
    assert text.strip() in page.evaluate(fill)


def test_the_table_under_a_chart_holds_its_figures(open_page, manager, running):
    finish(running)
    page = open_page("/models/", user=manager)
    table = page.locator("#calibration table")
    expect(table).to_be_hidden()
    page.locator("#calibration summary").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    expect(table).to_contain_text("70%")


def test_rolling_back_asks_first_and_then_says_what_it_did(open_page, admin, db):
    for number in (1, 2):
        ModelVersion.objects.create(
            kind="churn", number=number, as_of=timezone.now(), checksum="-", summary=churn_summary(),
            published_at=timezone.now(), is_champion=number == 2,
        )  # fmt: skip
    page = open_page("/models/", user=admin)
    page.get_by_role("button", name="Roll back v1").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Roll Churn risk back to v1?")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert ModelVersion.objects.get(is_champion=True).number == 2
    page.get_by_role("button", name="Roll back v1").click()
    dialog.get_by_role("button", name="Roll back to v1").click()
    expect(page.locator("#live .c-publishing")).to_contain_text(
        "Churn risk v1 becomes the champion"
    )
    republish(PublishRequest.objects.get().pk)  # a worker's part
    versions = page.get_by_role("region", name="Versions")
    expect(versions).to_contain_text("Churn risk v1: Became champion", timeout=15_000)
    expect(page.locator("#live .c-publishing")).to_have_count(0)
    assert ModelVersion.objects.get(is_champion=True).number == 1


def test_the_log_of_a_training_is_live_too(open_page, manager, running):
    page = open_page(f"/models/runs/{running.pk}/", user=manager)
    steps = [
        {"code": "load", "at": "", "seconds": 2.0, "rows": 1200},
        {"code": "inputs", "at": "", "seconds": None, "rows": None},
    ]
    move(running, step="inputs", fraction=0.08, steps=steps)
    expect(page.locator(".c-log")).to_contain_text("Build features", timeout=6000)
    move(running, status=Status.FAILED, facts={"code": "killed"}, ended_at=timezone.now())
    expect(page.locator("#run")).to_contain_text("ended from outside", timeout=6000)
    expect(page.locator("#toasts [role=alert]")).to_contain_text("ended from outside")
