"""What customers' messages amount to, day by day and per team: a dashboard adds up what its reader may see."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Team
from insights.models.segments import PerTeamQuerySet


class VoiceDay(models.Model):
    """Messages of customers of a team on a day (UTC), by one side of them: a channel, a product, a country.

    ``by`` says which side, ``value`` which of its values (a product's id as text); sums over ``by="all"`` are the
    whole. ``answered`` of them have been, within MessageReading.ANSWERED_WITHIN, after ``answer_hours`` hours
    together. ``owned`` tells apart, among customers without a team, those who have an owner: admins alone see them.
    """

    class By(models.TextChoices):
        ALL = "all", _("All")
        CHANNEL = "channel", _("Channel")
        PRODUCT = "product", _("Product")
        COUNTRY = "country", _("Country")
        INTENT = "intent", _("Concern")

    day = models.DateField(_("day"))
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    owned = models.BooleanField(default=False)
    by = models.CharField(max_length=8, choices=By)
    value = models.CharField(max_length=100, blank=True)
    messages = models.PositiveIntegerField()
    negative = models.PositiveIntegerField()
    neutral = models.PositiveIntegerField()
    positive = models.PositiveIntegerField()
    sentiment_sum = models.FloatField()
    answered = models.PositiveIntegerField()
    answer_hours = models.FloatField()

    objects = PerTeamQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "day", "team"], name="voice_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.by} {self.value} {self.messages}"


class OutdatedVoiceDay(models.Model):
    """A day whose sums are to be made anew: something that was said on it has been read since."""

    day = models.DateField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.day}"


class Rereading(models.Model):
    """A single row: another model reads messages now, and those read before are to be read anew.

    They are handed to the reader range by range, the newest first, so that what arrives meanwhile does not wait:
    ``below`` is the key under which none has been handed over yet, ``handed_over`` counts those that have, of
    ``total`` (unknown until the reader has looked). Asking again begins anew.
    """

    requested = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)
    handed_over = models.PositiveIntegerField(default=0)
    below = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.handed_over}/{self.total}"

    @classmethod
    def row(cls) -> "models.QuerySet[Rereading]":
        """The row as a queryset, for guarded updates."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.filter(pk=1)

    @classmethod
    def under_way(cls) -> "Rereading | None":
        return cls.objects.filter(requested__gt=models.F("served")).first()
