"""Ready-made conditions and the editing of many customers at once, as people use them."""

import pytest
from playwright.sync_api import expect

from customers.models import CustomAttribute, Customer
from tests.browser.test_every_page_is_usable import violations
from tests.customers.pages import score


@pytest.fixture
def people(make_customer, owner, team):
    CustomAttribute.objects.create(name="tier", label="Tier", type="choice", choices="Gold\nSilver")
    made = [make_customer(f"No {at}", owner, team, attributes={"tier": "Gold"}) for at in range(3)]
    for at, one in enumerate(made):
        score(one, risk=0.3 + at / 5)
    return made


def test_a_ready_condition_is_pressed_and_edited(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    page.click("#more-filters-button")
    page.get_by_role("button", name="High risk and no open task").click()
    page.wait_for_url("**/customers/?where=all(risk:gte:60,open_tasks:eq:0)")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.get_by_role("button", name="High risk and no open task")).to_have_count(0)
    page.fill("#v-r-0-0", "40")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/?where=all(risk:gte:40,open_tasks:eq:0)")
    expect(page.locator("tr[data-row]")).to_have_count(2)
    assert violations(page) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_a_field_of_many_is_edited_after_a_look_and_taken_back(open_page, owner, people, width):
    page = open_page("/customers/", user=owner, width=width)
    page.check(f"#pick-{people[0].pk}")
    page.check(f"#pick-{people[1].pk}")
    page.get_by_role("button", name="Edit", exact=True).click()
    field = page.locator("#bulk-field")
    field.focus()
    field.select_option("attribute-tier")
    value = page.locator("#bulk-value-attribute-tier")
    expect(value).to_be_visible()
    expect(field).to_be_focused()
    value.select_option("Silver")
    expect(page.locator("#handovers")).to_contain_text("Gold → Silver: 2")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Change 2 customers").click()
    page.get_by_text("2 customers changed").wait_for()
    tiers = Customer.objects.order_by("pk").values_list("attributes__tier", flat=True)
    assert list(tiers) == ["Silver", "Silver", "Gold"]
    page.locator("#toasts").get_by_text("Undo").click()
    page.get_by_text("Undone").wait_for()
    assert list(tiers.all()) == ["Gold"] * 3
