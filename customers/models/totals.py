"""Sums that pages sort and draw by, stored so that nothing is added up while a page waits.

Written by customers.totalling in the transaction that changed the facts.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer


class CustomerTotals(models.Model):
    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="totals"
    )
    orders = models.PositiveIntegerField(_("orders"), default=0)
    returns = models.PositiveIntegerField(_("returns"), default=0)
    value = models.DecimalField(_("value so far"), max_digits=16, decimal_places=2, default=0)
    first_order_at = models.DateTimeField(_("first order"), null=True)
    last_order_at = models.DateTimeField(_("last order"), null=True)
    usual_gap_days = models.FloatField(_("usual gap in days"), null=True)
    updated_at = models.DateTimeField(_("updated at"))
    # Copies of the customer's owner and team (0: none) and lifecycle, for the indexes: see customers.following.
    owner_key = models.BigIntegerField(db_default=0, editable=False)
    team_key = models.BigIntegerField(db_default=0, editable=False)
    lifecycle = models.CharField(max_length=10, db_default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("totals")
        # The columns behind the customer only narrow: the database looks at them without leaving the index.
        indexes = [
            models.Index(
                fields=["-value", "customer", "owner_key", "team_key", "lifecycle"],
                name="totals_by_value",
            ),
            models.Index(
                fields=["-last_order_at", "customer", "owner_key", "team_key", "lifecycle"],
                name="totals_by_last_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.value}"


class CustomerMonth(models.Model):
    """Net order value of one customer in one calendar month (UTC), in base currency."""

    pk = models.CompositePrimaryKey("customer_id", "month")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="months", db_index=False)
    month = models.DateField(_("month"))
    orders = models.PositiveIntegerField(_("orders"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("month")
        verbose_name_plural = _("months")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month:%Y-%m}"
