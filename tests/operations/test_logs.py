"""Log lines say which request or task they belong to, and nothing about a person."""

import io
import json
import logging
import logging.config

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client

from crm.operations import logs
from customers.models import ApiToken, Customer, User
from tests.customers.pages import history
from tests.insights.conftest import celery_worker
from tests.insights.outside import until

MARK = "Zwyrtek"
EMAIL, PHONE, TEXT = f"{MARK}@example.com", "+46705550199", f"{MARK} is very angry"


@pytest.fixture
def lines():
    """Everything that is logged meanwhile, as the handler of a container writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(logs.Discreet())
    handler.setFormatter(logs.JsonLines())
    roots = [logging.getLogger(name) for name in ("", "crm.requests", "crm.tasks")]
    levels = [root.level for root in roots]
    roots[0].addHandler(handler)
    for root in roots:
        root.setLevel(logging.INFO)

    def lines(logger=None):
        found = [json.loads(line) for line in written.getvalue().splitlines()]
        return [line for line in found if logger in (None, line["logger"])]

    lines.text = written.getvalue
    yield lines
    roots[0].removeHandler(handler)
    for root, level in zip(roots, levels, strict=True):
        root.setLevel(level)


def test_a_request_leaves_one_line(lines, client, owner, customer):
    client.force_login(owner)
    response = client.get(customer.get_absolute_url(), headers={"X-Request-ID": "from-the-proxy-1"})
    (line,) = lines("crm.requests")
    assert response["X-Request-ID"] == line["request"] == "from-the-proxy-1"
    assert (line["user"], line["route"], line["method"], line["status"]) == (
        owner.pk, "customer", "GET", 200,
    )  # fmt: skip
    assert line["ms"] > 0 and line["queries"] > 5 and line["level"] == "info"


@pytest.mark.parametrize(
    "given",
    ["short", "x" * 65, "two words here", "schlüssel-1", "line\nbreak-in-it", '"quoted-id"', ""],
)
def test_an_id_that_is_not_sane_is_replaced(client, given):
    response = client.get("/healthz", headers={"X-Request-ID": given})
    assert response["X-Request-ID"] != given and len(response["X-Request-ID"]) == 32


@pytest.mark.parametrize("given", ["shop:order:1001", "a.b_c-d:", "-" * 64])
@pytest.mark.parametrize("address", ["/healthz", "/api/v1/nothing/"])
def test_an_id_as_the_rules_of_the_api_allow_it_is_kept(client, db, given, address):
    response = client.get(address, headers={"X-Request-ID": given})
    assert response["X-Request-ID"] == given


@pytest.mark.parametrize("address", ["/api/v1/customers/", "/nothing/"])
def test_what_django_says_of_a_refusal_carries_the_id_of_the_request(client, db, lines, address):
    client.get(address, headers={"X-Request-ID": "from-the-proxy-2"})
    [line] = lines("django.request")
    assert line["request"] == "from-the-proxy-2"
    assert "$" not in line["message"] and "$" not in line["route"]


@pytest.mark.parametrize("streaming", [False, True])
def test_a_head_has_no_body_and_the_headers_of_its_get(rf, streaming):
    from django.http import HttpResponse, StreamingHttpResponse

    from crm.operations.middleware import RequestMiddleware

    made = StreamingHttpResponse([b"abc"]) if streaming else HttpResponse(b"abc")
    response = RequestMiddleware(lambda request: made)(rf.head("/"))
    assert b"".join(response) == b""
    assert response.get("Content-Length") == (None if streaming else "3")


@pytest.mark.parametrize("address", ["/api/v1/customers/999999/", "/api/v1/nothing/"])
def test_an_error_of_the_api_names_its_request(client, db, owner, lines, address):
    client.force_login(owner)
    response = client.get(address)
    assert response.json()["error"]["request_id"] == response["X-Request-ID"]
    assert lines("crm.requests")[-1]["status"] == 404


def test_machines_that_ask_every_few_seconds_fill_no_log(lines, client):
    client.get("/healthz")
    assert lines() == []


def test_a_line_within_a_request_carries_its_id(lines, rf):
    from django.http import HttpResponse

    from crm.operations.middleware import RequestMiddleware

    def view(request):
        logging.getLogger("insights.requesting").warning("The broker is gone")
        return HttpResponse()

    request = rf.get("/")
    RequestMiddleware(view)(request)
    assert lines("insights.requesting")[0]["request"] == request.request_id
    assert logs.context.get() == {}


def test_an_exception_tells_where_and_what_kind_but_not_what_it_quotes(lines):
    try:
        raise ValueError(f"no phone number: {PHONE}") from KeyError(MARK)
    except ValueError:
        logging.getLogger("insights.x").exception("Could not read it")
    (line,) = lines()
    assert "test_logs.py" in line["error"]
    assert line["error"].endswith("ValueError because of KeyError")
    assert PHONE not in lines.text() and MARK not in lines.text()


def test_an_exception_about_machines_says_what_is_the_matter(lines):
    logging.getLogger("x").warning("No: %s", OperationalError("connection refused\nDETAIL: x"))
    assert lines()[0]["message"] == "No: OperationalError: connection refused"


def test_a_broken_constraint_is_named_without_its_value(lines, db):
    User.objects.create_user(MARK)
    try:
        with transaction.atomic():
            User.objects.create_user(MARK)
    except IntegrityError:
        logging.getLogger("x").exception("Twice")
    assert "IntegrityError" in lines()[0]["error"] and MARK not in lines.text()


def test_readable_lines_say_the_same(rf):
    record = logging.LogRecord("crm.requests", logging.INFO, "", 1, "answered", (), None)
    record.figures = {"status": 200}
    token = logs.context.set({"request": "abc"})
    logs.Discreet().filter(record)
    logs.context.reset(token)
    line = logs.ReadableLines().format(record)
    assert line.endswith("INFO crm.requests: answered request=abc status=200")


def test_the_configuration_is_one_that_logging_takes():
    for form in ("json", "lines"):
        made = logs.configuration(form, "WARNING", each_request=True)
        logging.config.DictConfigurator(made).config["formatters"]["line"]["()"].startswith("crm.")


def marked(owner, team):
    customer = Customer.objects.create(
        name=f"{MARK} Nilsson", email=EMAIL, phone=PHONE, owner=owner, team=team
    )
    history(customer)
    return customer


def browse(customer, person):
    """Pages and forms, right and wrong ones, with the person's data in addresses, bodies and errors."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    here = customer.get_absolute_url()
    for address in (here, f"/customers/?q={MARK}", f"/{EMAIL}/", f"/customers/?q={EMAIL}&page=x"):
        client.get(address)
    client.post(f"{here}interactions/", {"channel": "note", "text": TEXT})
    client.post(f"{here}interactions/", {"channel": MARK, "text": TEXT})
    client.post(f"{here}details/", {"name": f"{MARK} Other", "email": "not-" + MARK})
    client.post("/customers/new/", {"name": MARK, "email": EMAIL, "phone": PHONE})
    client.post("/login/", {"username": EMAIL, "password": MARK})


