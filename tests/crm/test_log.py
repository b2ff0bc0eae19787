"""What a refused or a failed request leaves in the log."""

import io
import logging

import pytest


@pytest.fixture
def log(monkeypatch):
    """What the product's own handler writes."""
    handler = next(h for h in logging.getLogger().handlers if h.get_name() == "stderr")
    written = io.StringIO()
    before = handler.setStream(written)
    yield lambda: written.getvalue()
    handler.setStream(before)


def test_a_refused_role_is_one_line_without_a_traceback(client, owner, log):
    client.force_login(owner)
    assert client.get("/models/").status_code == 403
    lines = log().splitlines()
    assert len(lines) == 1 and "/models/" in lines[0], lines


def test_a_fault_of_the_program_keeps_its_traceback(client, owner, log, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("customers.views.home.render", broken)
    client.raise_request_exception = False
    client.force_login(owner)
    assert client.get("/").status_code == 500
    assert "customers/views/home.py" in log() and "ZeroDivisionError" in log()
