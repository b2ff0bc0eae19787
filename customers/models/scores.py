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
    # The first risk published within the last 30 days, as the model of now would have put it, the version that said
    # it (0: none did, it was worked out afterwards), and by how much the risk has risen since: empty until a day has
    # passed.
    churn_risk_then = models.FloatField(_("churn risk up to 30 days ago"), null=True)
    churn_then_on = models.DateField(_("churn risk up to 30 days ago, published on"), null=True)
    churn_then_version = models.BigIntegerField(null=True)
    churn_change = models.FloatField(_("change of the churn risk in 30 days"), null=True)
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
    expected_value = models.FloatField(_("value expected in 12 months"), null=True)
    value_scored_at = models.DateTimeField(_("value scored at"), null=True)
    value_version = models.BigIntegerField(_("value model"), null=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        indexes = [
            models.Index(fields=["-churn_risk", "customer"], name="score_churn_risk"),
            models.Index(fields=["-churn_change", "customer"], name="score_churn_change"),
            models.Index(
                fields=["segment", "recency_band", "frequency_band"], name="score_segment"
            ),
            models.Index(fields=["segment", "-churn_risk", "customer"], name="score_segment_risk"),
            models.Index(fields=["-expected_value", "customer"], name="score_expected_value"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}"

    @property
    def points_of_change(self) -> int | None:
        """Of the churn risk in 30 days, from the figures as they are shown, so that a reader's sum is right."""
        if self.churn_risk is None or self.churn_risk_then is None:
            return None
        return round(self.churn_risk * 100) - round(self.churn_risk_then * 100)

    @property
    def is_restated(self) -> bool:
        """Whether the risk of then was told by another model than that of now."""
        return self.churn_then_version not in (None, self.churn_version)


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


class Outlook(models.Model):
    """What to expect of a customer beside the one figure that people sort by: amounts in the base currency, days.

    Of ten customers, eight end up between low and high, and eight of ten who order again do so between the days.
    """

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="outlook"
    )
    spend_90 = models.FloatField(_("spend in 90 days"))
    spend_90_low = models.FloatField(_("spend in 90 days, low"))
    spend_90_high = models.FloatField(_("spend in 90 days, high"))
    spend_365_low = models.FloatField(_("spend in 12 months, low"))
    spend_365_high = models.FloatField(_("spend in 12 months, high"))
    stays_365 = models.FloatField(_("chance to order within 12 months"))
    next_from = models.DateField(_("next order, earliest"))
    next_on = models.DateField(_("next order, expected"))
    next_to = models.DateField(_("next order, latest"))
    usual_gap = models.FloatField(_("usual gap in days"), null=True)
    within_30 = models.FloatField(_("chance to order within 30 days"))

    class Meta:
        verbose_name = _("outlook")
        verbose_name_plural = _("outlooks")

    def __str__(self) -> str:
        return f"{self.customer_id}"


class Behaviour(models.Model):
    """Where a customer stands among all in what they do, so that the database can find who is alike.

    Sides in hundredths of a standard deviation from the average (of logarithms), null where the model does not use
    them; places on the axes of whole stories, null where groups found in those are not published; the cells of the
    space nearest to the customer, their own first; and the segment and behaviour group the
    customer is nearest to without being in it, with the distance to its centre.
    """

    SIDES = (
        "recency_days", "orders_all", "order_value", "gap_median", "first_sale_days", "orders_trend",
        "categories_all", "lines_per_order", "returned_share", "visits_90", "conversations_365",
        "complaints_365",
    )  # fmt: skip
    AXES = tuple(f"axis_{number}" for number in range(1, 9))

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="behaviour"
    )
    recency_days = models.SmallIntegerField(null=True)
    orders_all = models.SmallIntegerField(null=True)
    order_value = models.SmallIntegerField(null=True)
    gap_median = models.SmallIntegerField(null=True)
    first_sale_days = models.SmallIntegerField(null=True)
    orders_trend = models.SmallIntegerField(null=True)
    categories_all = models.SmallIntegerField(null=True)
    lines_per_order = models.SmallIntegerField(null=True)
    returned_share = models.SmallIntegerField(null=True)
    visits_90 = models.SmallIntegerField(null=True)
    conversations_365 = models.SmallIntegerField(null=True)
    complaints_365 = models.SmallIntegerField(null=True)
    axis_1 = models.SmallIntegerField(null=True)
    axis_2 = models.SmallIntegerField(null=True)
    axis_3 = models.SmallIntegerField(null=True)
    axis_4 = models.SmallIntegerField(null=True)
    axis_5 = models.SmallIntegerField(null=True)
    axis_6 = models.SmallIntegerField(null=True)
    axis_7 = models.SmallIntegerField(null=True)
    axis_8 = models.SmallIntegerField(null=True)
    cell = models.SmallIntegerField()
    cell_2 = models.SmallIntegerField(null=True)
    cell_3 = models.SmallIntegerField(null=True)
    cell_4 = models.SmallIntegerField(null=True)
    next_segment = models.CharField(max_length=20, choices=Segment, blank=True)
    segment_distance = models.SmallIntegerField(null=True)
    next_cluster = models.SmallIntegerField(null=True)
    cluster_distance = models.SmallIntegerField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("behaviour")
        indexes = [
            models.Index(fields=["cell"], name="behaviour_cell"),
            models.Index(fields=["next_segment", "segment_distance"], name="behaviour_segment"),
            models.Index(fields=["next_cluster", "cluster_distance"], name="behaviour_cluster"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}"

    @property
    def by_story(self) -> bool:
        """Whether whole stories tell who is alike."""
        return self.axis_1 is not None

    @property
    def cells(self) -> list[int]:
        found = (self.cell, self.cell_2, self.cell_3, self.cell_4)
        return [cell for cell in found if cell is not None]


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
