"""Query parameters of the lists of trainings, versions, publishings and moves."""

from django import forms
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from customers.api.filters import IdFilter, TrueOrFalseFilter
from customers.models import Segment
from insights.models import GroupMove, ModelVersion, PublishRequest, SegmentMove

LARGEST_NUMBER = 2**15 - 1


class GroupNumberField(forms.IntegerField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=0, max_value=LARGEST_NUMBER, **kwargs)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER})
class GroupNumber(filters.NumberFilter):
    """The number of a behaviour group."""

    field_class = GroupNumberField

    def get_max_validator(self):
        return None


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


class MoveFilter(filters.FilterSet):
    customer = IdFilter("customer_id")
    day_from = filters.DateFilter("day", lookup_expr="gte")
    day_before = filters.DateFilter("day", lookup_expr="lt")
    by_new_model = TrueOrFalseFilter("by_new_model")


class SegmentMoveFilter(MoveFilter):
    before = filters.ChoiceFilter(field_name="segment_before", choices=Segment.choices)
    after = filters.ChoiceFilter(field_name="segment_after", choices=Segment.choices)

    class Meta:
        model = SegmentMove
        fields = ["day"]


class GroupMoveFilter(MoveFilter):
    before = GroupNumber("group_before")
    after = GroupNumber("group_after")

    class Meta:
        model = GroupMove
        fields = ["day"]
