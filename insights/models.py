"""Runs, versions and everything they said: the truth about learning lives here, Redis only wakes workers."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer, Segment, Team


class Kind(models.TextChoices):
    """The questions the product learns to answer."""

    CHURN = "churn", _("Churn risk")
    SEGMENTS = "segments", _("Segments")
    PRODUCTS = "products", _("Recommendations")


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

    def ended(self) -> "TrainingRunQuerySet":
        return self.exclude(status__in=(TrainingRun.Status.QUEUED, TrainingRun.Status.RUNNING))

    def newest_of_each_kind(self) -> "TrainingRunQuerySet":
        newest = self.order_by().values("kind").annotate(newest=models.Max("pk"))
        return self.model.objects.filter(pk__in=newest.values("newest"))


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
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
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


class VersionScore(models.Model):
    """What one version says about one customer: kept for the champion, the one before it and a challenger.

    ``values`` holds the kind's full output (risk, base, reasons …) as JSON.
    """

    version = models.ForeignKey(ModelVersion, models.CASCADE, related_name="scores")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    scored_at = models.DateTimeField()
    values = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "customer"], name="one_score_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.customer_id}"


class PredictionLedger(models.Model):
    """What was published about a customer on a day: written once, so that it can be held against what happened."""

    pk = models.CompositePrimaryKey("kind", "customer_id", "day")
    kind = models.CharField(max_length=12, choices=Kind)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=True)
    day = models.DateField()
    version = models.BigIntegerField()
    score = models.FloatField(null=True)
    label = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("published prediction")
        verbose_name_plural = _("published predictions")

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id} {self.day}"


class StaleCustomer(models.Model):
    """A customer whose facts changed since the last scoring; the counter tells whether they changed again meanwhile."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+")
    counter = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["since"], name="stale_since")]

    def __str__(self) -> str:
        return f"{self.customer_id}"


class FullScoring(models.Model):
    """A single row that asks for everyone to be scored (after a bulk import), and says when that last happened.

    The leases keep two workers from doing the same work; one whose holder died runs out by itself.
    """

    requested = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    full_lease = models.DateTimeField(null=True)
    stale_lease = models.DateTimeField(null=True)
    totals_outdated = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.served}/{self.requested}"

    @classmethod
    def row(cls) -> "models.QuerySet[FullScoring]":
        """The row as a queryset, for guarded updates."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.filter(pk=1)


class SegmentTotalsQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SegmentTotalsQuerySet":
        """What customers.access lets this reader see one by one, added up: the same rule on stored sums."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_admin:
            return self
        if user.is_manager:
            return self.filter(Q(team__in=user.teams.all()) | Q(team=None, owned=False))
        return self.none()


class SegmentTotals(models.Model):
    """Customers, value and risk per segment and RFM cell and team: a dashboard adds up only what its reader may see.

    ``owned`` tells apart, among customers without a team, those who have an owner: admins alone see them.
    """

    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    owned = models.BooleanField(default=False)
    segment = models.CharField(max_length=20, choices=Segment)
    recency_band = models.PositiveSmallIntegerField()
    frequency_band = models.PositiveSmallIntegerField()
    customers = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=2)
    risk_sum = models.FloatField()
    risk_customers = models.PositiveIntegerField()
    value_at_risk = models.DecimalField(max_digits=18, decimal_places=2)

    objects = SegmentTotalsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "segment"], name="segment_totals_team")]

    def __str__(self) -> str:
        return f"{self.segment} {self.customers}"
