"""Browsing and other behaviour: an open kind, high volume, narrow rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.changes import Recorded
from customers.models.customers import Customer
from customers.models.orders import FactQuerySet
from customers.models.products import Product
from customers.moments import HAPPENED


class Event(Recorded):
    # Kinds with a name of their own; any other short word is as good.
    PAGE, PRODUCT_VIEW, SEARCH, CART = "page", "product_view", "search", "cart"

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="events", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=30)
    subject = models.CharField(_("page or search words"), max_length=200, blank=True)
    product = models.ForeignKey(
        Product,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("product"),
    )
    seconds = models.PositiveIntegerField(_("seconds stayed"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("when"), validators=HAPPENED)
    # Given by the sender, or made from the row's content: the same event sent twice is stored once.
    key = models.UUIDField(_("key"), null=True, blank=True, unique=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="event_of_customer"),
            models.Index(fields=["recorded_at", "id"], name="event_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()
