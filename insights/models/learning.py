"""Runs and the versions they make: the truth about learning lives here, Redis only wakes workers."""

import datetime
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """The questions the product learns to answer."""

    CHURN = "churn", _("Churn risk")
    SEGMENTS = "segments", _("Segments")
    PRODUCTS = "products", _("Recommendations")
    VALUE = "value", _("Customer value")
    SENTIMENT = "sentiment", _("Feelings")
    INTENT = "intent", _("Concerns")

    @property
    def is_of_messages(self) -> bool:
        """It answers about messages, which the reader asks it for one by one; the others score customers."""
        return self in OF_MESSAGES


OF_CUSTOMERS = (Kind.CHURN, Kind.SEGMENTS, Kind.PRODUCTS, Kind.VALUE)
OF_MESSAGES = (Kind.SENTIMENT, Kind.INTENT)


class ModelVersion(models.Model):
    """A trained model that was better than the plain rule, with its figures."""

    kind = models.CharField(_("model"), max_length=12, choices=Kind)
    number = models.PositiveIntegerField(_("version"))
    as_of = models.DateTimeField(_("learnt as of"))
    trained_at = models.DateTimeField(_("trained at"), auto_now_add=True)
    checksum = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    is_champion = models.BooleanField(_("champion"), default=False)
    kept = models.BooleanField(
        _("kept"),
        default=True,
        help_text=_("Its files and scores are still there, so it can be published again."),
    )

    class Meta:
        ordering = ["kind", "-number"]
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(is_champion=True), name="one_champion_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.number}"

    @property
    def directory(self) -> Path:
        return Path(settings.MODELS_DIR) / self.kind / f"v{self.number}"


class TrainingRunQuerySet(models.QuerySet):
    def active(self) -> "TrainingRunQuerySet":
        return self.filter(status__in=(TrainingRun.Status.QUEUED, TrainingRun.Status.RUNNING))

    def active_or_ended_since(self, moment: datetime.datetime) -> "TrainingRunQuerySet":
        return self.active() | self.filter(ended_at__gte=moment)

    def ended(self) -> "TrainingRunQuerySet":
        return self.exclude(status__in=(TrainingRun.Status.QUEUED, TrainingRun.Status.RUNNING))

    def newest_of_each_kind(self) -> "TrainingRunQuerySet":
        newest = self.order_by().values("kind").annotate(newest=models.Max("pk"))
        return self.model.objects.filter(pk__in=newest.values("newest"))

    def that_count_now(self, moment: datetime.datetime) -> "TrainingRunQuerySet":
        """Of each kind the newest that ended and the newest that was judged; all since the moment or not ended."""
        ended = self.ended()
        newest, judged = (
            ended.newest_of_each_kind(),
            ended.exclude(summary={}).newest_of_each_kind(),
        )
        return self.active_or_ended_since(moment) | newest | judged


class TrainingRun(models.Model):
    """One training, from the button to its outcome."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")
        LOST = "lost", pgettext_lazy("training", "Lost")

    class Outcome(models.TextChoices):
        PUBLISHED = "published", _("Became champion")
        NOT_BETTER = "not_better", _("Not better than the rule")
        NOT_BETTER_THAN_CHAMPION = "not_better_than_champion", _("Not better than the champion")
        TOO_LITTLE_DATA = "too_little_data", _("Too little data")

    class Origin(models.TextChoices):
        BUTTON = "button", _("By hand")
        SCHEDULE = "schedule", _("Schedule")
        COMMAND = "command", _("Command")
        API = "api", _("API")
        FIRST = "first", _("First start")

    kind = models.CharField(_("model"), max_length=12, choices=Kind)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.QUEUED)
    outcome = models.CharField(_("outcome"), max_length=24, choices=Outcome, blank=True)
    origin = models.CharField(_("started by"), max_length=8, choices=Origin)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    # When a worker was last told of it; empty: nobody was reached, the sweep tries again.
    sent_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    # The process that looks after it: whoever runs on the same machine sees when it is gone.
    watcher_host = models.CharField(max_length=255, blank=True, editable=False)
    watcher_pid = models.PositiveBigIntegerField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    anew = models.BooleanField(
        _("anew"),
        default=False,
        help_text=_("Thresholds are learnt again instead of being taken over from the champion."),
    )
    stop_requested = models.BooleanField(_("stop requested"), default=False)
    step = models.CharField(_("step"), max_length=30, blank=True)
    fraction = models.FloatField(_("fraction done"), default=0)
    rows = models.PositiveBigIntegerField(_("rows"), null=True, blank=True)
    steps = models.JSONField(_("steps"), default=list, blank=True)
    error = models.TextField(_("error"), blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    version = models.ForeignKey(
        ModelVersion,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("version"),
    )

    is_new = False  # asked for just now, not found under way

    objects = TrainingRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("training run")
        verbose_name_plural = _("training runs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(status="running"), name="one_running_per_kind"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(status="queued"), name="one_queued_per_kind"
            ),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="run_of_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)
