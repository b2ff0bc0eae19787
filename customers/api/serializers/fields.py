"""Fields that several nouns share."""

from rest_framework import serializers

from customers.models import (
    Customer,
)


class WholeKeyField(serializers.PrimaryKeyRelatedField):
    """An id is a whole number: 7.9 is not cut down to somebody else's 7."""

    def to_internal_value(self, data):
        if isinstance(data, float):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


class VisibleCustomerField(WholeKeyField):
    """A customer this user may see; a foreign id does not exist."""

    def get_queryset(self):
        return Customer.objects.visible_to(self.context["request"].user)
