"""Fields and checks that several nouns share."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from customers.models import (
    Customer,
)

CLOCKS_DIFFER = datetime.timedelta(days=1)


def not_in_the_future(value: datetime.datetime) -> None:
    """What has not happened yet would stand as the newest fact for as long as it takes to come."""
    if value and value > timezone.now() + CLOCKS_DIFFER:
        raise serializers.ValidationError(_("This lies in the future."), "in_the_future")


class VisibleCustomerField(serializers.PrimaryKeyRelatedField):
    """A customer this user may see; a foreign id does not exist."""

    def get_queryset(self):
        return Customer.objects.visible_to(self.context["request"].user)


HAPPENED: dict = {"occurred_at": {"validators": [not_in_the_future]}}
