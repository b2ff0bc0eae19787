"""What customers bought, sent back or cancelled."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.access import visible_facts
from customers.models.changes import Recorded
from customers.models.customers import Customer
from customers.models.products import Product
from customers.moments import HAPPENED


class FactQuerySet(models.QuerySet):
    """Facts about customers: orders, interactions, events."""

    def visible_to(self, user) -> "FactQuerySet":
        return self.filter(visible_facts(user))


class Order(Recorded):
    """One order, return or cancellation. Amounts carry their sign: money that went back is negative."""

    class Kind(models.TextChoices):
        SALE = "sale", _("Order")
        RETURN = "return", _("Return")
        CANCELLATION = "cancellation", _("Cancellation")

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="orders", verbose_name=_("customer")
    )
    source = models.CharField(_("source"), max_length=50)
    number = models.CharField(_("number"), max_length=100)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SALE)
    returns = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="returned_by",
        verbose_name=_("returns order"),
    )
    occurred_at = models.DateTimeField(_("when"), validators=HAPPENED)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    base_amount = models.DecimalField(_("amount in base currency"), max_digits=14, decimal_places=2)
    channel = models.CharField(_("channel"), max_length=30, blank=True)
    content_hash = models.CharField(max_length=32, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="one_order_per_number"),
            models.CheckConstraint(
                condition=Q(kind="sale", amount__gte=0) | (~Q(kind="sale") & Q(amount__lte=0)),
                name="order_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="order_of_customer"),
            models.Index(fields=["-occurred_at", "-id"], name="order_newest"),
            models.Index(fields=["updated_at", "id"], name="order_updated"),
            # Of this kind PostgreSQL also finds what a number begins with.
            models.Index(
                fields=["number"], opclasses=["varchar_pattern_ops"], name="order_number_begins"
            ),
            models.Index(fields=["-base_amount", "-id"], name="order_largest"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("product"),
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    base_amount = models.DecimalField(_("amount in base currency"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["order", "position"]
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} × {self.product or self.description}"
