"""What segments amount to per team, stored so that a dashboard adds up only what its reader may see."""

from django.db import models
from django.db.models import Q

from customers.models import Segment, Team


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
