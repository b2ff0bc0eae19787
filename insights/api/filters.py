"""Query parameters of the lists of trainings, versions, publishings and moves."""

from django_filters import rest_framework as filters

from customers.api.filters import IdFilter, TrueOrFalseFilter
from customers.models import Segment
from insights.models import ModelVersion, PublishRequest, SegmentMove


class ModelVersionFilter(filters.FilterSet):
    is_champion = TrueOrFalseFilter("is_champion")

    class Meta:
        model = ModelVersion
        fields = ["kind"]


class PublishRequestFilter(filters.FilterSet):
    version = IdFilter("version_id")

    class Meta:
        model = PublishRequest
        fields = ["kind", "status"]


class SegmentMoveFilter(filters.FilterSet):
    customer = IdFilter("customer_id")
    before = filters.ChoiceFilter(field_name="segment_before", choices=Segment.choices)
    after = filters.ChoiceFilter(field_name="segment_after", choices=Segment.choices)
    day_from = filters.DateFilter("day", lookup_expr="gte")
    day_before = filters.DateFilter("day", lookup_expr="lt")
    by_new_model = TrueOrFalseFilter("by_new_model")

    class Meta:
        model = SegmentMove
        fields = ["day"]
