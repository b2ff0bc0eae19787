"""Finding a customer, looking at it, writing things down: with hands on the keyboard and eyes on the page."""

import pytest
from playwright.sync_api import expect

from customers.models import Customer, CustomerScore, Interaction, Task
from tests.customers.pages import history, score


@pytest.fixture
def people(make_customer, owner, team):
    made = [
        make_customer(f"Customer {i:02}", owner=owner, team=team, city="Lyon") for i in range(30)
    ]
    for i, customer in enumerate(made):
        score(customer, risk=0.95 - i / 100)
    return made


def wait_for_cursor(page, field: str) -> None:
    for _ in range(50):
        if page.evaluate("document.activeElement.id") == field:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"The cursor is not in {field}.")


def rows(page):
    return page.locator("tr[data-row]")


def test_a_search_narrows_the_list_as_one_types_and_lives_in_the_address(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    page.keyboard.press("/")
    page.keyboard.type("customer 0", delay=30)
    page.wait_for_url("**/customers/?q=customer+0")
    assert rows(page).count() == 10
    assert page.evaluate("document.activeElement.id") == "search"
    assert page.input_value("#search") == "customer 0"


@pytest.mark.slow
def test_nothing_is_searched_while_chinese_is_being_composed(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    page.evaluate(
        """() => document.body.dispatchEvent(
            new KeyboardEvent('keydown', {key: '/', isComposing: true, bubbles: true}))"""
    )
    assert page.evaluate("document.activeElement.id") != "search"


@pytest.mark.slow
def test_the_back_button_brings_the_filters_before_back(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    page.click("#more-filters-button")
    page.click("#add-r")
    page.select_option("#f-r-0", "risk")
    page.fill("#v-r-0-0", "89.5")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/?where=all(risk:gte:89.5)")
    expect(page.locator(".c-filter-chip")).to_contain_text("Churn risk at least 89.5%")
    expect(rows(page)).to_have_count(6)
    page.select_option("#o-r-0", "lt")
    page.wait_for_url("**/customers/?where=all(risk:lt:89.5)")
    page.go_back()
    page.wait_for_url("**/customers/?where=all(risk:gte:89.5)")
    expect(rows(page)).to_have_count(6)
    assert page.input_value("#o-r-0") == "gte"


def test_a_filter_is_put_together_by_keyboard_and_the_cursor_goes_along(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    page.locator("#more-filters-button").focus()
    page.keyboard.press("Enter")
    page.locator("#add-r").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#f-r-0")).to_be_focused(timeout=15_000)
    page.select_option("#f-r-0", "city")
    page.locator("#v-r-0-0").focus()
    page.keyboard.type("Lyon")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/?where=all(city:has:Lyon)")
    page.locator("#group-r").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#f-r-1-0")).to_be_focused(timeout=15_000)
    page.select_option("#f-r-1-0", "segment")
    page.locator("#v-r-1-0").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_url("**segment:in:champions**")
    expect(page.locator("#p-r-1-0")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator("#v-r-1-0")).to_be_focused()
    said = "City contains “Lyon” and Segment is Champions"
    expect(page.locator("#builder-said")).to_contain_text(said, timeout=15_000)
    page.locator("#drop-r-1").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/?where=all(city:has:Lyon)")
    page.keyboard.press("Escape")
    expect(page.locator("#builder")).to_be_hidden()


@pytest.mark.slow
def test_columns_move_by_keyboard_and_a_view_is_kept_and_deleted(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    page.click("#columns-button")
    page.locator("#up-risk").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**columns=name,risk,seg,**")
    page.click("#out-seg")
    page.wait_for_url("**columns=name,risk,value,**")
    page.keyboard.press("Escape")
    page.click("#view-save-as")
    page.fill("#view-name", "By risk")
    page.click("main button.btn-primary")
    page.wait_for_url("**/customers/views/*/")
    expect(page.locator("#views [aria-current]")).to_contain_text("By risk")
    expect(page.locator("th.c-col-seg")).to_have_count(0)
    page.get_by_role("button", name="Delete").click()
    page.locator("#toasts", has_text="View “By risk” deleted").wait_for()
    page.click("#toasts >> text=Undo")
    expect(page.locator("#views")).to_contain_text("By risk", timeout=15_000)


@pytest.mark.slow
def test_back_from_a_customer_shows_the_whole_page_of_what_was_searched(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    everyone = rows(page).count()
    page.fill("#search", rows(page).first.locator(".c-who .c-medium").inner_text())
    page.wait_for_url("**/customers/?q=*")
    rows(page).first.locator("a").click()
    page.wait_for_selector("#scores")
    page.go_back()
    page.wait_for_url("**/customers/?q=*")
    assert page.locator("h1").is_visible()
    page.fill("#search", "")
    page.wait_for_url("**/customers/")
    expect(rows(page)).to_have_count(everyone)


@pytest.mark.slow
def test_pages_turn_in_both_directions_and_the_keyboard_walks_the_rows(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    first = rows(page).first.inner_text()
    page.click("#page-after")
    page.wait_for_url("**after=**")
    page.locator("#page-before").wait_for()
    assert rows(page).count() == 5
    page.click("#page-before")
    page.wait_for_url("**before=**")
    page.locator("#page-after").wait_for()
    assert rows(page).first.inner_text() == first
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{people[1].get_absolute_url()}?in=**")


def test_single_keys_lead_to_pages_and_show_their_help(open_page, admin, customer):
    page = open_page("/", user=admin)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/customers/")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/segments/")


@pytest.mark.slow
def test_single_keys_can_be_switched_off_and_search_is_still_a_key_away(open_page, owner, customer):
    page = open_page(f"/customers/{customer.pk}/", user=owner)
    page.keyboard.press("t")
    title = page.locator("#task-slot input[name=title]")
    expect(title).to_be_focused()
    page.keyboard.press("Escape")
    expect(title).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_label("Single keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("t")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-field")).to_be_focused()
    expect(title).to_have_count(0)


def test_a_note_is_written_in_place_and_taken_back(open_page, owner, customer):
    history(customer)
    page = open_page(customer.get_absolute_url(), user=owner)
    page.keyboard.press("n")
    page.keyboard.type("Opens a second shop")
    page.click("#talk-save")
    page.locator("#timeline-items", has_text="Opens a second shop").wait_for()
    assert page.input_value("#talk-text") == ""
    page.click("#toasts >> text=Undo")
    page.locator("#toasts", has_text="Undone").wait_for()
    expect(page.locator("#timeline-items")).not_to_contain_text("second shop")
    assert not Interaction.objects.filter(text__contains="second").exists()


@pytest.mark.slow
def test_an_empty_note_is_answered_beside_the_field(open_page, owner, customer):
    page = open_page(customer.get_absolute_url(), user=owner)
    page.click("#talk-save")
    page.locator("#talk-text_error").wait_for()
    assert page.get_attribute("#talk-text", "aria-invalid") == "true"
    # The browser itself writes refused requests down.
    assert all("422" in complaint for complaint in open_page.complaints)
    open_page.complaints.clear()


def test_a_task_is_added_by_keyboard_and_done_by_its_box(open_page, owner, customer):
    page = open_page(customer.get_absolute_url(), user=owner)
    page.keyboard.press("t")
    page.locator("#task-title").wait_for()
    wait_for_cursor(page, "task-title")
    page.keyboard.type("Send samples")
    page.keyboard.press("Enter")
    page.locator("#tasks .c-task", has_text="Send samples").wait_for()
    assert page.locator("#task-slot form").count() == 0
    page.click("#tasks .c-tick")
    page.locator("#timeline-items", has_text="Task done: Send samples").wait_for()
    assert Task.objects.get().done_at


def test_a_new_score_appears_on_the_open_page_and_the_writer_keeps_the_cursor(
    open_page, owner, customer
):
    history(customer)
    score(customer, 0.42)
    page = open_page(customer.get_absolute_url(), user=owner)
    assert "42%" in page.inner_text("#scores")
    page.click("#talk-text")
    page.keyboard.type("Half a sent")
    customer.save()
    CustomerScore.objects.filter(customer=customer).update(churn_risk=0.81)
    page.locator("#scores", has_text="81%").wait_for(timeout=10_000)
    page.keyboard.type("ence")
    assert page.input_value("#talk-text") == "Half a sentence"


@pytest.mark.slow
def test_the_theme_switch_holds_after_a_reload_without_a_flash_of_the_other(open_page, owner):
    page = open_page("/", user=owner)
    with page.expect_response("**/preferences/theme/"):
        page.click(".c-side [data-theme-switch]")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.reload(wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_an_error_of_the_server_is_said_and_nothing_is_swapped(open_page, owner, customer):
    page = open_page(customer.get_absolute_url(), user=owner)
    page.route("**/tasks/", lambda route: route.fulfill(status=503, body="<h1>down</h1>"))
    page.click("#task-open")
    page.locator("#toasts [role=alert]", has_text="Something went wrong on the server").wait_for()
    assert page.locator("#task-slot").inner_text() == ""
    open_page.complaints.clear()


def test_a_button_pressed_twice_writes_one_note_and_adds_one_customer(open_page, owner, people):
    press_twice = "button => { button.click(); button.click(); }"
    page = open_page(people[0].get_absolute_url(), user=owner)
    page.fill("#talk-text", "Rang twice")
    page.locator("#talk-save").evaluate(press_twice)
    expect(page.locator("#talk-text")).to_have_value("")
    page.goto(page.url)
    assert page.locator("#timeline-list").inner_text().count("Rang twice") == 1
    page.goto(page.url.split("/customers/")[0] + "/customers/new/")
    page.fill("[name=name]", "Added Twice")
    page.locator("main form button.btn-primary").evaluate(press_twice)
    page.wait_for_selector("#scores")
    assert Customer.objects.filter(name="Added Twice").count() == 1


def test_by_keyboard_one_task_after_the_other_is_ticked(open_page, owner, customer):
    for title in ("First", "Second", "Third"):
        Task.objects.create(customer=customer, title=title, assignee=owner)
    page = open_page(customer.get_absolute_url(), user=owner)
    page.locator("#tasks .c-tick").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tasks .c-task")).to_have_count(2)
    expect(page.get_by_role("button", name="Done: Third")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Done: First")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#task-open")).to_be_focused()
    assert not Task.objects.open().exists()


@pytest.mark.slow
def test_a_long_paste_is_kept_whole_and_counted(open_page, owner, customer):
    page = open_page(customer.get_absolute_url(), user=owner)
    page.fill("#talk-text", "x" * 9_500)
    expect(page.locator("#talk-text_length")).to_have_text("9,500 of 10,000 characters")
    page.fill("#talk-text", "x" * 20_000)
    expect(page.locator("#talk-text_length")).to_have_text("20,000 characters, 10,000 too many")
    page.click("#talk-save")
    expect(page.locator("#talk-text_error")).to_contain_text("too long")
    assert page.input_value("#talk-text") == "x" * 20_000
    open_page.complaints.clear()  # the browser writes refused requests down


def test_on_a_phone_the_list_is_sorted_in_its_filters(open_page, owner, people):
    page = open_page("/customers/", user=owner, width=390, height=844)
    page.get_by_text("Filter and sort").click()
    page.select_option("#sort", label="Churn risk, lowest first")
    page.wait_for_url("**/customers/?sort=risk")
    expect(rows(page).first).to_contain_text("Customer 29")
    page.select_option("#sort", label="Value so far, highest first")
    page.wait_for_url("**/customers/")
    assert page.locator("#sort-risk").is_hidden()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "most"), [(1440, 3), (390, 1)])
def test_toasts_never_pile_up_over_what_one_works_at(open_page, owner, customer, width, most):
    page = open_page(customer.get_absolute_url(), user=owner, width=width, height=844)
    for i in range(5):
        page.fill("#talk-text", f"Note {i}")
        page.click("#talk-save")
        expect(page.locator("#timeline-items")).to_contain_text(f"Note {i}")
    expect(page.locator(".c-toast")).to_have_count(most)
    toasts, form = (page.locator(which).bounding_box() for which in ("#toasts", "#talk-form"))
    if width == 390:
        assert (
            toasts["y"] + toasts["height"] < form["y"] or toasts["y"] > form["y"] + form["height"]
        )


@pytest.mark.slow
def test_a_rename_reaches_the_trail_and_the_title_of_the_window(open_page, owner, customer):
    page = open_page(customer.get_absolute_url(), user=owner)
    page.click("#details-edit")
    page.fill("#details-name", "Marta Berg")
    page.locator("#details button.btn-primary").click()
    expect(page.locator("h1")).to_have_text("Marta Berg")
    expect(page.locator(".c-crumb")).to_contain_text("Marta Berg")
    expect(page).to_have_title("Marta Berg · Perennial")


def test_an_unfinished_condition_is_marked_and_the_filter_stays_open(open_page, owner, people):
    page = open_page("/customers/", user=owner)
    page.click("#more-filters-button")
    page.click("#add-r")
    expect(page.locator("#row-r-0")).to_be_visible()
    expect(page.locator("#u-r-0")).to_be_hidden()
    page.click("#builder [data-closes]")
    expect(page.locator("#u-r-0")).to_contain_text("Choose a field")
    page.select_option("#f-r-0", "risk")
    page.locator("#v-r-0-0").wait_for()
    page.click("h1")
    expect(page.locator("#u-r-0")).to_contain_text("A value is missing")
    assert page.evaluate("document.activeElement.id") == "v-r-0-0"
    page.fill("#v-r-0-0", "89.5")
    page.click("#builder [data-closes]")
    expect(page.locator("#builder")).to_be_hidden()
    expect(rows(page)).to_have_count(6)


def test_a_value_that_is_none_brings_the_filter_back_with_what_was_typed(open_page, owner, people):
    page = open_page("/customers/?where=all(risk:gte:5)", user=owner)
    page.click("#more-filters-button")
    for wrong, said in (("many", "“many” is no number"), ("160", "lies between 0 and 100")):
        page.fill("#v-r-0-0", wrong)
        page.click("#builder [data-closes]")
        expect(page.locator("#e-r-0")).to_contain_text(said)
        expect(page.locator("#e-r-0")).to_be_visible()
        expect(page.locator("#v-r-0-0")).to_be_focused()
        assert page.input_value("#v-r-0-0") == wrong
        page.click("#builder [data-closes]")
        expect(page.locator("#e-r-0")).to_be_visible()
    page.fill("#v-r-0-0", "89.5")
    page.click("#builder [data-closes]")
    expect(page.locator("#builder")).to_be_hidden()
    expect(rows(page)).to_have_count(6)
    page.wait_for_url("**/customers/?where=all(risk:gte:89.5)")
    expect(page.locator("#builder")).to_be_hidden()


def test_who_gets_customers_is_said_before_they_are_handed_over(
    open_page, manager, owner, teammate, people
):
    page = open_page(
        f"/customers/bulk/?do=assign&id={people[0].pk}&id={people[1].pk}", user=manager
    )
    expect(page.locator("#handovers")).to_contain_text("owner: 2")
    page.select_option("#bulk-owner", str(teammate.pk))
    expect(page.locator("#handovers")).to_contain_text("owner → teammate: 2")
