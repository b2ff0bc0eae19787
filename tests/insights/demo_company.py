"""The demo company for tests that need one: built once per file, rolled back after it."""

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from insights.demo.company import build, truth_path

NOW = datetime.datetime(2026, 6, 15, 14, 30, tzinfo=datetime.UTC)


@dataclass
class Demo:
    counts: dict
    truth: dict[int, dict]
    folder: Path

    def where(self, **wanted) -> list[dict]:
        return [t for t in self.truth.values() if all(t[k] == v for k, v in wanted.items())]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), override_settings(VAR_DIR=folder), transaction.atomic():
        counts = build(300, seed=1, now=NOW)
        with truth_path().open() as file:
            truth = {int(row["customer_id"]): row for row in csv.DictReader(file)}
        yield Demo(counts, truth, folder)
        transaction.set_rollback(True)
