"""Long lists that a worker writes into a file, for whoever asked."""

import datetime
import hashlib
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def digest_of(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


class ListExportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ListExportQuerySet":
        """One's own: the file holds what this person may see."""
        return self.filter(user=user.pk)

    def active(self) -> "ListExportQuerySet":
        return self.filter(status__in=(ListExport.Status.QUEUED, ListExport.Status.RUNNING))


class ListExport(models.Model):
    """``query`` is the address of the list, read again with the rights of its person when it is written."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being written")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    KEPT = datetime.timedelta(days=1)
    MOST_ATTEMPTS = 3

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    query = models.TextField()
    digest = models.CharField(
        max_length=64, editable=False
    )  # of the query, which is too long for an index
    kind = models.CharField(max_length=4)
    language = models.CharField(max_length=10)
    time_zone = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ListExportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("list as a file")
        verbose_name_plural = _("lists as files")
        indexes = [models.Index(fields=["user", "-id"], name="list_export_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "digest", "kind"],
                condition=models.Q(status__in=("queued", "running")),
                name="one_export_of_a_list_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    def save(self, *args, **kwargs) -> None:
        self.digest = digest_of(self.query)
        super().save(*args, **kwargs)

    @property
    def path(self) -> Path:
        return Path(settings.VAR_DIR) / "exports" / f"list-{self.pk}.{self.kind}"

    @property
    def share(self) -> float:
        """How much of it is written, 0 to 1."""
        return min(1.0, self.rows / self.expected) if self.expected else 0.0

    @property
    def kept_until(self) -> datetime.datetime | None:
        return self.ended_at and self.ended_at + self.KEPT
