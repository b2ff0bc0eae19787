"""What versions say about customers, and what was published of it day by day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from insights.models.learning import Kind, ModelVersion


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


class LedgerQuerySet(models.QuerySet):
    def published(self) -> "LedgerQuerySet":
        """What people were told at the time."""
        return self.exclude(label=PredictionLedger.AFTERWARDS)


class PredictionLedger(models.Model):
    """What was published about a customer on a day: written once, so that it can be held against what happened.

    Or what was worked out afterwards of an earlier day: to compare with, never as a prediction that was made.
    """

    AFTERWARDS = "afterwards"

    pk = models.CompositePrimaryKey("kind", "customer_id", "day")
    kind = models.CharField(max_length=12, choices=Kind)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=True)
    day = models.DateField()
    version = models.BigIntegerField()
    score = models.FloatField(null=True)
    label = models.CharField(max_length=20, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("published prediction")
        verbose_name_plural = _("published predictions")

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id} {self.day}"


class RiskShift(models.Model):
    """By how much another model alone moved a customer's risk when it was published, kept while risks are compared
    over it.

    ``day`` is the last on which the model before scored the customer.
    """

    pk = models.CompositePrimaryKey("customer_id", "day")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    shift = models.FloatField()

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} {self.shift:+.3f}"
