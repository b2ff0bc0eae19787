"""docs/api.md is true: its lines of curl post an order, and its table names every address there is."""

import os
import re
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from customers.models import Customer, Order

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
ADDRESS = re.compile(r"`([a-z][\w/{}-]*/)`")


def test_every_address_stands_in_the_table_and_no_other():
    told = StringIO()
    call_command("spectacular", stdout=told)
    paths = yaml.safe_load(told.getvalue())["paths"]
    table = PAGE.partition("## Addresses")[2].partition("\n## ")[0]
    assert set(ADDRESS.findall(table)) == {path.removeprefix("/api/v1/") for path in paths}


def test_every_filter_of_a_list_stands_in_its_row():
    told = StringIO()
    call_command("spectacular", stdout=told)
    everywhere = {"cursor", "page_size", "ordering", "fields"}
    for path, methods in yaml.safe_load(told.getvalue())["paths"].items():
        queries = {
            p["name"] for p in methods.get("get", {}).get("parameters", []) if p["in"] == "query"
        }
        row = next(
            line for line in PAGE.splitlines() if f"`{path.removeprefix('/api/v1/')}`" in line
        )
        missing = {name for name in queries - everywhere if f"`{name}`" not in row}
        assert not missing, (path, missing)


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")
@pytest.mark.django_db(transaction=True)
def test_the_three_lines_of_curl_put_an_order_and_may_be_run_again(live_server, owner):
    lines = re.search(r"```sh\n(.*?)```", PAGE, re.S)[1]
    assert lines.count("\n") == 3
    for _ in range(2):  # a second time the customer is there already, and so is the order
        done = subprocess.run(
            ["sh", "-c", lines],
            env={**os.environ, "SITE": live_server.url, "PERSON": "owner", "PASSWORD": "a-long-password"},
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done
        assert '"number":"1001"' in done.stdout
    customer = Customer.objects.get(name="Marta Lindqvist")
    assert customer.owner == owner
    order = Order.objects.get(customer=customer)
    assert (order.source, order.number, str(order.amount)) == ("shop", "1001", "40.00")
