"""Published scores of everybody one may see."""

from rest_framework import mixins, viewsets

from customers.api.door import Door
from customers.api.pagination import BY_ID
from customers.api.serializers import (
    ScoreSerializer,
)
from customers.models import (
    Company,
    CustomAttribute,
    Customer,
    CustomerScore,
)
from customers.paging import Sort
from customers.reasons import Words


def words() -> Words:
    """What reason sentences need besides their facts."""
    labels = dict(CustomAttribute.objects.values_list("name", "label"))
    return Words(Company.current().base_currency, labels)


class ScoreViewSet(Door, mixins.ListModelMixin, viewsets.GenericViewSet):
    """What is published now about every customer one may see."""

    orderings = {"customer": BY_ID["id"], "churn_risk": Sort("churn_risk", True, float)}
    serializer_class = ScoreSerializer
    queryset = CustomerScore.objects.none()

    def get_queryset(self):
        customers = Customer.objects.visible_to(self.request.user)
        scores = CustomerScore.objects.filter(customer__in=customers)
        return scores.select_related("customer__reasons")

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "words": words()}
