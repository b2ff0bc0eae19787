"""The days of tasks that repeat, and the moments of reminders."""

import datetime
import zoneinfo

import pytest
from django.utils import timezone

from customers.models import Task

DAY = datetime.date


@pytest.mark.parametrize(
    ("repeat", "every", "first", "due", "today", "expected"),
    [
        ("daily", 1, DAY(2026, 3, 1), DAY(2026, 3, 1), DAY(2026, 3, 1), DAY(2026, 3, 2)),
        ("daily", 3, DAY(2026, 3, 1), DAY(2026, 3, 1), DAY(2026, 3, 9), DAY(2026, 3, 10)),
        ("weekly", 2, DAY(2026, 3, 2), DAY(2026, 3, 2), DAY(2026, 3, 2), DAY(2026, 3, 16)),
        # Done early: not the same day once more.
        ("weekly", 1, DAY(2026, 3, 9), DAY(2026, 3, 9), DAY(2026, 3, 2), DAY(2026, 3, 16)),
        # The 31st, in a month that has none and after it.
        ("monthly", 1, DAY(2026, 1, 31), DAY(2026, 1, 31), DAY(2026, 1, 31), DAY(2026, 2, 28)),
        ("monthly", 1, DAY(2026, 1, 31), DAY(2026, 2, 28), DAY(2026, 2, 28), DAY(2026, 3, 31)),
        ("monthly", 3, DAY(2026, 1, 15), DAY(2026, 1, 15), DAY(2026, 8, 1), DAY(2026, 10, 15)),
    ],
)
def test_the_next_day_of_a_series(monkeypatch, repeat, every, first, due, today, expected):
    monkeypatch.setattr(timezone, "localdate", lambda *args: today)
    task = Task(repeat=repeat, repeat_every=every, repeat_from=first, due_on=due)
    assert task.next_day() == expected


@pytest.mark.parametrize(
    ("zone", "time", "before", "expected"),
    [
        ("Asia/Shanghai", datetime.time(10, 30), 15, (2, 15)),
        ("Europe/Berlin", datetime.time(10, 30), 60, (8, 30)),
        ("Europe/Berlin", None, 0, (8, 0)),
    ],
)
def test_a_reminder_comes_by_the_clock_of_its_reader(zone, time, before, expected):
    task = Task(due_on=DAY(2026, 1, 20), due_time=time, remind=before)
    task.set_reminder(zoneinfo.ZoneInfo(zone))
    assert task.remind_at == datetime.datetime(2026, 1, 20, *expected, tzinfo=datetime.UTC)


def test_without_a_day_or_a_wish_there_is_no_reminder():
    for task in (Task(remind=15), Task(due_on=DAY(2026, 1, 20))):
        task.set_reminder(datetime.UTC)
        assert task.remind_at is None
