"""A cell of the customers' list is edited where it stands, with hands on the keyboard or on the mouse."""

import os

import pytest
from playwright.sync_api import expect

from customers.models import CustomAttribute, Customer, Tag
from tests.customers.pages import history, score

pytestmark = pytest.mark.slow

PAGE = "/customers/?columns=name,seg,phone,lifecycle,value,own,attr.tier"
TAGGED = "/customers/?columns=name,tags,seg,phone"


@pytest.fixture
def people(make_customer, owner, team):
    CustomAttribute.objects.create(name="tier", label="Tier", type="choice", choices="Gold\nSilver")
    names = ("Ada", "Bea", "Cleo")
    made = [make_customer(name, owner=owner, team=team, phone="+49 1") for name in names]
    for at, one in enumerate(made):
        history(one, orders=3 - at, talks=1, visits=1, tasks=0)
        score(one)
    return made


def cell(page, customer, column):
    return page.locator(f"#c{customer.pk}-{column}")


def field(page):
    return page.locator("[data-cell-form] .c-field")


def test_the_keyboard_goes_to_a_cell_edits_it_and_stays_there(open_page, manager, people):
    page = open_page(PAGE, user=manager)
    first, second = people[:2]
    page.locator(f"#c{first.pk} .c-who").focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, first, "phone")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, second, "phone")).to_be_focused()
    page.keyboard.press("F2")
    expect(field(page)).to_be_focused()
    page.keyboard.type("+46 31")
    page.keyboard.press("Escape")
    expect(cell(page, second, "phone")).to_be_focused()
    expect(cell(page, second, "phone")).to_contain_text("+49 1")
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    page.keyboard.type("+46 31")
    page.keyboard.press("Enter")
    expect(cell(page, second, "phone")).to_be_focused()
    expect(cell(page, second, "phone")).to_contain_text("+46 31")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    field(page).select_option("lead")
    page.keyboard.press("Enter")
    expect(cell(page, second, "lifecycle")).to_be_focused()
    expect(cell(page, second, "lifecycle")).to_contain_text("Lead")
    second.refresh_from_db()
    assert (second.phone, second.lifecycle) == ("+46 31", "lead")


def test_a_double_click_opens_one_cell_at_a_time_and_undo_takes_it_back(open_page, owner, people):
    page = open_page(PAGE, user=owner)
    first, second = people[:2]
    page.check(f"#pick-{first.pk}")
    cell(page, first, "attr-tier").dblclick()
    expect(field(page)).to_be_focused()
    cell(page, second, "phone").dblclick()
    expect(page.locator(f"#cell{second.pk}-phone")).to_be_focused()
    expect(page.locator("[data-cell-form]")).to_have_count(1)
    field(page).fill("x" * 41)
    cell(page, first, "phone").dblclick()
    expect(page.locator(f"#cell{second.pk}-phone")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-cell-form] .c-error")).to_contain_text("too long")
    expect(field(page)).to_be_focused()
    open_page.complaints.clear()  # the browser writes the 422 down
    field(page).fill("+1 555")
    page.click("[data-cell-form] .btn-primary")
    expect(cell(page, second, "phone")).to_contain_text("+1 555")
    expect(page.locator(f"#pick-{first.pk}")).to_be_checked()
    page.evaluate("window.stays = true")
    page.locator("#toasts").get_by_text("Undo").click()
    expect(cell(page, second, "phone")).to_contain_text("+49 1", timeout=15_000)
    expect(page.locator("#toasts")).to_contain_text("Undone")
    assert page.evaluate("window.stays")


def test_what_is_changed_by_two_is_told_and_theirs_can_be_taken(open_page, owner, manager, people):
    page = open_page(PAGE, user=owner)
    cell(page, people[0], "phone").dblclick()
    field(page).fill("+1 555")
    people[0].phone = "+47 2"
    people[0].save()
    page.keyboard.press("Enter")
    expect(page.locator("[data-cell-form] .c-error")).to_contain_text("changed to “+47 2”")
    open_page.complaints.clear()  # the browser writes the 422 down
    page.get_by_role("button", name="Take theirs").click()
    expect(field(page)).to_have_value("+47 2")
    page.keyboard.press("Enter")
    expect(cell(page, people[0], "phone")).to_be_focused()
    assert Customer.objects.get(pk=people[0].pk).phone == "+47 2"


@pytest.mark.parametrize(
    ("width", "theme", "language"), [(1440, "light", "en"), (390, "dark", "zh-hans")]
)
def test_nothing_runs_off_with_an_open_cell(open_page, manager, people, width, theme, language):
    from tests.browser.test_every_page_is_usable import violations

    manager.language, manager.theme = language, theme
    manager.save()
    page = open_page(PAGE, user=manager, width=width, theme=theme, language=language)
    cell(page, people[0], "attr-tier").locator("[data-opens-cell]").dispatch_event("click")
    field(page).wait_for()
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/cells-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_undo_shows_the_list_as_it_is_narrowed_by_then(open_page, owner, people):
    page = open_page(PAGE, user=owner)
    page.fill("#search", "Bea")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    cell(page, people[1], "phone").dblclick()
    field(page).fill("+1 555")
    page.keyboard.press("Enter")
    expect(cell(page, people[1], "phone")).to_contain_text("+1 555")
    page.locator("#toasts").get_by_text("Undo").click()
    expect(cell(page, people[1], "phone")).to_contain_text("+49 1", timeout=15_000)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    assert "q=Bea" in page.url


