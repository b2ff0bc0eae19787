"""Topics on the voice page and on their own, in both themes, languages and widths: no violation, nothing sideways."""

import pytest

from customers.models import CustomerScore
from insights.models import Topic
from insights.requesting import request_topics
from insights.topics import search
from tests.browser.test_every_page_is_usable import WIDTHS, in_every_mode, violations
from tests.insights.test_topics import write
from tests.ml.voice.talk import MATTERS, PLANTED

pytestmark = pytest.mark.slow

PAGES = ["/voice/", "TOPIC"]


@pytest.fixture
def heard(make_customer, owner, team):
    people = [make_customer(f"Person {i}", owner=owner, team=team) for i in range(12)]
    for one in people:
        CustomerScore.objects.create(customer=one, churn_risk=0.4, expected_value=900)
    for seed, (intent, parts) in enumerate(MATTERS.items()):
        write(people, 40, 300, parts, intent, seed)
    write(people, 14, 2.5, PLANTED, "damaged", 9)
    request_topics()
    assert search()
    return Topic.objects.get(emerged=True)


def address(path, heard):
    return f"/voice/topics/{heard.number}/" if path == "TOPIC" else path


def shown(page, path):
    page.locator(".c-topic-quote" if path == "/voice/" else ".c-topic-weeks").first.wait_for()


@pytest.mark.parametrize(("path", "width", "theme", "language"), in_every_mode(PAGES))
def test_axe_finds_no_violation(open_page, admin, heard, path, width, theme, language):
    admin.language, admin.theme = language, theme
    admin.save()
    page = open_page(address(path, heard), user=admin, width=width, theme=theme, language=language)
    shown(page, path)
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_sideways_at_any_width(open_page, admin, heard, path):
    page = open_page(address(path, heard), user=admin)
    shown(page, path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_topic_is_renamed_and_taken_back(open_page, admin, heard):
    page = open_page(address("TOPIC", heard), user=admin)
    page.locator(".c-rename summary").click()
    page.locator("#topic-name").fill("Cracked lids")
    page.locator(".c-rename button").click()
    page.locator("h1", has_text="Cracked lids").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.locator("h1", has_text="hot steam").wait_for()
    heard.refresh_from_db()
    assert heard.name == ""
