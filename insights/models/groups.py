"""Who went from which behaviour group to which: kept as the moves between segments are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers
from customers.models import Customer, Team
from insights.models.segments import PerTeamQuerySet


class GroupMoveQuerySet(models.QuerySet):
    def visible_to(self, user) -> "GroupMoveQuerySet":
        return self.filter(visible_customers(user, "customer__"))

    def real(self) -> "GroupMoveQuerySet":
        """Without those who were back by the end of the day."""
        return self.exclude(group_before=models.F("group_after"))


class GroupMove(models.Model):
    """One customer's change of behaviour group on a day, from where the day began to where it ended.

    Nothing before: newly scored; nothing after: scored no more. That groups were found where there were none, or none
    any more, moves nobody: it would be a row for every customer. ``by_new_model``: as of segments.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    group_before = models.PositiveSmallIntegerField(_("behaviour group before"), null=True)
    group_after = models.PositiveSmallIntegerField(_("behaviour group"), null=True)
    by_new_model = models.BooleanField(default=False)

    objects = GroupMoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "day"], name="one_group_move_per_day")
        ]
        indexes = [models.Index(fields=["day", "id"], name="group_move_day")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} {self.group_before} {self.group_after}"


class GroupFlow(models.Model):
    """How many customers of a team went from one behaviour group to another on a day, added up while fresh."""

    day = models.DateField(_("day"))
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    owned = models.BooleanField(default=False)
    group_before = models.PositiveSmallIntegerField(null=True)
    group_after = models.PositiveSmallIntegerField(null=True)
    by_new_model = models.BooleanField(default=False)
    customers = models.PositiveIntegerField()

    objects = PerTeamQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["day", "team"], name="group_flow_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.group_before} {self.group_after} {self.customers}"
