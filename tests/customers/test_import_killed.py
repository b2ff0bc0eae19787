"""An import that is killed leaves nothing, neither records nor files, and is simply run again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from customers.models import ChangeSet, Customer, Order

ROOT = Path(__file__).parents[2]
MAPPING = """
[columns]
number = "no"
customer = "who"
occurred_at = "at"
product = "sku"
quantity = "n"
unit_price = "price"
"""
# Says "writing" as soon as rows are being written, and then takes its time.
CHILD = """
import sys, time
import django
django.setup()
from customers.importing import Mapping, run_import

def progress(step, fraction, rows):
    if step == "writing":
        print("writing", flush=True)
        time.sleep(60)

run_import("orders", sys.argv[1], Mapping.read(sys.argv[2]), None, progress)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_nothing_and_runs_again(tmp_path):
    rows = [f"{n},C{n % 50},2026-01-05,P{n % 90},1,2.50" for n in range(6000)]
    (tmp_path / "orders.csv").write_text("\n".join(["no,who,at,sku,n,price", *rows]))
    (tmp_path / "map.toml").write_text(MAPPING)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, tmp_path / "orders.csv", tmp_path / "map.toml"],
        cwd=ROOT,
        env=os.environ | environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline().strip() == "writing"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert_nothing_stays()
    assert not (tmp_path / "imports").exists()
    call_command("import_orders", tmp_path / "orders.csv", map=tmp_path / "map.toml")
    assert (Order.objects.count(), Customer.objects.count()) == (6000, 50)


def environment(folder: Path) -> dict[str, str]:
    """The child works in the test's own database."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        place = connection.settings_dict
        login = f"{place['USER']}:{place['PASSWORD']}" if place["PASSWORD"] else place["USER"]
        url = f"postgres://{login}@{place['HOST']}:{place['PORT'] or 5432}/{name}"
    return {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-tests",
        "VAR_DIR": str(folder),
    }


def assert_nothing_stays() -> None:
    """PostgreSQL needs a moment to notice that the child is gone."""
    for _attempt in range(50):
        if not Order.objects.exists():
            break
        time.sleep(0.1)
    assert not Order.objects.exists() and not Customer.objects.exists()
    assert not ChangeSet.objects.exists()
