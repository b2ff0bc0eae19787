"""Fields that several nouns share."""

from rest_framework import serializers

from customers.models import (
    Customer,
)


class VisibleCustomerField(serializers.PrimaryKeyRelatedField):
    """A customer this user may see; a foreign id does not exist."""

    def get_queryset(self):
        return Customer.objects.visible_to(self.context["request"].user)
