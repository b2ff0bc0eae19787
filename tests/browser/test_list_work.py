"""Ready-made conditions and the editing of many customers at once, as people use them."""

import pytest
from playwright.sync_api import expect

from customers.models import CustomAttribute, Customer, Interaction
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


EVERYTHING = {
    "/customers/": "name,seg,risk,change,value,expected,last,own,ord,team,tags,company,email,phone,city,country",
    "/orders/": "number,customer,date,kind,channel,items,amount,owner,team,company,country,segment,risk,source",
    "/interactions/": "words,date,customer,felt,by,state,rating,urgency,language,owner,team,company,segment,risk",
}  # fmt: skip


@pytest.mark.parametrize("address", EVERYTHING)
@pytest.mark.parametrize("width", [820, 1280, 1920])
def test_many_columns_scroll_in_their_own_frame_beside_what_each_row_is(
    open_page, owner, people, make_order, address, width
):
    for one in people:
        make_order(one)
        Interaction.objects.create(customer=one, channel="email", text="Where is it?")
    page = open_page(f"{address}?columns={EVERYTHING[address]}", user=owner, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    frame, first = page.locator(".c-room"), page.locator("tr[data-row] td").nth(1)
    heads = page.locator("th")
    assert all(head.is_visible() for head in heads.all())
    assert heads.count() == len(EVERYTHING[address].split(",")) + 1
    if width < 1920:
        assert frame.evaluate("it => it.scrollWidth > it.clientWidth + 100")
    before = first.bounding_box()["x"]
    frame.evaluate("it => { it.scrollLeft = 10000 }")
    assert abs(first.bounding_box()["x"] - before) < 1
    last = heads.last.bounding_box()
    assert last["x"] + last["width"] <= width
    assert violations(page) == []


@pytest.mark.parametrize("address", EVERYTHING)
def test_on_a_phone_many_columns_are_lines_of_a_card(open_page, owner, people, make_order, address):
    for one in people:
        make_order(one)
        Interaction.objects.create(customer=one, channel="email", text="Where is it?")
    page = open_page(f"{address}?columns={EVERYTHING[address]}", user=owner, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".c-room").evaluate("it => it.scrollWidth <= it.clientWidth")
    assert violations(page) == []


@pytest.mark.parametrize("columns", ["name,last", "name,value,tags,phone", "name,risk,ord"])
def test_a_card_of_a_phone_has_no_empty_line_and_says_what_its_figures_are(
    open_page, owner, people, columns
):
    page = open_page(f"/customers/?columns={columns}", user=owner, width=390)
    row = page.locator("tr[data-row]").first
    edges = row.evaluate(
        """row => [...row.querySelectorAll("td:not(.c-col-pick)")].map(cell => cell.getBoundingClientRect())
            .map(box => [box.top, box.bottom]).sort((a, b) => a[0] - b[0])"""
    )
    reached, gaps = edges[0][1], []
    for top, bottom in edges[1:]:
        gaps.append(top - reached)
        reached = max(reached, bottom)
    assert max(gaps) <= 8, gaps
    label = row.locator("[data-label]").first
    if "risk" not in columns:
        words = label.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert words == ('"Last order"' if "last" in columns else '"Tags"')


def test_the_bar_for_many_stands_on_two_rows_of_a_phone(open_page, manager, people):
    page = open_page("/customers/", user=manager, width=390)
    page.check(f"#pick-{people[0].pk}")
    tops = {round(b.bounding_box()["y"]) for b in page.locator("#bulk .btn").all()}
    assert len(tops) == 1


def test_the_team_of_a_view_is_asked_for_only_where_a_team_sees_it(open_page, owner, people):
    page = open_page("/customers/views/new/?risk=high", user=owner)
    expect(page.locator("#view-team")).to_be_hidden()
    page.select_option("#view-audience", "team")
    expect(page.locator("#view-team")).to_be_visible()


def test_no_word_of_the_buttons_of_a_customer_is_cut_on_a_phone(open_page, owner, people):
    people[0].phone, people[0].email = "+46 31 555", "no@example.com"
    people[0].save()
    page = open_page(people[0].get_absolute_url(), user=owner, width=390)
    for button in page.locator(".c-head .btn").all():
        assert button.evaluate("node => node.scrollWidth <= node.clientWidth"), button.inner_text()
