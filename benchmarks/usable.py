"""What a person waits for: list, customer page and home in a real Chromium, on the loopback.

make bench NAME=usable ARGS='--customers 100000 --keep hundred'

`first` is a visit with an empty cache, `again` one that finds style sheets and scripts there. `requests` and
`kilobytes` are what went over the line, headers included; `usable_ms` is the time from asking until the page can be
read and every script has taken its keys and buttons over (DOMContentLoaded: all scripts are deferred), `settled_ms`
until what is fetched afterwards stands there too (500 ms without a request).
"""

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.common import arguments, command, company, finish, say, throwaway, with_company
from benchmarks.pages import train
from benchmarks.web import web_processes

WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}
TIMES = (
    "const [it] = performance.getEntriesByType('navigation'); return it.domContentLoadedEventEnd"
)


def main() -> None:
    parser = with_company(arguments((__doc__ or "").splitlines()[0]), 20_000)
    parser.add_argument("--rounds", type=int, default=9, help="figures are medians of so many")
    options = parser.parse_args()
    with throwaway(options.engine, options.keep) as folder:
        company(folder, options)
        train()
        command("the style sheets and scripts", "collectstatic", "--noinput", "--verbosity", "0")
        cookie, paths = reader()
        with web_processes(WEB_CONCURRENCY="2") as web, chromium() as browser:
            rows = [
                look(browser, f"http://localhost:{web.port}", cookie, name, path, screen, options)
                for name, path in paths.items()
                for screen in WIDTHS
            ]
    figures = {"engine": options.engine, "customers": options.customers, "rounds": options.rounds}
    finish("usable", figures, rows)


def reader() -> tuple[str, dict[str, str]]:
    """The session of a salesperson, and the addresses they open."""
    from django.test import Client

    from customers.models import Customer, User

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's event loop is in this thread
    client, person = Client(), User.objects.filter(role="sales", is_demo=True).order_by("pk")[0]
    client.force_login(person)
    customer = Customer.objects.visible_to(person).filter(totals__orders__gte=5).order_by("pk")[0]
    paths = {"list": "/customers/", "customer": customer.get_absolute_url(), "home": "/"}
    return client.cookies["sessionid"].value, paths


@contextmanager
def chromium() -> Iterator:
    from playwright.sync_api import sync_playwright

    from crm.setup import browser

    switches = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser.find(), args=switches)
        yield running
        running.close()


def look(browser, server: str, cookie: str, name: str, path: str, screen: str, options) -> dict:
    """One page on one screen: the median of each figure over the rounds."""
    seen: dict[str, list[dict]] = {"first": [], "again": []}
    for _round in range(options.rounds):
        width, height = WIDTHS[screen]
        context = browser.new_context(viewport={"width": width, "height": height})
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])
        page = context.new_page()
        for visit in seen.values():
            visit.append(one_visit(page, server + path))
            page.goto("about:blank")
        context.close()
    figures: dict = {"name": name, "screen": screen}
    for when, visits in seen.items():
        for key in visits[0]:
            figures[f"{when}_{key}"] = round(statistics.median(one[key] for one in visits), 1)
    say(str(figures))
    return figures


def one_visit(page, address: str) -> dict[str, float]:
    session, sizes = page.context.new_cdp_session(page), []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    started = page.evaluate("Date.now()")
    page.goto(address, wait_until="networkidle")
    usable = page.evaluate(f"(() => {{ {TIMES} }})()")
    settled = page.evaluate("Date.now()") - started - 500
    session.detach()
    over_the_line = [size for size in sizes if size]
    return {
        "requests": len(over_the_line),
        "kilobytes": sum(over_the_line) / 1024,
        "usable_ms": usable,
        "settled_ms": settled,
    }


if __name__ == "__main__":
    main()
