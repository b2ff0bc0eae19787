"""What lists of customers ask about their messages, added up per customer so that no list goes through messages.

Written by customers.saying whenever messages were read, and of all customers every night.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.models.readings import Sentiment


class CustomerVoice(models.Model):
    """``label``: how the latest message felt; beside it when the latest of each feeling came."""

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="voice"
    )
    last_at = models.DateTimeField(_("latest message"))
    label = models.CharField(_("feeling"), max_length=8, choices=Sentiment)
    negative_at = models.DateTimeField(null=True)
    neutral_at = models.DateTimeField(null=True)
    positive_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("voice")
        indexes = [
            models.Index(fields=["label", "customer"], name="voice_label"),
            models.Index(fields=["negative_at", "customer"], name="voice_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.label}"


class CustomerSubject(models.Model):
    """One thing a customer has written about: a concern by its code, a topic by its number, a product by its id.

    ``last_at``: the latest message about it; ``negative_at``: the latest that was negative.
    """

    class Kind(models.TextChoices):
        CONCERN = "concern", _("Concern")
        TOPIC = "topic", _("Topic")
        PRODUCT = "product", _("Product")

    pk = models.CompositePrimaryKey("customer_id", "kind", "code")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="subjects", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    code = models.CharField(max_length=40)
    last_at = models.DateTimeField()
    negative_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        indexes = [
            models.Index(fields=["kind", "code", "last_at", "customer"], name="subject_said"),
            models.Index(
                fields=["kind", "code", "negative_at", "customer"],
                condition=Q(negative_at__isnull=False),
                name="subject_complained",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.code}"
