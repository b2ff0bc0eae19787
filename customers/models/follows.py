"""Whose news somebody wants to hear."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer


class Follow(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="followers")
    at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("followed customer")
        verbose_name_plural = _("followed customers")
        constraints = [
            models.UniqueConstraint(fields=["user", "customer"], name="one_follow_per_customer")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.customer_id}"
