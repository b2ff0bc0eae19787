"""What admins ask to be published; a worker carries it out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from insights.models.learning import Kind, ModelVersion, TrainingRun


class PublishRequestQuerySet(models.QuerySet):
    def active(self) -> "PublishRequestQuerySet":
        return self.filter(status__in=PublishRequest.ACTIVE)


class PublishRequest(models.Model):
    """Somebody's wish that an earlier, or a held back, version becomes champion; one at a time per kind."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Failure(models.TextChoices):
        PRUNED = "pruned", _("The version's files and scores were removed meanwhile.")
        TOO_MANY_ATTEMPTS = "too_many_attempts", _("Given up after several attempts.")

    ACTIVE = (Status.QUEUED, Status.RUNNING)

    kind = models.CharField(_("model"), max_length=12, choices=Kind)
    version = models.ForeignKey(
        ModelVersion, models.CASCADE, related_name="requests", verbose_name=_("version")
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.QUEUED)
    origin = models.CharField(_("started by"), max_length=8, choices=TrainingRun.Origin)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    sent_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    failure = models.CharField(_("reason"), max_length=20, choices=Failure, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = PublishRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("publishing")
        verbose_name_plural = _("publishings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(status__in=("queued", "running")),
                name="one_active_publishing_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} #{self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE
