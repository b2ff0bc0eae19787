"""Tasks, calendar and bell as people use them."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Notification, Tag, Task, User
from customers.notifying import Kind, notify
from tests.browser.test_every_page_is_usable import WIDTHS, in_every_mode, violations
from tests.customers.pages import history, score

pytestmark = pytest.mark.slow

PAGES = [
    "/tasks/",
    "/tasks/calendar/",
    "/tasks/calendar/?view=week",
    "/notifications/",
    "/profile/",
]


@pytest.fixture
def tasks(owner, customer):
    today = timezone.localdate()
    return [
        Task.objects.create(
            customer=customer, title=f"Call number {i}", assignee=owner,
            due_on=today + datetime.timedelta(days=i - 1),
        )
        for i in range(3)
    ]  # fmt: skip


def test_a_task_is_completed_with_its_outcome_and_taken_back(open_page, owner, tasks):
    page = open_page("/tasks/", user=owner)
    row = page.locator(f"#task-{tasks[1].pk}")
    row.locator(".c-tick").click()
    row.get_by_label("Note on the outcome").fill("Orders on Monday")
    row.get_by_role("button", name="Won back").click()
    expect(row.locator("summary")).to_contain_text("Won back")
    tasks[1].refresh_from_db()
    assert (tasks[1].outcome, tasks[1].outcome_note) == ("won_back", "Orders on Monday")
    page.locator(".c-toast", has_text="Outcome saved").get_by_role("button", name="Undo").click()
    expect(page.locator(".c-toast", has_text="Undone")).to_be_visible()
    page.locator(".c-toast", has_text="Task done").get_by_role("button", name="Undo").click()
    expect(row.locator(".c-tick")).to_have_attribute("aria-pressed", "false")
    tasks[1].refresh_from_db()
    assert (tasks[1].done_at, tasks[1].outcome) == (None, "")


def test_the_way_back_is_still_there_on_the_next_page(open_page, owner, tasks):
    page = open_page("/tasks/", user=owner)
    page.locator(f"#tick-{tasks[0].pk}").click()
    expect(page.locator(".c-toast", has_text="Task done")).to_be_visible()
    page.locator("#state-overdue").click()
    page.wait_for_url("**state=overdue**")
    page.locator(".c-toast", has_text="Task done").get_by_role("button", name="Undo").click()
    expect(page.locator(f"#task-{tasks[0].pk}")).to_be_visible()
    assert Task.objects.open().count() == 3


def test_edited_in_its_place_by_keyboard(open_page, owner, tasks):
    page = open_page("/tasks/", user=owner)
    page.locator(f"#edit-{tasks[0].pk}").focus()
    page.keyboard.press("e")
    field = page.locator(f"#task{tasks[0].pk}-title")
    expect(field).to_be_focused()
    field.fill("Call at noon")
    page.keyboard.press("Enter")
    expect(page.locator(f"#task-{tasks[0].pk}")).to_contain_text("Call at noon")
    page.locator(f"#task-{tasks[1].pk}").dblclick(position={"x": 300, "y": 4})
    expect(page.locator(f"#task{tasks[1].pk}-title")).to_be_focused()


def test_several_are_put_off_at_once(open_page, owner, tasks):
    page = open_page("/tasks/", user=owner)
    for task in tasks[:2]:
        page.locator(f"#task-{task.pk} [data-pick]").check()
    expect(page.locator("#bulk")).to_contain_text("2 selected")
    page.select_option("#bulk-until", index=2)
    page.locator("#bulk").get_by_role("button", name="Put off").click()
    expect(page.locator(".c-toast")).to_contain_text("2 tasks put off")


def test_of_the_three_things_first_one_is_done_and_undone(open_page, owner, customer):
    history(customer, tasks=0)
    score(customer, 0.8)
    page = open_page("/", user=owner)
    first = page.locator("#home-first li", has_text="Get in touch with Marta Lindqvist")
    first.get_by_role("button", name="Done").click()
    expect(first).to_have_count(0)
    expect(page.locator("#home-tasks")).to_contain_text("Get in touch with Marta Lindqvist")
    page.locator(".c-chip", has_text="Mine").click()
    page.locator(".c-toast").get_by_role("button", name="Undo").click()
    expect(first).to_have_count(1)
    assert not Task.objects.exists()


def test_the_calendar_goes_by_keys_from_day_to_day_and_month_to_month(open_page, owner, tasks):
    page = open_page("/tasks/calendar/?day=2026-05-30", user=owner)
    page.locator("[data-day='2026-05-30']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-day='2026-05-31']")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**day=2026-06-07**")
    expect(page.locator("[data-day='2026-06-07']")).to_be_focused()
    page.keyboard.press("PageUp")
    page.wait_for_url("**day=2026-05-07**")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/new/?due=2026-05-07&**")
    assert page.input_value("#task-due_on") == "2026-05-07"
    page.fill("#task-title", "Call back")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/calendar/?**day=2026-05-07**#day")
    expect(page.locator("[data-day='2026-05-07']")).to_contain_text("Call back")
    expect(page.locator("[data-day='2026-05-07']")).to_be_focused()


def test_a_customer_is_found_by_typing_and_chosen_by_keyboard(open_page, owner, customer):
    page = open_page("/tasks/new/", user=owner)
    page.fill("#task-title", "Send the offer")
    page.locator("#task-customer").press_sequentially("lindq")
    choice = page.get_by_role("radio", name="Marta Lindqvist")
    expect(choice).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Tab")
    expect(choice).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/")
    assert Task.objects.get().customer == customer


def test_on_a_phone_the_calendar_is_a_list_of_days_with_something(open_page, owner, tasks):
    page = open_page("/tasks/calendar/", user=owner, width=390, height=844)
    shown = page.locator(".c-cal-day:visible")
    assert shown.count() <= 3
    expect(page.locator(".c-cal-day[aria-current=date]")).to_contain_text("Call number 1")


def test_on_a_phone_the_calendar_begins_today_and_what_was_before_is_a_touch_away(
    open_page, owner, tasks
):
    page = open_page("/tasks/calendar/?view=week", user=owner, width=390, height=844)
    days = page.locator(".c-cal-day:visible")
    expect(days.first).to_contain_text("Call number 1")
    if (earlier := page.locator(".c-cal-earlier")).count():  # not on a Monday
        expect(earlier).to_contain_text("1 overdue")
        earlier.click()
        expect(days.first).to_contain_text("Call number 0")
        assert violations(page) == []
    page.locator(".c-cal-next").click()
    page.wait_for_url("**day=*")
    expect(page.locator(".c-cal-earlier")).to_have_count(0)


def test_the_bell_rings_on_the_open_page_and_its_list_leads_on(open_page, owner, customer):
    page = open_page("/customers/", user=owner)
    bell = page.locator(".c-side .c-bell")
    expect(bell.locator(".c-bell-n")).to_have_count(0)
    notify(owner, Kind.GIVEN, customer)
    expect(bell.locator(".c-bell-n")).to_have_text("1", timeout=20_000)
    bell.click()
    page.get_by_role("button", name="Somebody gave you a customer").click()
    page.wait_for_url(f"**{customer.get_absolute_url()}")
    expect(page.locator(".c-side .c-bell-n")).to_have_count(0)
    assert not Notification.objects.unread().exists()


@pytest.mark.parametrize(("path", "width", "theme", "language"), in_every_mode(PAGES))
def test_axe_finds_no_violation(open_page, manager, tasks, customer, path, width, theme, language):
    notify(manager, Kind.GIVEN, customer)
    manager.language, manager.theme = language, theme
    manager.save()
    sign = "&" if "?" in path else "?"
    page = open_page(
        f"{path}{sign}whose=team", user=manager, width=width, theme=theme, language=language
    )
    assert page.locator("h1").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_sideways_at_any_width(open_page, owner, tasks, path):
    page = open_page(path, user=owner)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_on_a_phone_home_shows_what_presses_and_folds_the_rest(open_page, owner, tasks, customer):
    Task.objects.filter(pk__in=[one.pk for one in tasks]).update(customer=None)
    Task.objects.create(
        title="At stake", customer=customer, due_on=timezone.localdate(), assignee=owner
    )
    score(customer)
    page = open_page("/", user=owner, width=390)
    expect(page.locator("#home-tasks-count")).to_have_text("4")
    expect(page.locator("#home-risk .c-home-row")).to_be_hidden()
    expect(page.locator("#home-tasks").get_by_text("Call number 2")).to_be_hidden()
    assert page.locator("#home-risk .c-fold-btn").get_attribute("aria-expanded") == "false"
    page.locator("#home-risk .c-fold-btn").click()
    expect(page.locator("#home-risk .c-home-row")).to_be_visible()
    page.locator("#home-tasks .c-fold-btn").click()
    page.evaluate("document.dispatchEvent(new CustomEvent('facts-changed'))")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#home-tasks").get_by_text("Call number 2")).to_be_visible()
    assert page.locator("#home-risk .c-fold-btn").get_attribute("aria-expanded") == "true"
    assert violations(page) == []


def test_a_manager_sees_the_first_of_many_people_and_all_at_a_click(
    open_page, manager, team, customer
):
    for i in range(7):
        person = User.objects.create_user(f"person{i}", role="sales")
        person.teams.add(team)
        Task.objects.create(title="Call", customer=customer, assignee=person)
    page = open_page("/", user=manager)
    expect(page.locator(".c-home-people tbody tr:visible")).to_have_count(5)
    page.get_by_role("button", name="Show all 7 people").click()
    expect(page.locator(".c-home-people tbody tr:visible")).to_have_count(7)
    page.get_by_role("button", name="Show fewer").click()
    expect(page.locator(".c-home-people tbody tr:visible")).to_have_count(5)


def test_what_was_taken_back_in_the_settings_is_not_offered_again(open_page, admin, customer):
    tag = Tag.objects.create(name="VIP")
    customer.tags.add(tag)
    page = open_page(f"/settings/tags/{tag.pk}/", user=admin, width=390)
    page.locator(".c-danger-zone summary").click()
    page.get_by_role("button", name="Delete “VIP”").click()
    expect(page.locator("#main")).to_contain_text("None yet")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#main")).to_contain_text("VIP")
    expect(page.locator("#toasts")).to_have_text("Undone")
    assert set(customer.tags.all()) == {tag}
