"""API access in a browser: a token made, copied, revoked and taken back by keyboard, at both widths."""

import os
import re

import pytest
from playwright.sync_api import expect

from customers.models import ApiToken
from tests.browser.test_every_page_is_usable import violations

pytestmark = pytest.mark.slow

MODES = [(1440, "light", "en"), (390, "dark", "zh-hans")]


def shot(page, name: str) -> None:
    if "SHOTS" in os.environ:
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "theme", "language"), MODES)
def test_a_token_is_made_copied_revoked_and_taken_back(
    open_page, admin, owner, width, theme, language
):
    admin.language, admin.theme = language, theme
    admin.save()
    ApiToken.objects.issue(owner, "Night job of the data team", ["read", "ingest"])
    page = open_page("/settings/access/", admin, width, theme=theme, language=language)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shot(page, f"access-empty-{width}")
    page.focus("#token-name")
    page.keyboard.press("Enter")
    expect(page.locator("#token-name")).to_be_focused()
    expect(page.locator("#token-name_error")).to_be_visible()
    assert violations(page) == []
    open_page.complaints.clear()  # the browser writes the refusal down
    page.keyboard.type("Web shop")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    copy = page.locator("#new-token [data-copies]")
    expect(copy).to_be_focused()
    assert ApiToken.objects.filter(user=admin).get().scopes == ["read", "write"]
    page.keyboard.press("Enter")
    expect(copy).to_have_text(re.compile("Copied|已复制"))
    secret = page.evaluate("navigator.clipboard.readText()")
    assert ApiToken.objects.of_secret(secret).user == admin
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"access-made-{width}")
    page.locator("#tokens section").first.locator("[data-opens]").click()
    page.locator("dialog[open]").wait_for()
    assert violations(page) == []
    shot(page, f"access-revoke-{width}")
    page.locator("dialog[open] .c-danger").click()
    expect(page.locator("#tokens-title")).to_be_focused()
    assert ApiToken.objects.of_secret(secret).revoked_at
    page.locator("#toasts form button").click()
    expect(page.locator("#tokens section").first.locator("li")).to_have_count(1)
    assert ApiToken.objects.of_secret(secret).is_living


def test_nothing_runs_off_at_the_narrowest_width(open_page, owner):
    ApiToken.objects.issue(owner, "x" * 100, ["read", "write", "ingest"])
    page = open_page("/settings/access/", owner, 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
