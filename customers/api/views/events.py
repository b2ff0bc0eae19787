"""Events are added and read, up to thousands at a time."""

from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api import filters
from customers.api.pagination import BY_ID, OCCURRED
from customers.api.permissions import ADD_FACTS
from customers.api.serializers import (
    EventSerializer,
)
from customers.api.views.base import API, CreateListRetrieve
from customers.models import (
    Event,
)
from customers.recording import record_events
from customers.signals import count_rows
from customers.upserting import EventRow

MOST_EVENTS = 5000


@extend_schema_view(
    create=extend_schema(
        request=EventSerializer(many=True),
        responses={
            201: inline_serializer(
                "EventsAccepted",
                {
                    "accepted": serializers.IntegerField(),
                    "known_already": serializers.IntegerField(),
                },
            ),
            400: OpenApiResponse(description="Nothing was stored; each wrong row is named."),
        },
    )
)
class EventViewSet(CreateListRetrieve):
    """Browsing and other behaviour. Send one event, or a list of up to 5,000."""

    serializer_class = EventSerializer
    filterset_class = filters.EventFilter
    post_scopes = ADD_FACTS
    orderings = BY_ID | {"occurred_at": OCCURRED}
    ordering_needs = {"occurred_at": "customer"}
    queryset = Event.objects.none()

    def get_queryset(self):
        return Event.objects.visible_to(self.request.user).select_related("product")

    def create(self, request, *args, **kwargs) -> Response:
        rows = request.data if isinstance(request.data, list) else [request.data]
        serializer = self.get_serializer(data=rows, many=True, max_length=MOST_EVENTS)
        serializer.is_valid(raise_exception=True)
        events = [EventRow(**row) for row in serializer.validated_data]
        stored = record_events(events, request.user, API)
        count_rows(API, "events", len(events))
        answer = {"accepted": stored, "known_already": len(events) - stored}
        return Response(answer, status=status.HTTP_201_CREATED)
