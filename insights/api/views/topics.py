"""Topics by API: what customers one may see talk about, the messages of one, and what it is called."""

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from customers.api.conditions import etag_of, require_match
from customers.api.door import ChangeOne, Door
from customers.api.pagination import OCCURRED, KeysetPagination
from customers.api.permissions import ManagersWrite
from customers.api.serializers import InteractionSerializer
from customers.models import ChangeSet, Company
from insights.api.serializers.topics import TopicSerializer, TopicsSerializer
from insights.models import MessageTopic, Topic
from insights.talk import Told, found_name, messages_of, name_topic, quote, told


class TopicViewSet(ChangeOne, Door, viewsets.GenericViewSet):
    """Read by all, over what each may see; named by managers and admins."""

    serializer_class = TopicSerializer
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersWrite]
    http_method_names = ["get", "patch", "head", "options"]
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,9}"
    pagination_class = None
    filter_backends: list = []
    orderings = {"occurred_at": OCCURRED}
    ordered = MessageTopic, "topic"  # its messages; topics themselves come in one list
    queryset = Topic.objects.none()

    def topic(self, number: str) -> Topic:
        topic = Topic.objects.visible_to(self.request.user).filter(number=int(number)).first()
        if topic is None:
            raise Http404
        return topic

    @extend_schema(responses=TopicsSerializer)
    def list(self, request) -> Response:
        """Those that rise first, then the most frequent."""
        topics = with_quotes(request.user, told(request.user))
        answer = {
            "currency": Company.current().base_currency,
            "topics": topics,
        }
        return self.one(TopicsSerializer(answer).data)

    def retrieve(self, request, number) -> Response:
        """One topic; its figures are zero where nobody spoke of it lately."""
        return self.one(TopicSerializer(told_of(request.user, self.topic(number))).data)

    @transaction.atomic
    def partial_update(self, request, number) -> Response:
        """Give a topic a name; an empty one brings back what sets it apart."""
        Topic.objects.select_for_update().filter(number=number).first()
        one = told_of(request.user, self.topic(number))
        if "If-Match" in request.headers:
            require_match(request, TopicSerializer(one).data)
        sent = TopicSerializer(one, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        name = sent.validated_data.get("name")
        if name is not None:
            try:
                name_topic(int(number), name, request.user, ChangeSet.Source.API)
            except IntegrityError:  # somebody gave it to another topic in the same moment
                words = _("Another topic has this name already.")
                raise exceptions.ValidationError({"name": words}, "taken") from None
        data = TopicSerializer(told_of(request.user, self.topic(number))).data
        return Response(data, headers={"ETag": etag_of(data)})

    @extend_schema(responses=InteractionSerializer(many=True))
    @action(detail=True, pagination_class=KeysetPagination)
    def messages(self, request, number) -> Response:
        """The messages of a topic."""
        rows = messages_of(request.user, self.topic(number))
        page = self.paginate_queryset(rows.select_related("reading__interaction__author"))
        talks = [row.reading.interaction for row in page]
        serializer = InteractionSerializer(talks, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(self.narrowed(serializer).data)


def told_of(user, topic: Topic) -> Told:
    found = told(user, [topic.number]) or [Told(topic)]
    return with_quotes(user, found)[0]


def with_quotes(user, topics: list[Told]) -> list[Told]:
    quote(user, topics)
    for one in topics:
        one.found = found_name(one.topic)
        one.p = one.topic.rise["p"] if one.topic.rise else None
    return topics
