"""What is to be scored anew: some customers, or everyone."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.models import Customer


class StaleCustomerQuerySet(models.QuerySet):
    def due(self) -> "StaleCustomerQuerySet":
        return self.exclude(set_aside_until__gt=timezone.now())


class StaleCustomer(models.Model):
    """A customer whose facts changed since the last scoring; the counter tells whether they changed again meanwhile.

    One whose facts cannot be scored is set aside for a while, or until they change, so that all others can be.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+")
    counter = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()
    set_aside_until = models.DateTimeField(null=True)

    objects = StaleCustomerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["since"], name="stale_since")]

    def __str__(self) -> str:
        return f"{self.customer_id}"


class FullScoring(models.Model):
    """A single row that asks for everyone to be scored (after a bulk import), and says when that last happened.

    ``serving`` is the request whose chunks are being worked off. The leases keep two workers from refreshing the
    same customers, or reading the same messages; one whose holder died runs out by itself.
    """

    requested = models.PositiveIntegerField(default=0)
    serving = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    stale_lease = models.DateTimeField(null=True)
    reading_lease = models.DateTimeField(null=True)
    totals_outdated = models.BooleanField(default=False)
    dashboards_at = models.DateTimeField(null=True)  # when their slower sums were last made

    def __str__(self) -> str:
        return f"{self.served}/{self.requested}"

    @classmethod
    def row(cls) -> "models.QuerySet[FullScoring]":
        """The row as a queryset, for guarded updates."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.filter(pk=1)


class ScoringChunkQuerySet(models.QuerySet):
    def free(self) -> "ScoringChunkQuerySet":
        """Nobody is at them, or whoever was gave no sign of life for long; and they have not failed too often.

        A lease that reaches further than any does was taken under a clock that has since been put back.
        """
        now = timezone.now()
        ahead = Q(lease__gt=now + 2 * ScoringChunk.LONGEST_LEASE)
        nobody = Q(lease=None) | Q(lease__lt=now) | ahead
        return self.filter(nobody, attempts__lt=ScoringChunk.MOST_ATTEMPTS)

    def open(self) -> "ScoringChunkQuerySet":
        """Still to be done, or being done."""
        alive = Q(lease__gte=timezone.now())
        return self.filter(alive | Q(attempts__lt=ScoringChunk.MOST_ATTEMPTS))


class ScoringChunk(models.Model):
    """A range of customer keys that a full scoring has not seen to yet; the row goes when it has."""

    MOST_ATTEMPTS = 5
    # With the sweep after it, what a killed worker held goes on within a minute.
    LONGEST_LEASE = datetime.timedelta(seconds=40)

    low = models.BigIntegerField()
    stop = models.BigIntegerField()
    lease = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = ScoringChunkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["low"], name="one_scoring_chunk_per_range")]

    def __str__(self) -> str:
        return f"{self.low} to {self.stop - 1}"

    @property
    def keys(self) -> range:
        return range(self.low, self.stop)
