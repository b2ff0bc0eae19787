"""A real Chromium in front of a real server; each page must end without an error in its console."""

import os
import threading
from pathlib import Path
from time import monotonic

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from crm.setup import browser as chromium

# Playwright keeps an event loop in this thread, and Django would refuse to query beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SWITCHES = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser():
    # Chromium's own sandbox does not work for root, which is what containers and CI often are.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium.find(), args=[*SWITCHES, *as_root]
        )
        yield running
        running.close()


@pytest.fixture
def open_page(browser, live_server, client):
    """``open_page("/customers/", user=owner, width=390, theme="dark", language="zh-hans")``"""
    contexts, complaints = [], []

    def open_page(path="/", user=None, width=1440, height=900, theme="light", language="en"):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale={"en": "en-GB", "zh-hans": "zh-CN"}[language],
            reduced_motion="reduce",
        )
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user:
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies["sessionid"].value
        context.add_cookies(
            [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type == "error"
                else None
            ),
        )
        page.on(
            "response",
            lambda answer: (
                complaints.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
            ),
        )
        page.goto(path)
        return page

    open_page.complaints = complaints
    yield open_page
    for context in contexts:
        context.close()
    wait_until_all_is_answered()
    assert complaints == []


def wait_until_all_is_answered(seconds=20):
    """A page that is closed leaves its last requests running in the server; what they hold in the database would
    meet the emptying of its tables, and the next test would find the rows of this one."""
    end = monotonic() + seconds
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(max(0, end - monotonic()))
