"""The first page anybody sees."""

import pytest


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_login_page_fits_and_its_style_sheets_and_icons_arrive(open_page, width, language):
    page = open_page("/login/", width=width, language=language)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.fonts.check('14px \"Inter Variable\"')")
    assert page.evaluate("htmx.version").startswith("4.")


def test_a_user_signs_in_with_name_and_password(open_page, owner):
    page = open_page("/login/")
    page.fill("[name=username]", "owner")
    page.fill("[name=password]", "a-long-password")
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    assert page.locator("main h1").count() == 1
