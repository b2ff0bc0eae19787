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
    page.click("#add-r")
    page.select_option("#f-r-0", "kind")
    page.click("#p-r-0 summary")
    page.get_by_label("Order", exact=True).check()
    page.wait_for_url("**/orders/?where=all(kind:in:sale)")
    expect(rows).to_have_count(3)
    page.keyboard.press("Escape")
    page.click("#group-r")
    page.select_option("#f-r-1-0", "amount")
    page.fill("#v-r-1-0-0", "11")
    page.keyboard.press("Tab")
    page.wait_for_url("**/orders/?where=all(kind:in:sale,any(amount:gte:11))")
    expect(rows).to_have_count(2)
    expect(page.locator("#builder-said")).to_contain_text("Amount at least €11")
    assert page.locator("#more-filters").get_attribute("open") is not None
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.fill("#search", "n101")
    page.wait_for_url("**/orders/?q=n101&where=**")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Remove filter Kind is Order").click()
    page.wait_for_url("**/orders/?q=n101&where=all(any(amount:gte:11))")
    page.go_back()
    page.wait_for_url("**/orders/?q=n101&where=all(kind:in:sale,**")
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


def test_ticked_conversations_are_marked_as_answered_and_it_is_undone(open_page, owner, customer):
    for days, words in ((1, "Where is the parcel"), (2, "Hello?")):
        Interaction.objects.create(
            customer=customer, channel="email", text=words, occurred_at=ago(days)
        )
    page = open_page("/interactions/?unanswered=yes", user=owner)
    page.locator("[data-pick]").first.check()
    page.get_by_role("button", name="Mark as answered").click()
    expect(page.locator("#handovers")).to_contain_text("other messages of theirs that it answers")
    page.locator("#bulk-form .btn-primary").click()
    expect(page.locator(".c-toast")).to_contain_text("2 messages answered")
    expect(page.locator("tr[data-row]")).to_have_count(0)
    page.locator(".c-toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".c-toast").last).to_contain_text("Undone")
    assert not Interaction.objects.filter(direction="out").exists()
