"""Customers with so much history that a worker erases them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.changes import ChangeSet
from customers.models.customers import Customer


class Erasure(models.Model):
    """Asked for and not done yet: it goes with its customer. ``visits``: how many there were when it was asked for."""

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="erasure"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=10, choices=ChangeSet.Source)
    visits = models.PositiveIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return str(self.customer_id)

    @property
    def left(self) -> int:
        """How many of the visits are still there."""
        return self.customer.events.count()

    @property
    def share(self) -> float:
        return min(1.0, 1 - self.left / self.visits) if self.visits else 0.0
