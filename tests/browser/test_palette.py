"""The palette and the keys, by keyboard alone."""

from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page_is_usable import violations

pytestmark = pytest.mark.slow


@pytest.fixture
def people(make_customer, owner, team):
    return [make_customer(f"Customer {i}", owner=owner, team=team) for i in range(3)]


def opened(page):
    page.wait_for_load_state("load")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-field")).to_be_focused()
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    return page.locator("#palette")


@pytest.mark.parametrize(("language", "typed"), [("en", "churn"), ("zh-hans", "流失")])
def test_a_page_is_reached_by_a_few_letters(open_page, owner, people, language, typed):
    owner.language = language
    owner.save()
    page = open_page("/", user=owner, language=language)
    opened(page)
    page.keyboard.type(typed)
    expect(page.locator("#palette [aria-selected=true]")).to_have_attribute("href", "/churn/")
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/churn/")


def test_a_call_is_logged_from_anywhere_and_the_customer_is_remembered(open_page, owner, people):
    page = open_page("/", user=owner)
    palette = opened(page)
    page.keyboard.type("log a")
    expect(palette.locator("[aria-selected=true]")).to_contain_text("Log a call")
    page.keyboard.press("Enter")
    page.keyboard.type("customer 1")
    expect(palette.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{people[1].get_absolute_url()}#write-call")
    expect(page.locator("#talk-text")).to_be_focused()
    assert page.locator("#talk-call").is_checked()
    page.goto("/")
    palette = opened(page)
    expect(palette.locator("[role=group]").first).to_contain_text("Customer 1")
    assert "Customer" not in page.evaluate("JSON.stringify(localStorage)")  # addresses alone
    page.keyboard.press("Escape")
    expect(palette).not_to_be_visible()


def test_arrows_choose_and_the_page_behind_stays(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    palette = opened(page)
    page.keyboard.type("customer")
    expect(palette.locator("[role=option]", has_text="Customer 2")).to_be_visible()
    first = palette.locator("[aria-selected=true]").get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert palette.locator("[aria-selected=true]").get_attribute("id") != first
    page.keyboard.press("ArrowUp")
    assert page.locator("#palette-field").get_attribute("aria-activedescendant") == first
    page.keyboard.press("Control+k")
    expect(palette).not_to_be_visible()


def test_the_help_names_keys_that_work(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    page.wait_for_load_state("load")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    keys = page.evaluate(
        "[...document.querySelectorAll('[data-go]')].map(a => [a.dataset.go, a.pathname])"
    )
    assert len({key for key, _path in keys}) == len(keys) >= 5
    for key, path in keys:
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(lambda url, path=path: urlparse(url).path == path)
        page.wait_for_load_state("load")
