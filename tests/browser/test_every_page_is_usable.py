"""Every page, both widths, themes and languages: no accessibility violation, nothing cut off, nothing sideways."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.customers.pages import history, score

AXE = Path(settings.BASE_DIR, "node_modules", "axe-core", "axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = [320, 360, 390, 480, 640, 768, 820, 1023, 1024, 1280, 1440, 1680, 1920]
PAGES = [
    "/", "/customers/", "/customers/?risk=high&segment=at_risk&q=lind", "CUSTOMER", "/customers/new/",
    "/customers/views/new/?where=all(risk:gte:60)",
    "/orders/?kind=sale&q=marta", "/interactions/?q=message&days=30",
    "/settings/", "/settings/access/", "/profile/password/", "/system/", "/nothing/",
]  # fmt: skip
MODES = [
    (1440, "light", "en"),
    (390, "dark", "zh-hans"),
    (1440, "dark", "zh-hans"),
    (390, "light", "en"),
]


def in_every_mode(pages) -> list:
    """Every page in each mode: every day in one of the two that differ most, by turns; the rest with the slow tests."""
    return [
        pytest.param(path, *mode, marks=[pytest.mark.slow] * (MODES.index(mode) != turn % 2))
        for turn, path in enumerate(pages)
        for mode in MODES
    ]


@pytest.fixture
def company(customer, make_customer, owner, team):
    history(customer)
    score(customer)
    for i in range(12):
        other = make_customer(f"Somebody with a rather long name {i}", owner=owner, team=team)
        history(other, orders=1, talks=1, visits=1, tasks=1)
        if i % 2:
            score(other, risk=0.3 + 0.05 * i)
    return customer


def violations(page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """rules => axe.run(document, {runOnly: rules}).then(result => result.violations.flatMap(
            v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`)))""",
        RULES,
    )
    return found


def address(path, customer) -> str:
    return customer.get_absolute_url() if path == "CUSTOMER" else path


@pytest.mark.parametrize(("path", "width", "theme", "language"), in_every_mode(PAGES))
def test_axe_finds_no_violation(open_page, admin, company, path, width, theme, language):
    admin.language, admin.theme = language, theme
    admin.save()
    page = open_page(
        address(path, company), user=admin, width=width, theme=theme, language=language
    )
    page.wait_for_load_state("load")
    assert page.get_attribute("html", "data-bs-theme") == theme
    assert page.locator("h1").count() == 1
    assert violations(page) == []
    if path == "/nothing/":
        open_page.complaints.clear()  # the browser writes the 404 down


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES[:-1])
def test_nothing_runs_off_sideways_at_any_width(open_page, admin, company, path):
    page = open_page(address(path, company), user=admin)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_the_door_and_open_forms_have_no_violation_either(open_page, owner, company):
    page = open_page("/login/")
    assert violations(page) == []
    page = open_page(company.get_absolute_url(), user=owner, width=390)
    page.click("#task-open")
    page.locator("#task-title").wait_for()
    page.click("#details-edit")
    page.locator("#details-name").wait_for()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


FILTER = "where=all(risk:gte:20,any(segment:in:at_risk~lost,last_order:last:90,orders_in:gte:1~90))"


@pytest.mark.parametrize(("width", "theme", "language"), [MODES[0], MODES[1]])
def test_the_open_builder_and_chooser_have_no_violation_either(
    open_page, admin, company, width, theme, language
):
    admin.language, admin.theme = language, theme
    admin.save()
    address = f"/customers/?{FILTER}"
    page = open_page(address, user=admin, width=width, theme=theme, language=language)
    page.click("#more-filters-button")
    page.click("#v-r-1-0")
    page.locator("#p-r-1-0 .c-pick-panel").wait_for()
    assert violations(page) == []
    for narrow in (width, 320):
        page.set_viewport_size({"width": narrow, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= narrow
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/customers/?{FILTER}")
    page.click("#columns-button")
    page.locator(".c-columns-panel").wait_for()
    assert violations(page) == []


def test_the_first_stop_of_the_tab_key_is_the_way_past_the_navigation(open_page, owner, company):
    page = open_page("/customers/", user=owner)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "c-skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
