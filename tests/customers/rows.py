"""Rows that are sent to the API many at once, and what it says of each."""

from rest_framework.test import APIClient


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def person(external_id="77", **fields):
    return {"source": "shop", "external_id": external_id} | fields


def message(of, external_id="m1", **fields):
    return {
        "customer": of and of.pk, "channel": "email", "text": "Late again", "source": "mailbox",
        "external_id": external_id, "occurred_at": "2026-05-02T08:30:00Z",
    } | fields  # fmt: skip


def statuses(answer) -> list[str]:
    return [result["status"] for result in answer.json()["results"]]


def wrong(answer, at=0) -> list[tuple[str, str]]:
    result = answer.json()["results"][at]
    assert (result["index"], result["status"], result["id"]) == (at, "rejected", None)
    return [(error["field"], error["code"]) for error in result["errors"]]