def talk_to_api(customer, person):
    _token, secret = ApiToken.objects.issue(person, "test", ApiToken.Scope.values)
    client = Client(raise_request_exception=False, HTTP_AUTHORIZATION=f"Bearer {secret}")
    for body in (
        {"customer": customer.pk, "channel": "email", "text": TEXT},
        {"customer": MARK, "channel": EMAIL, "text": TEXT, "occurred_at": PHONE},
        [TEXT],
    ):
        client.post("/api/v1/interactions/", body, content_type="application/json")
    client.post("/api/v1/customers/", {"name": MARK, "email": EMAIL}, "application/json")
    client.post("/api/v1/customers/", f'{{"name": "{MARK}', "application/json")
    client.get(f"/api/v1/customers/?search={MARK}")
    client.patch(f"/api/v1/customers/{customer.pk}/", {"email": MARK}, "application/json")


def test_a_marked_person_passes_through_pages_and_api_and_none_of_it_is_logged(
    lines, owner, team, admin, monkeypatch
):
    customer = marked(owner, team)
    browse(customer, owner)
    talk_to_api(customer, admin)

    def fail(*args, **kwargs):
        raise ValueError(f"cannot show {customer.name} <{customer.email}>")

    from customers.templatetags import ui

    monkeypatch.setattr(Customer, "initials", property(fail))
    response = Client(raise_request_exception=False)
    response.force_login(owner)
    assert response.get(customer.get_absolute_url()).status_code == 500 and ui
    assert any(line["level"] == "error" for line in lines())
    assert len(lines("crm.requests")) > 15
    for secret in (MARK, PHONE, "angry", "Nilsson"):
        assert secret not in lines.text(), secret


def test_an_import_with_marked_rows_logs_none_of_them(lines, tmp_path, db):
    file = tmp_path / "people.csv"
    file.write_text(f"id,name,email,phone\n1,{MARK},{EMAIL},{PHONE}\n,,{MARK},{TEXT}\n")
    words = ["--set", "external_id=id", "--set", "name=name", "--set", "email=email"]
    said = io.StringIO()
    call_command(
        "import_customers", str(file), *words, source="test", stdout=said,
        rejected=tmp_path / "rejected.csv",
    )  # fmt: skip
    assert Customer.objects.filter(name=MARK).exists(), said.getvalue()
    assert MARK not in lines.text()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_failing_task_says_which_one_and_where_but_not_what_it_quotes(broker, tmp_path):
    """The worker runs a task that fails with a person in its message."""
    from crm.celery import app

    words = ["--queues", "score,default", "--concurrency", "1"]
    log = tmp_path / "worker.log"
    with celery_worker(
        broker, log, "--include", "tests.operations.failing", *words, LOG_FORMAT="json"
    ):
        app.send_task("tests.fails", (7,), queue="default")
        until(lambda: '"state": "FAILURE"' in log.read_text(), 60)
    found = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    ended = next(line for line in found if line["logger"] == "crm.tasks")
    failed = next(line for line in found if line["level"] == "error")
    assert ended["task"] == failed["task"] == "tests.fails" and ended["about"] == "7"
    assert ended["task_id"] == failed["task_id"]
    assert "failing.py" in failed["error"] and failed["error"].endswith("ValueError")
    assert MARK not in log.read_text() and "example.com" not in log.read_text()
