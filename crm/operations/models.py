"""What an installation notes about itself: which of its workers are alive."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.operations import signs

# They beat every five seconds.
SILENT = datetime.timedelta(seconds=30)
FORGOTTEN = datetime.timedelta(hours=1)


class WorkerHeartbeatQuerySet(models.QuerySet):
    def alive(self, now: datetime.datetime | None = None) -> "WorkerHeartbeatQuerySet":
        since = (now or timezone.now()) - SILENT
        return self.filter(Q(seen_at__gte=since) | Q(name__in=signs.since(since)))

    def forgotten(self) -> "WorkerHeartbeatQuerySet":
        return self.filter(seen_at__lt=timezone.now() - FORGOTTEN)


class WorkerHeartbeat(models.Model):
    """A process that works in the background: since when, last seen when, and what it does at the moment."""

    class Role(models.TextChoices):
        WORKER = "worker", pgettext_lazy("process", "Worker")
        TRAINER = "trainer", pgettext_lazy("process", "Trainer")
        BEAT = "beat", pgettext_lazy("process", "Scheduler")

    name = models.CharField(max_length=200, unique=True)
    role = models.CharField(_("role"), max_length=8, choices=Role)
    host = models.CharField(max_length=200)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    # [{"task": name, "about": "7", "since": moment}], what a worker works on; what the scheduler sent last
    doing = models.JSONField(default=list)

    objects = WorkerHeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("background process")
        verbose_name_plural = _("background processes")
        ordering = ["role", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        since = timezone.now() - SILENT
        return self.seen_at >= since or self.name in signs.since(since)


class RowsTaken(models.Model):
    """How many rows of imported files were taken and refused, since ever; importing processes come and go."""

    kind = models.CharField(max_length=20)
    result = models.CharField(max_length=10)
    rows = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "result"], name="one_row_count_per_result")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.result} {self.rows}"

    @classmethod
    def add(cls, kind: str, result: str, rows: int) -> None:
        one, _made = cls.objects.get_or_create(kind=kind, result=result)
        cls.objects.filter(pk=one.pk).update(rows=models.F("rows") + rows)


class FailedTask(models.Model):
    """A kind of task that has failed: how often since ever, and the last time."""

    task = models.CharField(max_length=200, unique=True)
    failures = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    about = models.CharField(max_length=20, blank=True)  # the run, or whatever id it was given
    task_id = models.CharField(max_length=50, blank=True)
    error = models.CharField(max_length=300, blank=True)  # its kind; only of machines what it said

    def __str__(self) -> str:
        return f"{self.task} {self.failures}"

    @classmethod
    def note(cls, task: str, **last) -> None:
        one, _made = cls.objects.get_or_create(task=task)
        cls.objects.filter(pk=one.pk).update(failures=models.F("failures") + 1, **last)


class Backup(models.Model):
    """A backup that was made, or tried: where it is and whether it was read back and found whole."""

    path = models.CharField(_("file"), max_length=500)
    started_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    verified_at = models.DateTimeField(_("verified at"), null=True)
    size = models.PositiveBigIntegerField(_("size"), null=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.path

    @classmethod
    def last_good(cls) -> "Backup | None":
        return cls.objects.exclude(verified_at=None).first()


class Restored(models.Model):
    """Written in the transaction that brings records back: whoever finds it knows that their files belong here."""

    token = models.CharField(max_length=32, unique=True)
    path = models.CharField(max_length=500)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.path
