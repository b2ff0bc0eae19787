"""Reminders come once, and e-mails go out in the language of whoever reads them, by a real mail server."""

import datetime
import email
import email.policy
import importlib
import socket

import pytest
from aiosmtpd.controller import Controller
from django.apps import apps
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from customers.mailing import MOST_TRIES, send_waiting
from customers.models import Notification, Task, User
from customers.notifying import Kind, notify
from customers.recording import record_task
from customers.reminding import move_reminders, remind
from customers.tasking import complete, snooze
from customers.tasks import remind as job

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def task(owner, customer):
    """One whose reminder is due."""
    task = record_task(
        Task(customer=customer, title="Call back", assignee=owner, remind=0,
             due_on=timezone.localdate() - datetime.timedelta(days=1)), owner
    )  # fmt: skip
    Task.objects.filter(pk=task.pk).update(remind_at=timezone.now() - MINUTE)
    return task


def test_what_is_due_is_said_once_however_often_one_looks(task, owner):
    assert [remind(), remind(), remind()] == [1, 0, 0]
    one = Notification.objects.get()
    assert (one.user, one.kind, one.task) == (owner, "reminder", task)


def test_two_that_looked_at_the_same_moment_say_it_once(task, monkeypatch):
    """The second has read the row before the first marked it."""
    remind()
    Task.objects.update(reminded_at=None)
    remind()
    assert Notification.objects.count() == 1


def test_a_done_task_or_one_that_is_to_come_is_not_reminded_of(task, owner):
    complete([task.pk], owner)
    later = timezone.now() + MINUTE
    Task.objects.create(title="Later", assignee=owner, remind=0, remind_at=later)
    assert remind() == 0


def test_put_off_it_is_said_again_on_its_new_day(task, owner):
    remind()
    snooze([task.pk], timezone.localdate() + datetime.timedelta(days=2), owner)
    task.refresh_from_db()
    assert task.reminded_at is None and task.remind_at > timezone.now()
    assert remind(timezone.now() + datetime.timedelta(days=4)) == 1


def test_what_was_due_while_the_server_was_away_for_days_is_not_said_late(task):
    Task.objects.update(remind_at=timezone.now() - datetime.timedelta(days=9))
    assert remind() == 1
    assert not Notification.objects.exists()


def test_with_another_clock_reminders_move(owner):
    task = record_task(
        Task(title="x", assignee=owner, due_on=datetime.date(2030, 1, 20), remind=0), owner
    )
    owner.time_zone = "Asia/Shanghai"
    move_reminders(owner)
    task.refresh_from_db()
    assert task.remind_at == datetime.datetime(2030, 1, 20, 1, 0, tzinfo=datetime.UTC)


class Box:
    """A mail server's handler that keeps what it is given, or refuses it."""

    def __init__(self):
        self.messages, self.refuse = [], False

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            return "451 Later, please"
        policy = email.policy.default
        self.messages.append(email.message_from_bytes(envelope.content, policy=policy))
        return "250 OK"


@pytest.fixture
def box(settings):
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_PORT = port
    settings.DEFAULT_FROM_EMAIL = "Perennial <crm@example.com>"
    settings.SITE_URL = "https://crm.example.com"
    yield box
    server.stop()


@pytest.mark.parametrize(
    ("language", "subject", "why"),
    [("en", "Reminder: Call back", "your profile"), ("zh-hans", "提醒：Call back", "个人设置")],
)
def test_a_reminder_goes_out_in_the_readers_language(box, task, owner, language, subject, why):
    User.objects.filter(pk=owner.pk).update(language=language)
    remind()
    assert [send_waiting(), send_waiting()] == [1, 0]
    [message] = box.messages
    assert message["Subject"] == subject
    assert (message["To"], message["From"]) == (owner.email, "Perennial <crm@example.com>")
    body = message.get_content()
    assert why in body
    assert f"https://crm.example.com/tasks/{task.pk}/" in body
    assert Notification.objects.get().mail == "sent"


def test_whom_another_worker_is_writing_to_is_left_to_it(box, task):
    remind()
    Notification.objects.update(mail_after=timezone.now() + MINUTE)
    assert send_waiting() == 0
    assert box.messages == []


def test_what_a_server_refuses_is_tried_again_later_and_not_for_ever(box, task):
    remind()
    box.refuse = True
    send_waiting()
    one = Notification.objects.get()
    assert (one.mail, one.mail_tries) == ("waiting", 1)
    assert one.mail_after > timezone.now()
    box.refuse = False
    Notification.objects.update(mail_after=timezone.now() - MINUTE)
    assert send_waiting() == 1
    box.refuse = True
    Notification.objects.update(mail="waiting", mail_after=None, mail_tries=MOST_TRIES - 1)
    send_waiting()
    assert Notification.objects.get().mail == "failed"


def test_a_server_that_is_away_stops_nothing(settings, task):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    remind()
    assert send_waiting() == 0
    assert Notification.objects.get().mail == "waiting"


def test_nobody_is_written_about_a_customer_they_no_longer_see_or_a_task_that_is_done(
    box, task, customer, owner, stranger
):
    remind()
    notify(owner, Kind.REMINDER, customer)
    customer.owner = stranger
    customer.save()
    assert send_waiting() == 0
    assert box.messages == []


def test_a_line_break_in_a_title_is_none_in_the_subject(box, task):
    Task.objects.update(title="Call\r\nBcc: all@example.com")
    remind()
    assert send_waiting() == 1
    assert box.messages[0]["Subject"] == "Reminder: Call Bcc: all@example.com"
    assert box.messages[0]["Bcc"] is None


def test_without_a_mail_server_nothing_waits_to_be_sent(settings, task):
    settings.EMAIL_HOST = ""
    remind()
    assert Notification.objects.get().mail == "none"


def test_the_job_does_all_of_it_and_forgets_what_is_long_past(box, task, owner, customer):
    notify(owner, Kind.GIVEN, customer)
    Notification.objects.update(at=timezone.now() - datetime.timedelta(days=200))
    job()
    assert [one.kind for one in Notification.objects.all()] == ["reminder"]
    assert len(box.messages) == 1


def test_the_job_is_on_the_schedule_every_minute(db):
    name = "customers.migrations.0031_tasks_and_notifications"
    importlib.import_module(name).seed(apps, None)
    seeded = PeriodicTask.objects.get(task=job.name)
    assert (seeded.interval.every, seeded.interval.period, seeded.enabled) == (1, "minutes", True)
