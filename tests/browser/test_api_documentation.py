"""The API's page in a browser: its script runs under the policy of all pages, and asks no other host."""

import os

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_shows_the_api_and_asks_nobody_else(open_page, owner, width):
    page = open_page("/api/v1/docs/", owner, width)
    operation = page.locator("#operations-orders-orders_create")
    expect(operation).to_be_visible(timeout=60_000)
    operation.locator("button").first.click()
    expect(operation.locator(".opblock-body")).to_contain_text("A return", timeout=30_000)
    asked = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    hosts = {url.split("/")[2] for url in asked if url.startswith("http")}
    assert hosts == {page.url.split("/")[2]}
    if "SHOTS" in os.environ:
        page.screenshot(path=f"{os.environ['SHOTS']}/api-docs-{width}.png")
