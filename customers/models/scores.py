"""What is published now about each customer. Written only by insights.scoring, read by every page and the API.

Version numbers are plain integers: who made a score is known to insights, not here.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.models.products import Product


class Segment(models.TextChoices):
    """Groups by recency, frequency and money, in their usual order from best to gone."""

    CHAMPIONS = "champions", _("Champions")
    LOYAL = "loyal", _("Loyal")
    PROMISING = "promising", _("Promising")
    NEW = "new", _("New")
    NEED_ATTENTION = "need_attention", _("Need attention")
    AT_RISK = "at_risk", _("At risk")
    HIBERNATING = "hibernating", _("Hibernating")
    LOST = "lost", _("Lost")


class CustomerScore(models.Model):
    """Narrow on purpose: one column per figure that people sort and filter by."""

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="score"
    )
    churn_risk = models.FloatField(_("churn risk"), null=True)
    churn_risk_before = models.FloatField(_("churn risk before"), null=True)
    churn_before_at = models.DateTimeField(_("churn risk before, scored at"), null=True)
    churn_reason = models.CharField(_("top reason"), max_length=120, blank=True)
    churn_scored_at = models.DateTimeField(_("churn scored at"), null=True)
    churn_version = models.BigIntegerField(_("churn model"), null=True)
    segment = models.CharField(_("segment"), max_length=20, choices=Segment, blank=True)
    segment_before = models.CharField(
        _("segment before"), max_length=20, choices=Segment, blank=True
    )
    segment_since = models.DateTimeField(_("segment since"), null=True)
    recency_band = models.PositiveSmallIntegerField(_("recency band"), null=True)
    frequency_band = models.PositiveSmallIntegerField(_("frequency band"), null=True)
    monetary_band = models.PositiveSmallIntegerField(_("monetary band"), null=True)
    cluster = models.PositiveSmallIntegerField(_("behaviour group"), null=True)
    segments_scored_at = models.DateTimeField(_("segment scored at"), null=True)
    segments_version = models.BigIntegerField(_("segment model"), null=True)
    products_scored_at = models.DateTimeField(_("products scored at"), null=True)
    products_version = models.BigIntegerField(_("product model"), null=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        indexes = [
            models.Index(fields=["-churn_risk", "customer"], name="score_churn_risk"),
            models.Index(
                fields=["segment", "recency_band", "frequency_band"], name="score_segment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}"


class ScoreReasons(models.Model):
    """Why the score is what it is: codes, facts and points, never sentences.

    ``churn``: ``{"base": 0.22, "reasons": [{"code": "recency", "facts": {"days": 63}, "points": 24.1}, …]}``;
    base × 100 plus all points is the score in percent.
    """

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="reasons"
    )
    churn = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("score reasons")

    def __str__(self) -> str:
        return f"{self.customer_id}"


class Recommendation(models.Model):
    class Why(models.TextChoices):
        BOUGHT_WITH = "bought_with", _("Bought with")
        BOUGHT_AFTER = "bought_after", _("Bought after")
        ALIKE = "alike", _("Reads alike")
        GOES_WITH = "goes_with", _("Fits the purchases")
        POPULAR = "popular", _("Popular")
        SIMILAR = "similar", _("Similar")
        REORDER = "reorder", _("Reorder")

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="recommendations", db_index=False
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    # Ten million of these are written at once: whoever writes them joins the products, so the database need not
    # look each of them up again, nor keep an index that only the rare deletion of a product would use.
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    score = models.FloatField(_("score"))
    why = models.CharField(_("why"), max_length=12, choices=Why)
    because = models.ForeignKey(
        Product, models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    facts = models.JSONField(default=dict)
    version = models.BigIntegerField()

    class Meta:
        ordering = ["customer", "rank"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.UniqueConstraint(fields=["customer", "rank"], name="one_recommendation_per_rank")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.rank}"
