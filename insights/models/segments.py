"""What segments amount to per team, stored so that a dashboard adds up only what its reader may see."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from customers.models import Segment, Team


class PerTeamQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PerTeamQuerySet":
        """What customers.access lets this reader see one by one, added up: the same rule on stored sums."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_admin:
            return self
        if user.is_manager:
            return self.filter(Q(team__in=user.teams.all()) | Q(team=None, owned=False))
        return self.none()


class SegmentTotals(models.Model):
    """Sums per segment, RFM cell, behaviour group and team: a dashboard adds up only what its reader may see.

    ``owned`` tells apart, among customers without a team, those who have an owner: admins alone see them.
    """

    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    owned = models.BooleanField(default=False)
    segment = models.CharField(max_length=20, choices=Segment)
    recency_band = models.PositiveSmallIntegerField()
    frequency_band = models.PositiveSmallIntegerField()
    cluster = models.PositiveSmallIntegerField(null=True)  # the behaviour group
    customers = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=2)
    risk_sum = models.FloatField()
    risk_customers = models.PositiveIntegerField()
    value_at_risk = models.DecimalField(max_digits=18, decimal_places=2)

    objects = PerTeamQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "segment"], name="segment_totals_team")]

    def __str__(self) -> str:
        return f"{self.segment} {self.customers}"


class GroupName(models.Model):
    """What people call a behaviour group; without a row, or an empty name, it is called by what sets it apart.

    A number belongs to one group for good (see insights.ml.clusters), so the name outlives trainings.
    """

    LONGEST = 40

    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(_("name"), max_length=LONGEST, blank=True)

    class Meta:
        verbose_name = _("group name")
        verbose_name_plural = _("group names")
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=~Q(name=""), name="one_group_of_each_name"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.number)

    @classmethod
    def known(cls) -> dict[int, str]:
        """The names people gave, by the group's number."""
        return dict(cls.objects.exclude(name="").values_list("number", "name"))
