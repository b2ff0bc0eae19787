"""Versions, stored answers and real models for the tests of the loop."""

import contextlib
import datetime
import importlib
import signal
import subprocess
import sys

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from crm.broker import Broker
from customers.models import Customer, CustomerScore
from insights.listening import mark_stale
from insights.ml import storage
from insights.models import ModelVersion
from insights.publishing import store
from insights.refreshing import refresh_stale
from tests.insights.demo_company import demo  # noqa: F401  a fixture
from tests.insights.outside import broker_at, environment
from tests.insights.shop import open_shop


@pytest.fixture
def first_schedule(db):
    """The rows of its migration, which a test that empties all tables takes away for those after it."""
    importlib.import_module("insights.migrations.0004_schedules").seed(apps, None)
    importlib.import_module("insights.migrations.0009_sweep_every_ten_seconds").faster(apps, None)
    importlib.import_module("insights.migrations.0012_train_value").seed(apps, None)
    importlib.import_module("insights.migrations.0016_topics_of_messages").seed(apps, None)
    importlib.import_module("insights.migrations.0017_models_of_messages").seed(apps, None)


@pytest.fixture(autouse=True)
def models_dir(settings, tmp_path):
    settings.MODELS_DIR = tmp_path / "models"
    return settings.MODELS_DIR


@pytest.fixture
def make_version(db):
    def make(kind="churn", champion=False, **fields):
        number = ModelVersion.objects.filter(kind=kind).count() + 1
        if champion:
            fields.setdefault("published_at", timezone.now())
        return ModelVersion.objects.create(
            kind=kind, number=number, as_of=timezone.now(), checksum="-", is_champion=champion, **fields
        )  # fmt: skip

    return make


@pytest.fixture
def answer(db):
    """Store what a version says: ``answer(version, {customer: values}, days_ago)``."""

    def say(version, answers, days_ago=0.0):
        as_of = timezone.now() - datetime.timedelta(days=days_ago)
        ids = [customer.pk for customer in answers]
        store(version.pk, (ids, {c.pk: values for c, values in answers.items()}), as_of)
        return as_of

    return say


def churn(risk, base=0.2, code="recency"):
    reasons = [{"code": code, "facts": {"days": 60}, "points": round(100 * (risk - base), 4)}]
    return {"risk": risk, "top": code, "why": {"base": base, "reasons": reasons}}


def segment(name, band=3):
    bands = {"recency_band": band, "frequency_band": band, "monetary_band": band, "cluster": 1}
    return {"segment": name, **bands}


def offers(*products, because=None):
    return {
        "items": [
            {"rank": i, "product": p.pk, "score": 1 / i, "why": "popular", "because": because, "facts": {"n": i}}
            for i, p in enumerate(products, 1)
        ]
    }  # fmt: skip


@pytest.fixture
def shop(db):
    return open_shop()


@pytest.fixture(scope="module")
def standing_shop(django_db_setup, django_db_blocker):
    """Opened once for all tests of a file, which may change it: that goes with each test, the shop with the file.

    For files without a test that wants to be alone, or that needs transactions of its own::

        @pytest.fixture
        def shop(db, standing_shop):
            return standing_shop()
    """
    with django_db_blocker.unblock(), transaction.atomic():
        keys = [one.pk for one in open_shop()]
        yield lambda: list(Customer.objects.filter(pk__in=keys).order_by("pk"))
        transaction.set_rollback(True)


_learnt: dict = {}


@pytest.fixture
def real_champions(shop, models_dir):
    """A learnt model of each kind, published for the shop. Learnt once for all tests: the shop is always the same."""
    from insights.dataset import load_tables

    now = timezone.now()
    versions = []
    for kind in ("churn", "products", "segments", "value"):
        if kind not in _learnt:
            module = importlib.import_module(f"insights.ml.{kind}")
            params = {"horizon_days": 90, "candidates": ["logistic", "pareto", "item_knn"]}
            moment = now.astimezone(datetime.UTC).replace(tzinfo=None)
            data = module.inputs(load_tables(now), moment, params)
            result = module.evaluate(data, module.candidates(params), lambda *step: None)
            _learnt[kind] = result.model
        version = ModelVersion(kind=kind, number=1, as_of=now, is_champion=True, published_at=now)
        version.checksum = storage.save(_learnt[kind], version.directory)
        version.save()
        versions.append(version)
    return versions


@pytest.fixture
def broker(tmp_path):
    with Broker(tmp_path) as running, broker_at(running.url):
        yield running.url


@contextlib.contextmanager
def celery_worker(broker, log, *words, **more):
    """A worker as the Procfile starts it, until it is told to leave."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "crm",
        "worker",
        "--without-gossip",
        "--without-mingle",
    ]
    with log.open("wb") as out:
        child = subprocess.Popen(
            [*command, *words], env=environment(REDIS_URL=broker, **more), stdout=out, stderr=out
        )
        try:
            yield child
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()


@pytest.fixture
def worker(broker, real_champions, tmp_path):
    words = ["--queues", "score,default", "--concurrency", "1"]
    with celery_worker(broker, tmp_path / "worker.log", *words, REMAP_SIGTERM="SIGQUIT") as child:
        yield child


@pytest.fixture
def trainer(broker, tmp_path):
    words = ["--queues", "train", "--pool", "solo", "--concurrency", "1"]
    with celery_worker(broker, tmp_path / "trainer.log", *words) as child:
        yield child


@pytest.fixture
def risky(shop, real_champions):
    """The customer who is most likely to leave, everyone having been scored."""
    mark_stale([one.pk for one in shop])
    refresh_stale()
    return CustomerScore.objects.filter(churn_risk__isnull=False).order_by("-churn_risk").first()
