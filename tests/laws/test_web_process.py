"""The web process stays light: after every route has been asked once, no numerical library is loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = ["numpy", "pandas", "scipy", "sklearn", "interpret", "duckdb", "pyarrow", "onnxruntime"]
HEAVY += ["lightgbm", "tensorflow", "keras"]
HEAVY += ["ahocorasick", "jieba", "opencc", "rjieba", "vaderSentiment"]

WALK = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

call_command("migrate", verbosity=0)
from customers.models import Customer, Event, Interaction, Order, Product, Task, User
from customers.changing import open_change_set
from customers.recording import record_customer
from customers.totalling import refresh_totals
from insights.models import ModelVersion, TrainingRun
from tests.routes import all_routes

admin = User.objects.create_user("admin", password="a-long-password", role="admin")
now = timezone.now()
customer = record_customer(Customer(name="Marta", owner=admin))
Order.objects.create(
    customer=customer, source="t", number="1", occurred_at=now, currency="EUR", amount=5, base_amount=5
)
refresh_totals([customer.pk])
Interaction.objects.create(customer=customer, channel="note", text="x", occurred_at=now)
Event.objects.create(customer=customer, kind="page", occurred_at=now)
Product.objects.create(sku="A", name="A")
Task.objects.create(customer=customer, title="Call", assignee=admin)
TrainingRun.objects.create(kind="churn", origin="command", status="done")
ModelVersion.objects.create(kind="churn", number=1, as_of=now, checksum="0" * 64)
open_change_set("page", admin)

client = Client(raise_request_exception=False, SERVER_NAME="localhost")
client.force_login(admin)
asked = answered = 0
for route in all_routes():
    given = {"kind": "churn", "number": 1, "app_label": "customers", "content_type_id": 1, "object_id": 1}
    try:
        address = reverse(route.name, kwargs={p: given.get(p, 1) for p in route.parameters})
    except NoReverseMatch:
        continue
    if route.name in ("logout", "admin:logout"):
        continue
    response = client.get(address)
    if response.status_code == 405 or route.name.endswith("-list"):
        response = client.post(address, {})
    asked += 1
    answered += response.status_code in (200, 302)
print("asked", asked)
print("answered", answered)
print("loaded", *sorted({name.split(".")[0] for name in sys.modules} & set(sys.argv[1:])))
"""


def walk(tmp_path, script: str = WALK) -> tuple[int, int, set[str]]:
    """How many routes were asked, how many had something to say, and what was loaded then."""
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'web.sqlite3'}",
        "REDIS_URL": f"redis+socket://{tmp_path / 'nobody.sock'}",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "SECRET_KEY": "x" * 50,
        "DEBUG": "on",
        "VAR_DIR": str(tmp_path),
        "LOG_LEVEL": "CRITICAL",
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *HEAVY],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = dict(
        line.split(" ", 1) if " " in line else (line, "") for line in done.stdout.splitlines()
    )
    return int(lines["asked"]), int(lines["answered"]), set(lines["loaded"].split())


@pytest.mark.slow
def test_no_route_loads_a_numerical_library(tmp_path):
    asked, answered, loaded = walk(tmp_path)
    assert asked > 200 and answered > 110
    assert loaded == set()


@pytest.mark.slow
def test_the_walk_would_see_one(tmp_path):
    seen = "    if response.status_code == 405"
    loading = f"    if route.name == 'customers': import pandas\n{seen}"
    *_, loaded = walk(tmp_path, WALK.replace(seen, loading))
    assert {"pandas", "numpy"} <= loaded
