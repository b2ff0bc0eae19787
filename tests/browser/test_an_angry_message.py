"""Somebody writes angrily, by API, to a demo company that has learnt: home, the customer's page and the risk say so by
themselves, each within seconds."""

# ruff: noqa: F811  (fixtures of the loop's own tests are arguments here)

import datetime
import json
import re
import time
import urllib.request

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Customer, CustomerScore, User
from insights.demo.company import build
from insights.listening import mark_stale
from insights.ml import churn, storage
from insights.ml.learners.fitting import fit_calibrated
from insights.ml.readings import Readings
from insights.models import ModelVersion
from insights.reading import read_unread
from insights.refreshing import refresh_stale
from tests.insights.conftest import broker, celery_worker, models_dir  # noqa: F401
from tests.tokens import bearer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CUSTOMERS = 400
WORDS = (
    "This is the third time I write and nobody answers. The coffee arrived stale, your service is terrible and I am"
    " furious. I will buy elsewhere."
)
SECONDS = 15


@pytest.fixture
def boss(transactional_db):
    return User.objects.create_user("boss", password="a-long-password", role="admin")


@pytest.fixture
def demo_company(transactional_db, models_dir, tmp_path):
    """Built, read, learnt and scored, as the product does it; with the one model that costs the least to learn, whether
    so small a company's beats the rule or not."""
    from insights.dataset import load_tables

    with override_settings(VAR_DIR=tmp_path):
        build(CUSTOMERS, seed=1)
    while read_unread():
        pass
    now, params = timezone.now(), {"horizon_days": 90, "candidates": ["logistic"]}
    data = churn.inputs(load_tables(now), now.astimezone(datetime.UTC).replace(tzinfo=None), params)
    (candidate,) = (one for one in churn.candidates(params) if one.name == "logistic")
    made = fit_calibrated(candidate.build, data.train)
    readings = Readings.fit(data.train.frame)
    model = churn.ChurnModel(
        made.learner, made.calibration, data.params, data.attribute_types, readings
    )
    version = ModelVersion(kind="churn", number=1, as_of=now, is_champion=True, published_at=now)
    version.checksum = storage.save(model, version.directory)
    version.save()
    mark_stale(Customer.objects.values_list("pk", flat=True))
    refresh_stale()
    return version


@pytest.fixture
def worker(broker, demo_company, tmp_path):
    words = ["--queues", "score,default", "--concurrency", "1"]
    with celery_worker(broker, tmp_path / "worker.log", *words, REMAP_SIGTERM="SIGQUIT") as child:
        yield child


def content_customers():
    """Who may or may not come back and has not complained: the likeliest to be moved by a complaint first."""
    scored = CustomerScore.objects.filter(churn_risk__range=(0.2, 0.6)).order_by("churn_risk", "pk")
    upset = Customer.objects.filter(interactions__reading__label="negative")
    return list(scored.exclude(customer__in=upset).values_list("customer_id", flat=True))


def post_message(url, user, customer, text):
    talk = {
        "customer": customer,
        "channel": "complaint",
        "direction": "in",
        "text": text,
        "occurred_at": timezone.now().isoformat(),
    }
    request = urllib.request.Request(
        f"{url}/api/v1/interactions/",
        json.dumps(talk).encode(),
        {"Authorization": bearer(user), "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=180) as answer:
        assert answer.status == 201


def risk_of(pk) -> tuple[float, datetime.datetime]:
    score = CustomerScore.objects.get(pk=pk)
    return score.churn_risk, score.churn_scored_at


def waited(what, start, locator, words=None) -> float:
    expect(locator).to_contain_text(words) if words else expect(locator).to_be_visible()
    seconds = time.monotonic() - start
    print(f"{what}: {seconds:.1f} s")
    return seconds


def test_an_angry_message_is_on_home_on_the_customer_and_in_the_risk_within_seconds(
    open_page, live_server, boss, worker
):
    expect.set_options(timeout=180_000)
    first, second = content_customers()[:2]
    # The worker may still be starting: what it does first is not measured.
    post_message(live_server.url, boss, first, "The parcel came late again.")
    warm = open_page(Customer.objects.get(pk=first).get_absolute_url(), user=boss)
    expect(warm.locator("#timeline-items mark.c-felt-neg").first).to_be_visible(timeout=240_000)

    home = open_page("/", user=boss)
    customer = open_page(Customer.objects.get(pk=second).get_absolute_url(), user=boss)
    for page in (home, customer):
        page.evaluate("window.stillTheSamePage = true")
    heading = customer.locator("#why-title")
    before, (risk, scored_at) = heading.inner_text(), risk_of(second)
    assert re.search(r"\d+%", before)

    start = time.monotonic()
    post_message(live_server.url, boss, second, WORDS)
    evidence = customer.locator("#timeline-items mark.c-felt-neg", has_text="terrible").first
    took = {
        "customer": waited("On the customer's page, with evidence", start, evidence),
        "home": waited("On home", start, home.locator("#home-feedback"), "nobody answers"),
    }
    expect(heading).not_to_have_text(before)
    took["risk"] = time.monotonic() - start
    now, scored_now = risk_of(second)
    print(f"Risk {risk:.3f} -> {now:.3f} in {took['risk']:.1f} s")
    assert now > risk and scored_now > scored_at
    assert max(took.values()) < SECONDS
    assert all(page.evaluate("window.stillTheSamePage") for page in (home, customer))
