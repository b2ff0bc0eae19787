"""What is to be scored anew: some customers, or everyone."""

from django.db import models

from customers.models import Customer


class StaleCustomer(models.Model):
    """A customer whose facts changed since the last scoring; the counter tells whether they changed again meanwhile."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+")
    counter = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["since"], name="stale_since")]

    def __str__(self) -> str:
        return f"{self.customer_id}"


class FullScoring(models.Model):
    """A single row that asks for everyone to be scored (after a bulk import), and says when that last happened.

    The leases keep two workers from doing the same work; one whose holder died runs out by itself.
    """

    requested = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    full_lease = models.DateTimeField(null=True)
    stale_lease = models.DateTimeField(null=True)
    totals_outdated = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.served}/{self.requested}"

    @classmethod
    def row(cls) -> "models.QuerySet[FullScoring]":
        """The row as a queryset, for guarded updates."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.filter(pk=1)
