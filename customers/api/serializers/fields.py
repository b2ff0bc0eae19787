"""Fields that several nouns share."""

from collections.abc import Callable

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
    no_customer,
    no_order,
)
from customers.models import (
    Customer,
    Order,
)


class NamedField(serializers.SlugRelatedField):
    """Something by its name; ``none`` says that there is nothing of that name."""

    def __init__(self, slug: str, none: Callable[[], str], **options):
        super().__init__(slug, **options)
        self.none = none

    def fail(self, key: str, **words):
        if key not in ("does_not_exist", "invalid"):
            super().fail(key, **words)
        raise serializers.ValidationError(self.none(), key)


class VisibleField(serializers.PrimaryKeyRelatedField):
    """A record this user may see, by our id or by the sender's own key; a foreign one does not exist."""

    by_key: type[ReferenceField]

    def find(self, references: set, user) -> dict:
        raise NotImplementedError

    def none(self) -> str:
        raise NotImplementedError

    def to_internal_value(self, data):
        named = self.by_key().run_validation(data)
        found = self.find({named}, self.context["request"].user)
        if named not in found:
            raise serializers.ValidationError(self.none(), "does_not_exist")
        return super().to_internal_value(found[named])


@extend_schema_field(CUSTOMER)
class VisibleCustomerField(VisibleField):
    by_key = CustomerReference

    def none(self) -> str:
        return no_customer()

    def find(self, references: set, user) -> dict:
        return find_customers(references, user)

    def get_queryset(self):
        return Customer.objects.visible_to(self.context["request"].user)


@extend_schema_field(CUSTOMER)
class ParentField(VisibleCustomerField):
    """Shown only to who sees the organisation too: the view fetches it for its reader."""

    def use_pk_only_optimization(self) -> bool:
        return False


@extend_schema_field(ORDER)
class VisibleOrderField(VisibleField):
    by_key = OrderReference

    def none(self) -> str:
        return no_order()

    def find(self, references: set, user) -> dict:
        return find_orders(references, user)

    def get_queryset(self):
        return Order.objects.visible_to(self.context["request"].user)
