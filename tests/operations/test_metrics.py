"""/metrics: what Prometheus reads; whole over several web processes, for those who may, and without a person in it."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as real_settings
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from crm.operations.models import RowsTaken
from customers.signals import count_rows
from insights.models import StaleCustomer, TrainingRun
from tests.tokens import api_of

TOKEN = {"Authorization": "Bearer a-token-for-monitoring"}


@pytest.fixture
def read(client, db, settings):
    """The samples as {name: [(labels, value)]}."""
    settings.METRICS_TOKEN = "a-token-for-monitoring"

    def read():
        response = client.get("/metrics", headers=TOKEN)
        assert response.status_code == 200
        found: dict = {}
        for family in text_string_to_metric_families(response.content.decode()):
            for sample in family.samples:
                found.setdefault(sample.name, []).append((sample.labels, sample.value))
        return found

    return read


def value(found, name, **labels):
    hits = [v for given, v in found.get(name, []) if labels.items() <= given.items()]
    assert len(hits) <= 1, hits
    return hits[0] if hits else None


def test_without_a_token_it_is_for_admins_only(client, admin, manager, settings):
    for given, person, status in [
        ("", None, 403), ("", manager, 403), ("", admin, 200),
        ("right", None, 200), ("right", manager, 200), ("other", None, 403),
    ]:  # fmt: skip
        settings.METRICS_TOKEN = given and "right"
        client.force_login(person) if person else client.logout()
        headers = {"Authorization": f"Bearer {given}"}
        assert client.get("/metrics", headers=headers).status_code == status, (given, person)


def test_an_empty_token_in_the_settings_opens_nothing(client, db, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403


def test_a_request_is_counted_under_the_name_of_its_route(read, client, owner, customer):
    client.force_login(owner)
    labels = {"route": "customer", "method": "GET", "status": "200"}
    before = value(read(), "perennial_http_requests_total", **labels) or 0
    client.get(customer.get_absolute_url())
    found = read()
    assert value(found, "perennial_http_requests_total", **labels) == before + 1
    assert value(found, "perennial_http_request_seconds_count", route="customer") >= 1
    assert value(found, "perennial_http_request_seconds_bucket", route="customer", le="10.0")


def test_what_nobody_answers_has_one_name(read, client):
    client.get("/wp-login.php")
    client.get("/marta@example.com/")
    found = read()
    name = "perennial_http_requests_total"
    assert value(found, name, method="GET", route="unknown", status="404") >= 2
    assert "marta" not in str(found)


def test_the_loop_is_seen(read, customer, make_version, lives):
    make_version(champion=True)
    lives("worker")
    StaleCustomer.objects.create(customer=customer, since=timezone.now())
    now = timezone.now()
    TrainingRun.objects.create(
        kind="churn", origin="button", status="done", started_at=now, ended_at=now + (now - now)
    )
    TrainingRun.objects.create(kind="churn", origin="button")
    found = read()
    assert value(found, "perennial_training_runs", kind="churn", status="done") == 1
    assert value(found, "perennial_training_last_seconds", kind="churn") == 0
    assert value(found, "perennial_model_version", kind="churn") == 1
    assert value(found, "perennial_workers_alive", role="worker") == 1
    assert value(found, "perennial_workers_alive", role="trainer") == 0
    assert value(found, "perennial_stale_customers") == 1
    assert value(found, "perennial_training_waiting_seconds") is not None
    assert value(found, "perennial_scoring_age_seconds") < 60
    assert value(found, "perennial_migrations_unapplied") == 0
    assert value(found, "perennial_disk_free_bytes") > 0
    assert value(found, "perennial_database_size_bytes") > 0
    assert found["perennial_build_info"][0][0]["python"] == sys.version.split()[0]


def test_queues_are_seen_and_so_is_a_broker_that_is_gone(read, db, broker):
    from insights.requesting import wake
    from insights.tasks import score_stale

    wake(score_stale)
    found = read()
    assert value(found, "perennial_queue_messages", queue="score") == 1
    assert value(found, "perennial_broker_up") == 1


def test_without_a_broker_the_figures_still_come(read, db):
    found = read()
    assert value(found, "perennial_broker_up") == 0
    assert "perennial_queue_messages" not in found


def test_rows_are_counted_where_they_outlive_their_process(
    read, db, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        count_rows("import", "orders", taken=98, refused=2)
        count_rows("import", "orders", taken=10)
        count_rows("api", "events", 5000)
    found = read()
    assert value(found, "perennial_imported_rows_total", kind="orders", result="taken") == 108
    assert value(found, "perennial_imported_rows_total", kind="orders", result="refused") == 2
    events = {"source": "api", "kind": "events", "result": "taken"}
    assert value(found, "perennial_rows_total", **events) >= 5000
    assert RowsTaken.objects.count() == 2


@pytest.fixture
def counted(read, django_capture_on_commit_callbacks):
    """What a request adds to the counts of rows, by kind and result."""

    def rows():
        found = read().get("perennial_rows_total", [])
        return {(said["kind"], said["result"]): n for said, n in found if said["source"] == "api"}

    def counted(send):
        before = rows()
        with django_capture_on_commit_callbacks(execute=True):
            send()
        after = rows()
        return {key: n - before.get(key, 0) for key, n in after.items() if n != before.get(key, 0)}

    return counted


def test_every_row_that_is_sent_is_counted_by_what_became_of_it(counted, manager, customer):
    api = api_of(manager)
    product = {"sku": "BEANS", "name": "Beans"}
    assert counted(lambda: api.post("/api/v1/products/", product)) == {("products", "taken"): 1}
    assert counted(lambda: api.post("/api/v1/products/", {})) == {("products", "refused"): 1}
    rows = [product, product, {"sku": "TEA"}, {}]
    assert counted(lambda: api.post("/api/v1/products/bulk/", rows)) == {
        ("products", "taken"): 1, ("products", "unchanged"): 2, ("products", "refused"): 1,
    }  # fmt: skip
    assert counted(lambda: api.post("/api/v1/products/bulk/?atomic=true", rows)) == {
        ("products", "refused"): 4
    }
    order = {"customer": customer.pk, "occurred_at": "2026-05-01T10:00:00Z", "currency": "EUR"}
    put = "/api/v1/orders/by-number/shop/1/"
    assert counted(lambda: api.put(put, order)) == {("orders", "refused"): 1}
    order["amount"] = "5.00"
    assert counted(lambda: api.put(put, order)) == {("orders", "taken"): 1}
    assert counted(lambda: api.put(put, order)) == {("orders", "unchanged"): 1}
    new = order | {"source": "shop", "number": "1"}
    assert counted(lambda: api.post("/api/v1/orders/", new)) == {("orders", "refused"): 1}
    talk = {"customer": customer.pk, "channel": "note"}
    assert counted(lambda: api.post("/api/v1/interactions/", talk)) == {
        ("interactions", "taken"): 1
    }


def test_a_scrape_asks_little(client, admin, django_assert_max_num_queries):
    client.force_login(admin)
    client.get("/metrics")
    with django_assert_max_num_queries(16):
        client.get("/metrics")


PLACES = """
import os, sys
os.environ["PERENNIAL_WEB_PLACE"] = sys.argv[1]
from crm.operations.counting import REQUESTS, SECONDS, counted, count_request
from prometheus_client import generate_latest
for _ in range(int(sys.argv[2])):
    count_request("customers", "GET", 200, 0.02)
print(generate_latest(counted()).decode())
"""


def test_processes_add_up_and_one_that_follows_another_goes_on(tmp_path):
    def lives(place, requests):
        env = os.environ | {
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "SECRET_KEY": "x" * 50,
            "DJANGO_SETTINGS_MODULE": "crm.settings",
        }  # fmt: skip
        words = [sys.executable, "-c", PLACES, place, str(requests)]
        said = subprocess.run(
            words, env=env, cwd=real_settings.BASE_DIR, capture_output=True, text=True, check=True
        ).stdout
        return float(re.search(r"^perennial_http_requests_total\{.*\} (\S+)$", said, re.M)[1])

    assert [lives("0", 3), lives("1", 4), lives("0", 5)] == [3, 7, 12]
    assert len(list(tmp_path.glob("*.db"))) == 4  # two kinds of file, two places
