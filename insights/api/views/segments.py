"""Segments and who moved between them: read from stored sums per team, never counted over customers."""

from collections import Counter

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from customers.api.door import Door
from customers.models import Company, Segment
from insights.api.filters import SegmentMoveFilter
from insights.api.permissions import ManagersReadAdminsAct
from insights.api.serializers import (
    MovementsQuery,
    MovementsSerializer,
    SegmentMoveSerializer,
    SegmentsSerializer,
)
from insights.api.serializers.groups import HowManyQuery, NearSerializer
from insights.api.views.groups import COUNT, near
from insights.models import Kind, ModelVersion, SegmentMove
from insights.movements import flows_between
from insights.overview import overview_for, scored_at

SEGMENT = OpenApiParameter(
    "segment", str, OpenApiParameter.PATH, enum=[one.value for one in Segment]
)


class SegmentViewSet(Door, viewsets.GenericViewSet):
    """What the segments amount to, over the teams one may see. Managers and admins read."""

    serializer_class = SegmentsSerializer
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersReadAdminsAct]
    pagination_class = None
    filter_backends: list = []
    queryset = ModelVersion.objects.none()
    lookup_field = "segment"
    lookup_value_regex = "[a-z_]{1,20}"

    @extend_schema(responses=SegmentsSerializer)
    def list(self, request) -> Response:
        """Sizes, value and average risk of every segment, best first."""
        overview = overview_for(request.user)
        champion = ModelVersion.objects.filter(kind=Kind.SEGMENTS, is_champion=True).first()
        answer = {
            "currency": Company.current().base_currency,
            "version": champion and champion.pk,
            "scored_at": scored_at(champion),
            "everyone": vars(overview.everyone) | {"average_risk": overview.everyone.average_risk},
            "segments": [
                {"segment": one.value, "name": one.label, "average_risk": amounts.average_risk}
                | vars(amounts)
                for one in Segment
                for amounts in [overview.segments[one.value]]
            ],
        }
        return self.one(SegmentsSerializer(answer).data)

    @extend_schema(parameters=[MovementsQuery], responses=MovementsSerializer)
    @action(detail=False, parameters=frozenset(MovementsQuery().fields))
    def movements(self, request) -> Response:
        """How many customers went from which segment to which, between two days or over the last ones."""
        query = MovementsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        span = query.validated_data["span"]
        flows = flows_between(request.user, span, query.validated_data["new_models"])
        came, went = Counter(), Counter()
        for flow in flows:
            went[flow["segment_before"]] += flow["moved"]
            came[flow["segment_after"]] += flow["moved"]
        answer = {
            "since": span.first,
            "until": span.last,
            "flows": flows,
            "segments": [
                {
                    "segment": one.value,
                    "name": one.label,
                    "came": came[one.value],
                    "went": went[one.value],
                    "net": came[one.value] - went[one.value],
                }
                for one in Segment
            ],
        }
        return self.one(MovementsSerializer(answer).data)

    @extend_schema(parameters=[SEGMENT, HowManyQuery], responses=NearSerializer(many=True))
    @action(detail=True, url_path="look-alikes", parameters=COUNT)
    def look_alikes(self, request, segment) -> Response:
        """Who is not in the segment, but nearest to it."""
        if segment not in Segment.values:
            raise Http404
        return near(self, "segment", segment)


class SegmentMoveViewSet(Door, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Changes of segment of every customer one may see, one a day at most, newest first."""

    serializer_class = SegmentMoveSerializer
    filterset_class = SegmentMoveFilter
    queryset = SegmentMove.objects.none()

    def get_queryset(self):
        return SegmentMove.objects.visible_to(self.request.user).real()
