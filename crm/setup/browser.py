"""A Chromium for the tests that drive a real browser."""

import os
import shutil
import subprocess
import sys

from crm.setup.steps import Stop, step, works

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str:
    """Path of a browser: CHROMIUM, the machine's own, or Playwright's, fetched if need be."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not works(named, "--version"):
            raise Stop(f"CHROMIUM names a program that does not run: {named}")
        return named
    for name in NAMES:
        found = shutil.which(name)
        if found and works(found, "--version"):
            return found
    return playwrights_own()


def playwrights_own() -> str:
    path = ask_playwright()
    if not works(path, "--version"):
        with step("Fetching a browser, because no Chromium was found"):
            subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not works(path, "--version"):
        raise Stop(
            "The tests drive a real browser and none could be found or fetched. Install Chromium,\n"
            "or name one: make test CHROMIUM=/path/to/chrome, or leave those tests out: "
            "make test BROWSER=no"
        )
    return path


def ask_playwright() -> str:
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    return result.stdout.strip()