def test_the_name_is_a_link_still_and_is_edited_by_its_key_or_pencil(open_page, owner, people):
    page = open_page(PAGE, user=owner)
    first, second = people[:2]
    page.locator(f"#c{first.pk} .c-who").focus()
    page.keyboard.press("ArrowDown")
    link = page.locator(f"#c{second.pk} .c-who")
    expect(link).to_be_focused()
    page.keyboard.press("F2")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.keyboard.press("F2")
    expect(field(page)).to_be_focused()
    page.keyboard.type("Beatrice")
    page.keyboard.press("Enter")
    expect(link).to_be_focused()
    expect(link).to_contain_text("Beatrice")
    page.keyboard.press("ArrowRight")
    expect(cell(page, second, "phone")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(link).to_be_focused()
    cell(page, first, "name").hover()
    cell(page, first, "name").locator("[data-opens-cell]").click()
    expect(field(page)).to_have_value("Ada")
    page.keyboard.press("Escape")
    page.locator("#toasts").get_by_text("Undo").click()
    expect(link).to_contain_text("Bea", timeout=15_000)
    expect(link).not_to_contain_text("Beatrice")
    link.click()
    page.wait_for_url(f"**{second.get_absolute_url()}?in=**")


@pytest.mark.parametrize("count", [3, 12])
def test_tags_are_ticked_by_keyboard_alone(open_page, owner, people, count):
    tags = [Tag.objects.create(name=f"Tag {n:02}") for n in range(count)]
    people[0].tags.add(tags[0])
    page = open_page(TAGGED, user=owner)
    place, form = cell(page, people[0], "tags"), page.locator("[data-cell-form]")
    page.locator(f"#c{people[0].pk} .c-who").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    if count == 3:
        expect(form.locator("input[type=checkbox]").first).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    else:
        expect(form.locator("[data-find]")).to_be_focused()
        page.keyboard.type("01")
        page.keyboard.press("Enter")
        page.keyboard.type("02")
        page.keyboard.press("ArrowDown")
        expect(form.get_by_label("Tag 02")).to_be_focused()
    page.keyboard.press("Space")
    # What is ticked is not lost to another cell.
    cell(page, people[1], "phone").dblclick()
    expect(form).to_have_count(1)
    expect(form.locator("input:checked")).to_have_count(3)
    form.get_by_label("Tag 02").focus()
    page.keyboard.press("Enter")
    expect(place).to_be_focused()
    expect(place.locator(".c-chip")).to_have_text(["Tag 00", "Tag 01", "Tag 02"])
    page.keyboard.press("F2")
    expect(form).to_have_count(1)
    page.keyboard.press("Escape")
    expect(place).to_be_focused()
    page.locator("#toasts").get_by_text("Undo").click()
    expect(place.locator(".c-chip")).to_have_text(["Tag 00"], timeout=15_000)


def test_tags_another_has_changed_meanwhile_are_merged(open_page, owner, people):
    fair, press, vip = (Tag.objects.create(name=name) for name in ("Fair", "Press", "VIP"))
    people[0].tags.add(fair)
    page = open_page(TAGGED, user=owner)
    cell(page, people[0], "tags").dblclick()
    page.locator("[data-cell-form]").get_by_label("VIP").check()
    people[0].tags.set([press])
    page.locator("[data-cell-form] .btn-primary").click()
    chips = cell(page, people[0], "tags").locator(".c-chip")
    expect(chips).to_have_text(["Press", "VIP"])


@pytest.mark.parametrize(
    ("width", "theme", "column"),
    [(1440, "dark", "tags"), (390, "light", "tags"), (390, "light", "name")],
)
def test_nothing_runs_off_with_a_name_or_tags_open(open_page, owner, people, width, theme, column):
    from tests.browser.test_every_page_is_usable import violations

    for n in range(30):
        Tag.objects.create(name=f"A tag with a rather long name {n}")
    owner.theme = theme
    owner.save()
    page = open_page(TAGGED, user=owner, width=width, theme=theme)
    row = people[0] if width < 500 else people[-1]
    cell(page, row, column).locator("[data-opens-cell]").dispatch_event("click")
    page.locator("[data-cell-form] [data-leaves]").click(trial=True)  # nothing lies over it
    if column == "tags":
        assert page.locator("[data-find]").bounding_box()["height"] >= 32
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/cells-{column}-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


@pytest.mark.parametrize(("width", "column"), [(1280, "own"), (1440, "own"), (1440, "name")])
def test_a_form_wider_than_its_cell_stays_inside_the_window(
    open_page, manager, people, width, column
):
    page = open_page("/customers/", user=manager, width=width)
    cell(page, people[0], column).locator("[data-opens-cell]").dispatch_event("click")
    form = page.locator("[data-cell-form]")
    form.wait_for()
    box = form.bounding_box()
    assert box["x"] >= 224 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
