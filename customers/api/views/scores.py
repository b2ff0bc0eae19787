"""What is published about everybody one may see: scores, their reasons, recommendations."""

from rest_framework import mixins, viewsets

from customers.api import filters
from customers.api.door import Door
from customers.api.pagination import BY_ID
from customers.api.serializers import (
    ReasonsSerializer,
    RecommendationSerializer,
    ScoreSerializer,
)
from customers.models import (
    Company,
    CustomAttribute,
    Customer,
    CustomerScore,
    Recommendation,
    ScoreReasons,
)
from customers.paging import Sort
from customers.reasons import Words


def words() -> Words:
    """What reason sentences need besides their facts."""
    labels = dict(CustomAttribute.objects.values_list("name", "label"))
    return Words(Company.current().base_currency, labels)


class ScoreViewSet(Door, mixins.ListModelMixin, viewsets.GenericViewSet):
    """What is published now about every customer one may see."""

    orderings = {
        "customer": BY_ID["id"],
        "churn_risk": Sort("churn_risk", True, float),
        "churn_change": Sort("churn_change", True, float),
        "expected_value": Sort("expected_value", True, float),
    }
    serializer_class = ScoreSerializer
    filterset_class = filters.ScoreFilter
    queryset = CustomerScore.objects.none()

    def get_queryset(self):
        customers = Customer.objects.visible_to(self.request.user)
        scores = CustomerScore.objects.filter(customer__in=customers)
        return scores.select_related("customer__reasons", "customer__outlook")

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "words": words()}


class ReasonsViewSet(Door, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Why each churn risk is what it is, in sentences of the language asked for by `Accept-Language`."""

    orderings = {"customer": BY_ID["id"]}
    serializer_class = ReasonsSerializer
    filterset_class = filters.ReasonsFilter
    queryset = ScoreReasons.objects.none()

    def get_queryset(self):
        customers = Customer.objects.visible_to(self.request.user)
        reasons = ScoreReasons.objects.filter(customer__in=customers)
        return reasons.select_related("customer__score")

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "words": words()}


class RecommendationViewSet(Door, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Products recommended now to everybody one may see."""

    serializer_class = RecommendationSerializer
    filterset_class = filters.RecommendationFilter
    queryset = Recommendation.objects.none()

    def get_queryset(self):
        customers = Customer.objects.visible_to(self.request.user)
        rows = Recommendation.objects.filter(customer__in=customers)
        return rows.select_related("product", "because")

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "words": words()}
