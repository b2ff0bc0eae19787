"""Who went from which segment or behaviour group to which on a day, customer by customer."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.access import visible_customers
from customers.models import Customer, Segment


class MoveQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MoveQuerySet":
        return self.filter(visible_customers(user, "customer__"))

    def real(self) -> "MoveQuerySet":
        """Without those who were back by the end of the day."""
        before, after = (f"{self.model.what}_{side}" for side in ("before", "after"))
        return self.exclude(**{before: models.F(after)})


class Move(models.Model):
    """One customer's change on a day, from where the day began to where it ended.

    Nothing before: newly scored; nothing after: scored no more. ``by_new_model``: another version was published
    that day, so it may be the names that changed rather than the customer.
    """

    what: ClassVar[str]

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    by_new_model = models.BooleanField(default=False)

    objects = MoveQuerySet.as_manager()

    class Meta:
        abstract = True


class SegmentMove(Move):
    what = "segment"

    segment_before = models.CharField(
        _("segment before"), max_length=20, choices=Segment, blank=True
    )
    segment_after = models.CharField(_("segment"), max_length=20, choices=Segment, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "day"], name="one_segment_move_per_day")
        ]
        indexes = [
            models.Index(fields=["day", "id"], name="segment_move_day"),
            # All that the movement between two days is counted from, customer by customer.
            models.Index(
                fields=["customer", "day", "segment_before", "segment_after", "by_new_model"],
                name="segment_move_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} {self.segment_before} {self.segment_after}"


class GroupMove(Move):
    """That groups were found where there were none, or none any more, moves nobody: it would be a row for everyone."""

    what = "group"

    group_before = models.PositiveSmallIntegerField(_("behaviour group before"), null=True)
    group_after = models.PositiveSmallIntegerField(_("behaviour group"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "day"], name="one_group_move_per_day")
        ]
        indexes = [
            models.Index(fields=["day", "id"], name="group_move_day"),
            # All that the movement between two days is counted from, customer by customer.
            models.Index(
                fields=["customer", "day", "group_before", "group_after", "by_new_model"],
                name="group_move_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} {self.group_before} {self.group_after}"
