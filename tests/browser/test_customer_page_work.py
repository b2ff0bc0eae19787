"""The customer page as people work with it: the log box with a name and a file, two editors, the way through a list."""

import pytest
from playwright.sync_api import expect

from customers.models import Attachment, Interaction, Task
from customers.totalling import refresh_totals
from tests.browser.test_every_page_is_usable import violations

pytestmark = pytest.mark.slow

WAIT = 15_000


@pytest.fixture
def person(customer, make_order):
    make_order(customer, amount=80)
    refresh_totals([customer.pk])
    return customer


def test_a_call_is_logged_with_a_colleague_a_reminder_and_a_file(
    open_page, owner, manager, person, tmp_path
):
    offer = tmp_path / "offer.txt"
    offer.write_text("Twelve bags")
    page = open_page(person.get_absolute_url(), user=owner)
    page.keyboard.press("n")
    expect(page.locator("#talk-text")).to_be_focused()
    page.keyboard.type("Asked for an offer, @man")
    expect(page.locator("#talk-mentions [role=option]")).to_contain_text("manager", timeout=WAIT)
    page.keyboard.press("Enter")
    expect(page.locator("#talk-text")).to_have_value("Asked for an offer, @manager ")
    page.keyboard.type("please price it")
    page.locator("label[for=talk-call]").click()
    page.locator(".c-talk-more summary").click()
    page.fill("#talk-remind_on", "2099-01-31")
    page.set_input_files("#talk-files", offer)
    page.click("#talk-save")
    item = page.locator("#timeline-items .c-item", has_text="Asked for an offer")
    expect(item).to_contain_text("@manager", timeout=WAIT)
    expect(page.locator("#tasks")).to_contain_text("Follow up: Asked for an offer", timeout=WAIT)
    with page.expect_download() as saved:
        item.get_by_role("link", name="offer.txt").click()
    assert saved.value.suggested_filename == "offer.txt"
    assert saved.value.path().read_text() == "Twelve bags"
    assert list(Interaction.objects.get().mentions.all()) == [manager]
    assert Task.objects.get().due_on.isoformat() == "2099-01-31"
    # What is not taken is said, and what was written stays.
    page.fill("#talk-text", "Second try")
    bad = tmp_path / "tool.exe"
    bad.write_bytes(b"MZ\x00\x00")
    page.locator(".c-talk-more summary").click()
    page.set_input_files("#talk-files", bad)
    page.click("#talk-save")
    expect(page.locator("#talk-files_error")).to_contain_text("tool.exe", timeout=WAIT)
    expect(page.locator("#talk-text")).to_have_value("Second try")
    assert Attachment.objects.count() == 1
    open_page.complaints[:] = [c for c in open_page.complaints if "422" not in c]


def test_the_chosen_tab_is_in_sight_on_a_phone(open_page, owner, person):
    page = open_page(f"{person.get_absolute_url()}?timeline=changes", user=owner, width=390)
    chosen = page.locator("#timeline .c-tabs [aria-current]")
    box = chosen.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_two_who_edit_at_once_see_all_three_values(open_page, client, owner, manager, person):
    person.city = "Lund"
    person.save()
    mine = open_page(person.get_absolute_url(), user=owner)
    mine.click("#details-edit")
    mine.fill("#details-city", "Ystad")
    client.cookies.clear()  # another session, or the first would end
    theirs = open_page(person.get_absolute_url(), user=manager)
    theirs.click("#details-edit")
    theirs.fill("#details-city", "Malmö")
    theirs.get_by_role("button", name="Save", exact=True).last.click()
    expect(theirs.locator("#toasts")).to_contain_text("Details saved", timeout=WAIT)
    mine.locator("#details button.btn-primary").click()
    told = mine.locator("#details-city_error")
    expect(told).to_contain_text("manager changed this to “Malmö”", timeout=WAIT)
    expect(told).to_contain_text("It was “Lund”, and yours is “Ystad”")
    expect(mine.locator("#details-city")).to_have_value("Ystad")
    mine.get_by_role("button", name="Take theirs").click()
    expect(mine.locator("#details-city")).to_have_value("Malmö")
    mine.fill("#details-city", "Ystad")
    mine.locator("#details button.btn-primary").click()
    expect(mine.locator("#toasts")).to_contain_text("Details saved", timeout=WAIT)
    person.refresh_from_db()
    assert person.city == "Ystad"
    open_page.complaints[:] = [c for c in open_page.complaints if "422" not in c]


def test_j_and_k_go_through_the_list_one_came_from(open_page, owner, team, make_customer):
    names = ["Anna", "Bert", "Cleo"]
    people = [make_customer(name, owner=owner, team=team, city="Lyon") for name in names]
    make_customer("Paris person", owner=owner, team=team, city="Paris")
    refresh_totals([one.pk for one in people])
    page = open_page("/customers/?where=all(city:is:Lyon)&sort=name", user=owner)
    page.locator(".c-who", has_text="Anna").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Anna")
    for key, name in (("j", "Bert"), ("]", "Cleo"), ("k", "Bert"), ("[", "Anna")):
        page.wait_for_load_state("load")
        page.keyboard.press(key)
        expect(heading).to_have_text(name, timeout=WAIT)
    expect(page.locator("#customer-before")).to_have_count(0)
    page.locator(".c-crumb a").first.click()
    expect(page.locator("[data-row]")).to_have_count(3, timeout=WAIT)
    assert "city:is:Lyon" in page.url


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_list_says_what_it_filters_and_what_it_leaves_out(
    open_page, owner, person, width, language
):
    address = "/customers/?where=all(name:has:a)&columns=name,email,tags,company,phone,risk,own"
    page = open_page(address, user=owner, width=width, language=language)
    expect(page.locator(".c-filter-chip")).to_be_visible()
    expect(page.locator("#columns-button .c-left-out")).to_be_visible(visible=width > 780)
    page.click("#columns-button")
    button, panel = (
        page.locator(one).bounding_box() for one in ("#columns-button", ".c-columns-panel")
    )
    assert panel["y"] >= button["y"] + button["height"]
    page.keyboard.press("Escape")
    page.locator("[data-pick]").first.check()
    assert page.locator("#bulk").bounding_box()["height"] < 100
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_who_may_be_there_already_is_told_beside_the_button_that_saves_anyway(
    open_page, owner, customer, make_customer
):
    make_customer("Zoë Marchetti", owner=owner, email="zoe@example.com")
    page = open_page(customer.get_absolute_url(), user=owner)
    page.locator("#details-edit").click()
    page.fill("#details-email", "zoe@example.com")
    page.locator("#details").get_by_role("button", name="Save").click()
    told = page.locator("#details").get_by_role("alert")
    expect(told).to_contain_text("Zoë Marchetti · the same e-mail")
    expect(told).to_be_focused()
    assert violations(page) == []
    page.locator("#details").get_by_role("button", name="Save anyway").click()
    expect(page.locator("#details dl")).to_contain_text("zoe@example.com")
    open_page.complaints[:] = [c for c in open_page.complaints if "422" not in c]
