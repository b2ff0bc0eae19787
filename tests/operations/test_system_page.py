"""The system page says how everything is, and what to do about what is not well."""

import datetime

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from crm.operations.backups.making import BACKUP_TASK
from crm.operations.models import Backup, WorkerHeartbeat
from insights.models import StaleCustomer, TrainingRun


@pytest.fixture
def page(client, admin):
    client.force_login(admin)

    def page(address="/system/", **more):
        response = client.get(address, **more)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return page


@pytest.fixture
def nightly(db):
    every_night, _made = CrontabSchedule.objects.get_or_create(hour="2", minute="30")
    new = {"name": "Back up", "crontab": every_night, "enabled": False}
    job, _made = PeriodicTask.objects.get_or_create(task=BACKUP_TASK, defaults=new)
    return job


def backup(**fields):
    now = timezone.now()
    values = {"path": "/backups/a.tar", "started_at": now, "ended_at": now, "size": 12_400_000}
    return Backup.objects.create(**(values | {"verified_at": now} | fields))


@pytest.mark.parametrize(
    ("in_image", "command"), [(False, "make run"), (True, "docker compose up -d trainer")]
)
def test_without_broker_and_workers_it_comes_and_says_what_to_do(
    page, monkeypatch, in_image, command
):
    from crm.operations import advice

    monkeypatch.setattr(advice, "IN_IMAGE", in_image)
    text = page()
    assert "The broker does not answer." in text
    assert "No worker is running." in text and "No trainer is running." in text
    assert "The scheduler is not running." in text
    assert command in text and "None gives a sign of life." in text


def test_where_everything_lives_there_is_nothing_to_do(
    page, all_live, broker, nightly, monkeypatch
):
    from crm.operations import advice

    monkeypatch.setattr(advice, "of_disk", lambda space: ())  # whatever this machine has left
    PeriodicTask.objects.filter(task="insights.tasks.sweep").update(enabled=True)
    PeriodicTask.objects.get_or_create(
        task="insights.tasks.sweep", defaults={"name": "Sweep", "crontab": nightly.crontab}
    )
    backup()
    text = page()
    assert "Everything is well" in text, text[text.index("What to do") :][:1500]
    assert "12.4 MB" in text and "/backups/a.tar" in text


def test_workers_stand_with_what_they_do(page, lives):
    doing = [{"task": "insights.tasks.run_training", "about": "7", "since": "2026-11-25T10:00:00Z"}]
    lives(WorkerHeartbeat.Role.TRAINER, doing=doing)
    lives(WorkerHeartbeat.Role.WORKER)
    text = page()
    assert "Trains a model #7" in text and "nothing at the moment" in text
    TrainingRun.objects.create(pk=7, kind="churn", origin="button", status="running")
    assert "Trains a model: Churn risk" in page()


def test_what_waits_is_counted(page, customer):
    StaleCustomer.objects.create(
        customer=customer, since=timezone.now() - datetime.timedelta(hours=1)
    )
    text = page()
    assert "Customers wait for their new score." in text


def test_a_failed_training_is_shown_with_its_log_and_a_failed_backup_with_its_words(page):
    run = TrainingRun.objects.create(
        kind="churn", origin="button", status="failed", ended_at=timezone.now()
    )
    backup(verified_at=None, size=None, error="OSError: No space left on device")
    text = page()
    assert reverse("model-run", args=[run.pk]) in text
    assert "The last backup failed." in text and "No space left on device" in text


def test_a_sweep_that_is_switched_off_is_noticed(page):
    PeriodicTask.objects.filter(task="insights.tasks.sweep").update(enabled=False)
    assert "The sweep that finds lost work is switched off." in page()


def test_an_unchanged_page_is_not_sent_again(page, client, lives):
    stamp = page().partition("?stamp=")[2][:16]
    address = f"/system/live/?stamp={stamp}"
    assert client.get(address).status_code == 204
    lives(WorkerHeartbeat.Role.BEAT)
    changed = client.get(address)
    assert changed.status_code == 200 and b"stamp=" in changed.content
    assert b"<html" not in changed.content


def test_the_nightly_backup_is_off_until_somebody_switches_it_on(client, admin, nightly):
    client.force_login(admin)
    PeriodicTask.objects.filter(pk=nightly.pk).update(enabled=False)
    for expected in (True, False):
        client.post(reverse("system-backup-nightly"))
        nightly.refresh_from_db()
        assert nightly.enabled == expected


def test_a_backup_is_asked_for_by_a_button_and_without_a_broker_the_page_says_so(
    client, admin, monkeypatch
):
    from crm.operations.views import system

    client.force_login(admin)
    for reached, words in ((True, b"A backup is being made"), (False, b"Nothing was made")):
        monkeypatch.setattr(system, "wake", lambda task, reached=reached: reached)
        assert words in client.post(reverse("system-backup"), follow=True).content


def test_admins_find_it_in_the_navigation_and_in_the_settings(client, admin, manager):
    for person, sees in ((admin, True), (manager, False)):
        client.force_login(person)
        assert ('href="/system/"' in client.get("/").content.decode()) == sees
    client.force_login(admin)
    assert client.get("/settings/").content.decode().count('href="/system/"') >= 2


def test_it_asks_the_database_as_often_however_much_there_is(
    page,
    client,
    make_version,
    lives,
    django_assert_num_queries,
):
    # PostgreSQL is asked for its size, which SQLite's file tells by itself.
    queries = QUERIES + (connection.vendor == "postgresql")
    page()  # the company's time zone is remembered from here on
    with django_assert_num_queries(queries):
        page()
    for role in WorkerHeartbeat.Role.values:
        lives(role)
    for _ in range(5):
        backup()
        TrainingRun.objects.create(
            kind="churn", origin="button", status="failed", ended_at=timezone.now()
        )
    for kind in ("churn", "segments", "products"):
        make_version(kind, champion=True)
    with django_assert_num_queries(queries):
        page()


QUERIES = 19


def test_every_task_of_ours_has_words():
    from crm.celery import app
    from crm.operations.wording import TASKS

    app.loader.import_default_modules()
    ours = {name for name in app.tasks if name.startswith(("crm.", "customers.", "insights."))}
    assert "insights.tasks.sweep" in ours
    assert ours == set(TASKS)


def test_our_image_says_that_it_is_ours():
    from pathlib import Path

    image = (Path(__file__).parents[2] / "Dockerfile").read_text()
    assert "PERENNIAL_IMAGE=1" in image
