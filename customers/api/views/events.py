"""Events are added and read, up to thousands at a time."""

from rest_framework import status
from rest_framework.response import Response

from customers.api import filters
from customers.api.bulk import examples
from customers.api.bulk.answers import EventsAnswerSerializer, bulk_schema
from customers.api.bulk.batch import Batch
from customers.api.bulk.events import EventRowSerializer, Events
from customers.api.bulk.parsers import NDJSONParser
from customers.api.bulk.requests import is_atomic, rows_of
from customers.api.bulk.taking import take_in
from customers.api.door import address_of
from customers.api.pagination import BY_ID, OCCURRED, RECORDED
from customers.api.parsers import StrictJSONParser
from customers.api.permissions import ADD_FACTS
from customers.api.serializers import (
    EventSerializer,
)
from customers.api.views.base import CreateListRetrieve
from customers.models import (
    Event,
)


def _told(answer: dict) -> dict:
    counts = answer["counts"]
    known = counts["unchanged"] + counts["duplicate"]
    return {
        "accepted": counts["created"],
        "known_already": known,
        "rejected": counts["rejected"],
        **answer,
    }


class EventViewSet(CreateListRetrieve):
    """Browsing and other behaviour. Send one event, or a list of up to 5,000."""

    serializer_class = EventSerializer
    filterset_class = filters.EventFilter
    post_scopes = ADD_FACTS
    orderings = BY_ID | {"occurred_at": OCCURRED, "recorded_at": RECORDED}
    followed = {"recorded_from": "recorded_at"}
    ordering_needs = {"occurred_at": "customer"}
    parser_classes = [StrictJSONParser, NDJSONParser]
    parameters = frozenset({"atomic"})
    queryset = Event.objects.none()

    def get_queryset(self):
        return Event.objects.visible_to(self.request.user).select_related("product")

    @bulk_schema(
        EventRowSerializer,
        examples.EVENT,
        EventsAnswerSerializer,
        status.HTTP_201_CREATED,
        _told,
    )
    def create(self, request, *args, **kwargs) -> Response:
        """Add events, as a list or one on each line; each is stored once, however often it is sent.

        A single event may be sent without the list; it is refused with 400 when something is wrong with it.
        """
        alone = isinstance(request.data, dict)
        rows = [request.data] if alone else rows_of(request.data)
        batch: Batch = take_in(Events(request.user), rows, not alone and is_atomic(request))
        if alone and batch.errors:
            raise batch.refused_alone()
        code = status.HTTP_207_MULTI_STATUS if batch.errors else status.HTTP_201_CREATED
        headers = {"Location": address_of(self, {"id": batch.ids[0]})} if alone else None
        return Response(_told(batch.answer()), status=code, headers=headers)
