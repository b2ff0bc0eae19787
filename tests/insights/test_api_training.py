"""Training runs by API: managers read, admins train and stop."""

import pytest
from rest_framework.test import APIClient

from insights.models import TrainingRun

RUNS = "/api/v1/training-runs/"


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_an_admin_asks_for_a_training_and_a_second_asking_gets_the_same_run(admin):
    first = client_of(admin).post(RUNS, {"kind": "churn"})
    assert first.status_code == 202, first.data
    assert (first.data["status"], first.data["origin"], first.data["requested_by"]) == (
        "queued",
        "api",
        "admin",
    )
    second = client_of(admin).post(RUNS, {"kind": "churn"})
    assert (second.status_code, second.data["id"]) == (200, first.data["id"])
    assert TrainingRun.objects.count() == 1


def test_an_unknown_kind_is_named(admin):
    answer = client_of(admin).post(RUNS, {"kind": "weather"})
    assert answer.status_code == 400
    assert [f["field"] for f in answer.data["error"]["fields"]] == ["kind"]


def test_a_waiting_run_is_stopped_at_once(admin):
    run = client_of(admin).post(RUNS, {"kind": "churn"}).data
    answer = client_of(admin).post(f"{RUNS}{run['id']}/stop/")
    assert (answer.status_code, answer.data["status"]) == (202, "stopped")


@pytest.mark.parametrize("status", ["done", "failed", "stopped"])
def test_a_run_that_has_ended_is_not_stopped(admin, status):
    run = TrainingRun.objects.create(kind="churn", status=status)
    answer = client_of(admin).post(f"{RUNS}{run.pk}/stop/")
    assert (answer.status_code, answer.data["error"]["code"]) == (409, "not_active")
    run.refresh_from_db()
    assert (run.status, run.stop_requested) == (status, False)


@pytest.mark.parametrize(
    ("who", "read", "train"), [("owner", 403, 403), ("manager", 200, 403), ("admin", 200, 202)]
)
def test_who_reads_and_who_trains(request, who, read, train):
    client = client_of(request.getfixturevalue(who))
    assert client.get(RUNS).status_code == read
    assert client.get("/api/v1/model-versions/").status_code == read
    assert client.post(RUNS, {"kind": "segments"}).status_code == train
