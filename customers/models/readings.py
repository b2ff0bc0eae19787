"""What each message says: written by the models' workers alone, and what people set right about it.

The row of a message is there from the moment the message is: triggers make it and keep its copies of the message's
customer, time and direction (see customers.unread), so that a list of negative messages by time is one index. Its
contents follow within seconds.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.concerns import concerns, stored_concerns
from customers.models.customers import Customer
from customers.models.interactions import Interaction
from customers.models.orders import FactQuerySet
from customers.models.products import Product


class Sentiment(models.TextChoices):
    NEGATIVE = "negative", _("Negative")
    NEUTRAL = "neutral", _("Neutral")
    POSITIVE = "positive", _("Positive")


class MessageReadingQuerySet(FactQuerySet):
    def unread(self) -> "MessageReadingQuerySet":
        """New, or changed since they were read."""
        return self.filter(read_at=None)

    def shown(self) -> "MessageReadingQuerySet":
        """Without archived customers and those who refused profiling; messages of nobody known are shown."""
        return self.filter(
            Q(customer=None) | Q(customer__archived_at=None, customer__profiling_refused=False)
        )

    def negative(self) -> "MessageReadingQuerySet":
        return self.filter(label=Sentiment.NEGATIVE)

    def unanswered(self) -> "MessageReadingQuerySet":
        """From the customer, and nothing has been sent to them since."""
        return self.filter(inbound=True, answered_at=None)


# The product that a message is about, as a column.
PRODUCT = Coalesce("interaction__product_id", "named_product_id")


def about_product(product: int) -> Q:
    """Readings of messages that are about it; each half is found by an index."""
    told = Interaction.objects.filter(product=product).order_by().values("pk")
    named = MessageReading.objects.filter(named_product=product, interaction__product=None)
    return Q(pk__in=told.union(named.order_by().values("pk")))


class MessageReading(models.Model):
    """``label`` and ``intent`` are what holds: a person's word where there is one, else the reader's; of a concern that
    was merged or switched off, what it stands for (see :class:`Concern`).

    ``sentiment`` runs from -1 to 1; label and sentiment are those of customers' words alone, others have none.
    ``urgency`` runs from 0 to 3. ``version`` names the rules and models that read it. ``changes`` counts what
    happened to the message, so that a reading of an earlier text is never stored. ``details`` holds codes and
    places in :attr:`Interaction.words`, never sentences::

        {"evidence": [[start, end, weight], …], "sentences": [[start, end, sentiment], …],
         "aspects": [[code, start, end, sentiment], …], "keywords": [word, …],
         "entities": [[kind, start, end, key, suggested], …], "urgency": [code, …]}
    """

    # What is sent later has another reason: it counts for no answer where answers and their times are added up.
    ANSWERED_WITHIN = datetime.timedelta(days=14)

    interaction = models.OneToOneField(
        Interaction, models.CASCADE, primary_key=True, related_name="reading"
    )
    # A copy, as are the next two: the message's own customer is what is checked.
    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        related_name="readings",
        db_index=False,
        db_constraint=False,
    )
    occurred_at = models.DateTimeField(_("when"), null=True)
    inbound = models.BooleanField(_("from the customer"), db_default=False)
    language = models.CharField(_("language"), max_length=8, blank=True, db_default="")
    sentiment = models.FloatField(_("sentiment"), null=True)
    label = models.CharField(
        _("feeling"), max_length=8, choices=Sentiment, blank=True, db_default=""
    )
    label_read = models.CharField(max_length=8, choices=Sentiment, blank=True, db_default="")
    intent = models.CharField(_("concern"), max_length=40, blank=True, db_default="")
    intent_read = models.CharField(max_length=40, blank=True, db_default="")
    intent_chance = models.FloatField(null=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), db_default=0)
    # The first that its words name; it counts where the message itself is said to be about none.
    named_product = models.ForeignKey(
        Product,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    version = models.CharField(_("read by"), max_length=40, blank=True, db_default="")
    read_at = models.DateTimeField(_("read"), null=True)
    changes = models.PositiveIntegerField(db_default=0, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    details = models.JSONField(db_default={}, default=dict)

    objects = MessageReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [
            models.Index(fields=["-interaction"], condition=Q(read_at=None), name="reading_unread"),
            models.Index(fields=["customer", "-occurred_at"], name="reading_of_customer"),
            models.Index(fields=["changed_at", "interaction"], name="reading_changed"),
            models.Index(
                fields=["named_product"],
                condition=Q(named_product__isnull=False),
                name="reading_named_product",
            ),
            models.Index(
                fields=["label", "-occurred_at", "-interaction"],
                condition=~Q(label=""),
                name="reading_label",
            ),
            models.Index(
                fields=["-occurred_at", "-interaction"],
                condition=Q(label="negative", answered_at=None),
                name="reading_waiting",
            ),
            models.Index(
                fields=["intent", "-occurred_at", "-interaction"],
                condition=~Q(intent=""),
                name="reading_intent",
            ),
            models.Index(
                fields=["-occurred_at", "-interaction"],
                condition=Q(inbound=True, answered_at=None),
                name="reading_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.label}"

    @property
    def is_corrected(self) -> bool:
        return self.label != self.label_read or self.intent != concerns().stands_for(
            self.intent_read
        )


class MessageCorrectionQuerySet(models.QuerySet):
    def given(self) -> "MessageCorrectionQuerySet":
        """Those that say something: labels to learn from. One that was taken back is empty."""
        return self.exclude(label="", intent="")


class MessageCorrection(models.Model):
    """What a person says a message expresses; empty where they leave it to the reader."""

    interaction = models.OneToOneField(
        Interaction, models.CASCADE, primary_key=True, related_name="correction"
    )
    label = models.CharField(_("feeling"), max_length=8, choices=Sentiment, blank=True)
    intent = models.CharField(_("concern"), max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), auto_now=True)

    objects = MessageCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.label} {self.intent}"

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        self.apply()

    @property
    def customer_id(self) -> int | None:
        return self.interaction.customer_id

    def apply(self) -> None:
        """Let the reading say so at once; the worker goes over it again for all that follows from it."""
        values: dict = {"changed_at": timezone.now(), "changes": F("changes") + 1, "read_at": None}
        reading = MessageReading.objects.filter(pk=self.pk)
        read = reading.values("label_read", "intent_read").first()
        if read is None:
            return
        values["label"] = self.label or read["label_read"]
        values["intent"] = stored_concerns().stands_for(self.intent or read["intent_read"])
        reading.update(**values)
