"""Esc closes what is open around the cursor, the innermost first, and the cursor goes back to what had opened it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Task
from insights.models import Topic

pytestmark = pytest.mark.slow


@pytest.fixture
def task(owner, customer):
    return Task.objects.create(
        customer=customer, title="Call", assignee=owner, due_on=timezone.localdate()
    )


def test_a_task_in_its_row_is_a_row_again_and_nothing_is_saved(open_page, owner, task):
    page = open_page("/tasks/", user=owner)
    title, edit = page.locator(f"#task{task.pk}-title"), page.locator(f"#edit-{task.pk}")
    edit.focus()
    page.keyboard.press("e")
    expect(title).to_be_focused()
    title.fill("Something else")
    page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    expect(page.locator(f"#task-{task.pk}")).to_contain_text("Call")
    # Back where it was, the same key opens it again; what is folded within closes first.
    page.keyboard.press("e")
    expect(title).to_have_value("Call")
    more = page.locator(".c-task-open .c-more-fields")
    more.locator("summary").click()
    more.locator("textarea, input").first.focus()
    page.keyboard.press("Escape")
    expect(more.locator("summary")).to_be_focused()
    expect(more).not_to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    task.refresh_from_db()
    assert task.title == "Call"
    # Saved or left by its button, the cursor is at the same place.
    for button in ("Save", "Cancel"):
        edit.press("Enter")
        expect(title).to_be_focused()
        page.locator(".c-task-open").get_by_role("button", name=button).press("Enter")
        expect(edit).to_be_focused()


def test_on_a_customer_each_form_and_part_closes(open_page, owner, task):
    page = open_page(task.customer.get_absolute_url(), user=owner)
    page.keyboard.press("t")
    expect(page.locator("#task-title")).to_be_focused()
    page.locator("#task-slot button", has_text="Add task").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#task-open")).to_be_focused()
    expect(page.locator("#task-title")).to_have_count(0)
    for part, field in (
        (".c-related-find", "#related-search"),
        (".c-talk-more", "#talk-remind_on"),
    ):
        page.locator(f"{part} summary").click()
        page.locator(field).focus()
        page.keyboard.press("Escape")
        expect(page.locator(f"{part} summary")).to_be_focused()
        expect(page.locator(field)).to_be_hidden()
    page.locator("#talk-text").fill("Half a note")
    page.keyboard.press("Escape")
    expect(page.locator("#talk-text")).not_to_be_focused()
    expect(page.locator("#talk-text")).to_have_value("Half a note")


def test_details_that_were_changed_ask_for_a_second_esc(open_page, owner, customer):
    page = open_page(customer.get_absolute_url(), user=owner)
    name = page.locator("#details-name")
    page.locator("#details-edit").press("Enter")
    expect(name).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#details-edit")).to_be_focused()
    page.keyboard.press("Enter")
    name.fill("Somebody else")
    page.keyboard.press("Escape")
    expect(page.locator("#details").get_by_text("Cancel")).to_be_focused()
    expect(name).to_have_value("Somebody else")
    page.keyboard.press("Escape")
    expect(page.locator("#details-edit")).to_be_focused()
    expect(page.locator("#details")).to_contain_text(customer.email)


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("/tasks/", ".c-task .c-drop"),
        ("/voice/topics/7/", ".c-rename"),
        ("/voice/concerns/", ".c-concern-act:has(.c-concern-form)"),
        ("teams", ".c-danger-zone"),
    ],
)
def test_what_unfolds_closes(open_page, admin, task, team, address, part):
    Topic.objects.create(number=7, phrases={"en": ["late again"]})
    address = f"/settings/teams/{team.pk}/" if address == "teams" else address
    Task.objects.update(assignee=admin)
    page = open_page(address, user=admin)
    open_part = page.locator(part).first
    open_part.locator("summary").press("Enter")
    inside = open_part.locator("button:visible, input:visible").first
    inside.focus()
    page.keyboard.press("Escape")
    expect(open_part.locator("summary").first).to_be_focused()
    expect(inside).to_be_hidden()


def test_a_dialog_over_an_open_part_closes_alone(open_page, owner, task):
    page = open_page("/tasks/", user=owner)
    page.locator(f"#edit-{task.pk}").press("Enter")
    title = page.locator(f"#task{task.pk}-title")
    title.fill("Something else")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-field")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(title).to_have_value("Something else")
