"""Why customers write: the codes that readings and corrections use, with what the company calls them."""

from rest_framework import viewsets
from rest_framework.response import Response

from customers.api.door import Door
from customers.api.serializers.concerns import ConcernSerializer
from customers.models import Concern, stored_concerns
from customers.reader_words import INTENTS


class ConcernViewSet(Door, viewsets.GenericViewSet):
    """Everybody reads them; managers edit them on their page."""

    serializer_class = ConcernSerializer
    http_method_names = ["get", "head", "options"]
    pagination_class = None
    filter_backends: list = []
    queryset = Concern.objects.none()

    def list(self, request) -> Response:
        now = stored_concerns()
        rows = []
        for code in now.codes:
            english, chinese = now.names.get(code, ("", ""))
            rows.append(
                {
                    "code": code, "name": now.word(code), "name_en": english, "name_zh": chinese,
                    "built_in": code in INTENTS, "off": code in now.off, "merged_into": now.merged.get(code),
                    "stands_for": now.stands_for(code), "words": now.words.get(code, ()),
                }
            )  # fmt: skip
        return Response(self.get_serializer(rows, many=True).data)
