"""A body may come packed with gzip; no more is unpacked than may be sent."""

import gzip
import json

import pytest

from customers.models import Event
from tests.tokens import api_of

EVENTS = "/api/v1/events/"


@pytest.fixture
def send(owner, customer):
    client = api_of(owner)
    row = {"customer": customer.pk, "kind": "page", "occurred_at": "2026-05-01T10:00:00Z"}

    def send(body=None, encoding="gzip", content_type="application/json"):
        packed = gzip.compress(json.dumps([row]).encode()) if body is None else body
        headers = {"Content-Encoding": encoding}
        return client.generic("POST", EVENTS, packed, content_type, headers=headers)

    return send


def test_a_packed_body_is_read(send):
    assert send().status_code == 201
    assert Event.objects.count() == 1
    assert send(content_type="application/x-ndjson").status_code in (201, 207)


def test_in_several_parts_it_is_one_body(send):
    halves = [gzip.compress(part) for part in (b"[", b"]")]
    assert send(b"".join(halves)).status_code == 201


def test_more_than_may_be_sent_is_not_unpacked(send, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
    answer = send(gzip.compress(b" " * (2 * 2**20 + 1)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert send(gzip.compress(b"[]".ljust(2 * 2**20))).status_code == 201


PACKED = gzip.compress(b"[]", mtime=0)


@pytest.mark.parametrize(
    "body", [b"{}", PACKED[:-4], PACKED + b"x"], ids=["not packed", "cut off", "more behind"]
)
def test_what_is_no_gzip_is_malformed(send, body):
    answer = send(body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "x"])
def test_packed_otherwise_it_is_told_what_can_be_read(send, encoding):
    answer = send(encoding=encoding)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")
    assert "gzip" in answer.json()["error"]["message"]


def test_a_form_is_not_unpacked(send):
    assert send(content_type="application/x-www-form-urlencoded").status_code == 415
