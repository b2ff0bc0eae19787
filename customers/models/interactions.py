"""What customers and the company said to each other, on every channel."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.changes import Recorded
from customers.models.customers import Customer
from customers.models.orders import FactQuerySet, Order
from customers.models.products import Product
from customers.moments import HAPPENED


class Interaction(Recorded):
    """One message, call, meeting, note, review or complaint. From outside, customer and time may be unknown."""

    class Channel(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Chat")
        MEETING = "meeting", _("Meeting")
        NOTE = "note", _("Note")
        REVIEW = "review", _("Review")
        COMPLAINT = "complaint", _("Complaint")
        SOCIAL = "social", _("Social media")

    class Direction(models.TextChoices):
        IN = "in", _("From the customer")
        OUT = "out", _("To the customer")
        INTERNAL = "internal", _("Internal")

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("customer"),
    )
    order = models.ForeignKey(
        Order,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("order"),
    )
    product = models.ForeignKey(
        Product,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("product"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    direction = models.CharField(
        _("direction"), max_length=8, choices=Direction, default=Direction.IN
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    rating = models.PositiveSmallIntegerField(
        _("rating"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    occurred_at = models.DateTimeField(_("when"), null=True, blank=True, validators=HAPPENED)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="mentioned_in",
        verbose_name=_("mentions"),
    )
    source = models.CharField(_("source"), max_length=50, blank=True)
    # Null, not empty, where there is none: so that the constraint holds only where there is one.
    external_id = models.CharField(  # noqa: DJ001
        _("external id"), max_length=100, null=True, blank=True
    )
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="one_interaction_per_external_id"
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)), name="rating_1_to_5"
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "-occurred_at", "-id"], name="interaction_of_customer"
            ),
            models.Index(fields=["-occurred_at", "-id"], name="interaction_newest"),
            models.Index(fields=["updated_at", "id"], name="interaction_updated"),
            # What colleagues did lately, among all that customers wrote.
            models.Index(
                fields=["-occurred_at", "author"],
                condition=Q(author__isnull=False),
                name="interaction_by_colleagues",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"{self.get_channel_display()} {self.pk}"

    @property
    def words(self) -> str:
        """Subject and text as one text: what is read, and what the places in a reading refer to."""
        return "\n".join(part for part in (self.subject, self.text) if part)
