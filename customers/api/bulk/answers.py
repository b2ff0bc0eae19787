"""What the bulk endpoints answer, as the API's description shows it."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status

from customers.api.bulk.batch import STATUSES
from customers.api.bulk.parsers import NDJSON

MOST_ROWS = 5000

ATOMIC = OpenApiParameter(
    "atomic",
    bool,
    description="All or nothing: when anything is wrong with a row, nothing is stored and the answer is 400.",
)


class RowErrorSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="Dotted path inside the row; empty for the row itself.")
    code = serializers.CharField()
    message = serializers.CharField()


class RowResultSerializer(serializers.Serializer):
    index = serializers.IntegerField(help_text="Place of the row in the request, from 0.")
    id = serializers.IntegerField(allow_null=True, help_text="Null where nothing is stored.")
    status = serializers.ChoiceField(STATUSES)
    errors = RowErrorSerializer(many=True)


class CountsSerializer(serializers.Serializer):
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField(help_text="Known already, and the same.")
    duplicate = serializers.IntegerField(help_text="The key stands in the request a second time.")
    rejected = serializers.IntegerField()


class BulkAnswerSerializer(serializers.Serializer):
    """One result for each row, in the order of the request; good rows are stored, the others named."""

    counts = CountsSerializer()
    results = RowResultSerializer(many=True)


class EventsAnswerSerializer(BulkAnswerSerializer):
    accepted = serializers.IntegerField(help_text="New ones, now stored.")
    known_already = serializers.IntegerField()
    rejected = serializers.IntegerField()


class ErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    fields_ = RowErrorSerializer(many=True)

    def get_fields(self):
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class RefusedSerializer(serializers.Serializer):
    error = ErrorSerializer()


REFUSED = {
    "error": {
        "code": "invalid",
        "message": "Some fields are not right.",
        "fields": [
            {
                "field": "1.customer",
                "code": "does_not_exist",
                "message": "There is no customer with this id.",
            }
        ],
    }
}


def answered(counts: dict, *results: tuple) -> dict:
    """An example of an answer."""
    rows = [
        {"index": at, "id": pk, "status": word, "errors": errors}
        for at, (pk, word, errors) in enumerate(results)
    ]
    return {"counts": dict.fromkeys(STATUSES, 0) | counts, "results": rows}


def shown(example: dict, done: int, more: Callable[[dict], dict]) -> list[OpenApiExample]:
    """A row as it is sent, and the three answers there are."""
    [missing] = REFUSED["error"]["fields"]
    rejected = (None, "rejected", [missing | {"field": "customer"}])
    created = (17, "created", [])
    good = more(answered({"created": 1}, created))
    mixed = more(answered({"created": 1, "rejected": 1}, created, rejected))
    return [
        OpenApiExample("Rows", example, request_only=True, media_type="application/json"),
        OpenApiExample("Lines", json.dumps(example), request_only=True, media_type=NDJSON),
        OpenApiExample("All good", good, response_only=True, status_codes=[str(done)]),
        OpenApiExample("Some rejected", mixed, response_only=True, status_codes=["207"]),
        OpenApiExample("Refused", REFUSED, response_only=True, status_codes=["400"]),
    ]


def also(examples: Mapping[str, dict]) -> list[OpenApiExample]:
    """Further ones of what is sent, by name."""
    return [
        OpenApiExample(name, value, request_only=True, media_type="application/json")
        for name, value in examples.items()
    ]


def bulk_schema(
    rows: type[serializers.Serializer],
    example: dict,
    answer: type[serializers.Serializer] = BulkAnswerSerializer,
    done: int = status.HTTP_200_OK,
    more: Callable[[dict], dict] = lambda answer: answer,
    further: Mapping[str, dict] = MappingProxyType({}),
    **words,
):
    """The description of an endpoint that takes up to 5,000 rows of one kind."""
    refused = "Nothing was stored: not a list, too long, or atomic."
    return extend_schema(
        parameters=[ATOMIC],
        request={"application/json": rows(many=True), NDJSON: OpenApiTypes.STR},
        responses={
            done: OpenApiResponse(answer, description="Every row is stored, or was already."),
            207: OpenApiResponse(answer, description="Some rows were rejected, the others stored."),
            400: OpenApiResponse(RefusedSerializer, description=refused),
        },
        examples=[*shown(example, done, more), *also(further)],
        **words,
    )
