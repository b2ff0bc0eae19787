"""Words that are read for whoever sends them, and not kept."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.response import Response

from customers.api.door import Door
from customers.api.errors import Unavailable
from customers.api.permissions import READ
from customers.api.throttling import PersonThrottle
from customers.models import MessageReading
from insights.analysing import NotRead, analysis
from insights.api.serializers.analyses import AnalysisSerializer, WordsSerializer


class NoWorker(Unavailable):
    def __init__(self):
        super(Unavailable, self).__init__(
            _("No worker has read this in time. Nothing was stored; try again.")
        )


class AnalysisThrottle(PersonThrottle):
    @staticmethod
    def kind(request, view) -> str:
        return "analysis" if request.method == "POST" else "read"


class AnalysisViewSet(Door, viewsets.GenericViewSet):
    """For every role: it reads, and changes nothing."""

    serializer_class = WordsSerializer
    throttle_classes = [AnalysisThrottle]
    http_method_names = ["post", "options"]
    post_scopes = READ
    repeatable = False
    pagination_class = None
    filter_backends: list = []
    queryset = MessageReading.objects.none()

    @extend_schema(responses={200: AnalysisSerializer})
    def create(self, request) -> Response:
        """Nothing of it is kept."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        words, channel = sent.validated_data["text"], sent.validated_data.get("channel", "")
        try:
            reading = analysis(words, channel, request.user)
        except NotRead:
            raise NoWorker from None
        return Response(AnalysisSerializer(reading).data)
