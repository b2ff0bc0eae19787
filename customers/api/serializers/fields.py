"""Fields that several nouns share."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.bulk.references import (
    CUSTOMER,
    ORDER,
    CustomerReference,
    OrderReference,
    ReferenceField,
    find_customers,
    find_orders,
)
from customers.models import (
    Customer,
    Order,
)


class WholeKeyField(serializers.PrimaryKeyRelatedField):
    """An id is a whole number: 7.9 is not cut down to somebody else's 7."""

    def to_internal_value(self, data):
        if isinstance(data, float):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


class VisibleField(WholeKeyField):
    """A record this user may see, by our id or by the sender's own key; a foreign one does not exist."""

    by_key: type[ReferenceField]

    def find(self, references: set, user) -> dict:
        raise NotImplementedError

    def to_internal_value(self, data):
        if isinstance(data, dict):
            named = self.by_key().run_validation(data)
            found = self.find({named}, self.context["request"].user)
            if named not in found:
                self.fail("does_not_exist", pk_value=" ".join(named))
            data = found[named]
        return super().to_internal_value(data)


@extend_schema_field(CUSTOMER)
class VisibleCustomerField(VisibleField):
    by_key = CustomerReference

    def find(self, references: set, user) -> dict:
        return find_customers(references, user)

    def get_queryset(self):
        return Customer.objects.visible_to(self.context["request"].user)


@extend_schema_field(ORDER)
class VisibleOrderField(VisibleField):
    by_key = OrderReference

    def find(self, references: set, user) -> dict:
        return find_orders(references, user)

    def get_queryset(self):
        return Order.objects.visible_to(self.context["request"].user)
