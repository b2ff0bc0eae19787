"""Query parameters of the lists; an unknown value or parameter is an error."""

from django import forms
from django_filters import rest_framework as filters

from customers.models import (
    Customer,
    CustomerScore,
    Event,
    Interaction,
    Order,
    Product,
    Recommendation,
    ScoreReasons,
    Segment,
)

LARGEST_ID = 2**63 - 1


class IdField(forms.IntegerField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=LARGEST_ID, **kwargs)


class IdFilter(filters.NumberFilter):
    """A whole number that the database can hold."""

    field_class = IdField

    def get_max_validator(self):
        return None


class CustomerFilter(filters.FilterSet):
    search = filters.CharFilter(
        method="searched", help_text="Name, company, e-mail, phone or external id."
    )
    owner = filters.CharFilter("owner__username")
    team = filters.CharFilter("team__name")
    tag = filters.CharFilter("tags__name")
    external_id = filters.CharFilter("external_ids__external_id")
    segment = filters.ChoiceFilter(field_name="score__segment", choices=Segment.choices)
    risk_from = filters.NumberFilter("score__churn_risk", lookup_expr="gte", help_text="0 to 1")
    archived = filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)
    updated_from = filters.IsoDateTimeFilter("updated_at", lookup_expr="gte")

    class Meta:
        model = Customer
        fields = ["kind", "lifecycle", "country"]

    def searched(self, customers, name, value):
        return customers.search(value)


class OccurredFilter(filters.FilterSet):
    customer = IdFilter("customer_id")
    occurred_from = filters.IsoDateTimeFilter("occurred_at", lookup_expr="gte")
    occurred_before = filters.IsoDateTimeFilter("occurred_at", lookup_expr="lt")


class OrderFilter(OccurredFilter):
    class Meta:
        model = Order
        fields = ["kind", "source", "number"]


class InteractionFilter(OccurredFilter):
    class Meta:
        model = Interaction
        fields = ["channel", "direction", "rating", "language"]


class EventFilter(OccurredFilter):
    class Meta:
        model = Event
        fields = ["kind"]


class ProductFilter(filters.FilterSet):
    search = filters.CharFilter("name", lookup_expr="icontains")

    class Meta:
        model = Product
        fields = ["sku", "category", "in_stock"]


class ScoreFilter(filters.FilterSet):
    customer = filters.NumberFilter("customer_id")
    segment = filters.MultipleChoiceFilter(
        choices=Segment.choices, help_text="Several: customers of any of them."
    )
    risk_from = filters.NumberFilter("churn_risk", lookup_expr="gte", help_text="0 to 1")
    risk_to = filters.NumberFilter("churn_risk", lookup_expr="lte", help_text="0 to 1")
    scored_from = filters.IsoDateTimeFilter("churn_scored_at", lookup_expr="gte")
    version = filters.NumberFilter("churn_version", help_text="Id of the churn model's version.")

    class Meta:
        model = CustomerScore
        fields = ["segments_version"]


class ReasonsFilter(filters.FilterSet):
    customer = filters.NumberFilter("customer_id")
    segment = filters.ChoiceFilter(field_name="customer__score__segment", choices=Segment.choices)
    risk_from = filters.NumberFilter(
        "customer__score__churn_risk", lookup_expr="gte", help_text="0 to 1"
    )
    reason = filters.CharFilter(
        "customer__score__churn_reason", help_text="Code of the reason that did most."
    )

    class Meta:
        model = ScoreReasons
        fields: list = []


class RecommendationFilter(filters.FilterSet):
    customer = filters.NumberFilter("customer_id")
    product = filters.CharFilter("product__sku", help_text="SKU")
    rank_to = filters.NumberFilter("rank", lookup_expr="lte", help_text="1: the best only.")
    score_from = filters.NumberFilter("score", lookup_expr="gte", help_text="0 to 1")

    class Meta:
        model = Recommendation
        fields = ["why", "version"]
