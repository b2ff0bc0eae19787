"""The lists of orders and conversations as people use them: typed, filtered, gone through by keys, and back."""

import re

import pytest
from playwright.sync_api import expect

from customers.models import Interaction
from tests.browser.test_every_page_is_usable import violations
from tests.customers.pages import ago


@pytest.fixture
def orders(customer, make_order):
    made = [make_order(customer, n + 1, 10 + n, number=f"N10{n}") for n in range(3)]
    return [make_order(customer, 1, -5, kind="return", number="R1"), *made]


def test_an_order_is_typed_filtered_opened_and_left_again(open_page, owner, orders):
    page = open_page("/orders/", user=owner)
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(4)
    page.click("#more-filters-button")
    page.select_option("#f-kind", "sale")
    page.wait_for_url("**/orders/?kind=sale")
    expect(rows).to_have_count(3)
    assert page.locator("#more-filters").get_attribute("open") is not None
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.fill("#search", "n101")
    page.wait_for_url("**/orders/?q=n101&kind=sale")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Remove filter Kind: Orders").click()
    page.wait_for_url("**/orders/?q=n101")
    assert page.input_value("#f-kind") == ""
    page.go_back()
    page.wait_for_url("**/orders/?q=n101&kind=sale")
    expect(rows).to_have_count(1)
    assert page.input_value("#search") == "n101"
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/customers/.*#order-{orders[2].pk}$"))
    expect(page.locator(f"#order-{orders[2].pk}")).to_be_in_viewport()


def test_a_list_of_conversations_is_kept_from_a_phone(open_page, owner, customer):
    for days, words in ((1, "Where is the parcel"), (2, "Thanks")):
        Interaction.objects.create(
            customer=customer, channel="email", text=words, occurred_at=ago(days)
        )
    page = open_page("/interactions/?q=parcel", user=owner, width=390)
    expect(page.locator("mark")).to_have_text("parcel")
    page.click("#view-save-as")
    page.get_by_label("Name").fill("Parcels")
    page.get_by_role("button", name="Save view").click()
    page.wait_for_url("**/interactions/?view=*")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator("#view-bar")).to_contain_text("Only you see this view")
