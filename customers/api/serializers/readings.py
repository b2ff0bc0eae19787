"""What was read out of a message: codes, and places in its words."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from customers.api.bulk.references import no_colleague
from customers.api.choosing import OneOf
from customers.api.known import KnownFields
from customers.api.rounding import RoundedField, ShownSerializer
from customers.api.serializers.fields import NamedField
from customers.api.texts import TextField
from customers.models import MessageReading, Sentiment, User, concerns
from customers.reader_words import ASPECTS, ENTITIES, LANGUAGES


class MarkSerializer(serializers.Serializer):
    """Characters of subject, line break and text together, the end not included."""

    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=0)


class EvidenceSerializer(MarkSerializer):
    weight = RoundedField(help_text="Below zero it speaks for negative.")


class SentenceSerializer(MarkSerializer):
    sentiment = RoundedField(min_value=-1, max_value=1)


class AspectSerializer(MarkSerializer):
    aspect = serializers.CharField(help_text=f"Such as {', '.join(ASPECTS)}.")
    sentiment = RoundedField(min_value=-1, max_value=1)


class EntitySerializer(MarkSerializer):
    kind = OneOf(choices=list(ENTITIES))
    id = serializers.IntegerField(
        allow_null=True, help_text="Of the product, the order or the colleague, where it is known."
    )
    suggested = serializers.BooleanField(help_text="Only perhaps a name.")


SHAPES = {
    "evidence": ("start", "end", "weight"),
    "sentences": ("start", "end", "sentiment"),
    "aspects": ("aspect", "start", "end", "sentiment"),
    "entities": ("kind", "start", "end", "id", "suggested"),
}


class ReadingSerializer(ShownSerializer):
    """Null until the message has been read, which takes seconds."""

    language = OneOf(choices=["", *LANGUAGES], read_only=True)
    label = OneOf(
        choices=["", *Sentiment.values], read_only=True, help_text="Of customers' own words alone."
    )
    sentiment = RoundedField(
        min_value=-1, max_value=1, allow_null=True, read_only=True, help_text="-1 to 1, as read."
    )
    intent = serializers.CharField(read_only=True, help_text="What the customer wants.")
    urgency = serializers.IntegerField(min_value=0, max_value=3, read_only=True)
    corrected = serializers.BooleanField(source="is_corrected", read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True)
    sentences = SentenceSerializer(many=True, read_only=True)
    aspects = AspectSerializer(many=True, read_only=True)
    entities = EntitySerializer(many=True, read_only=True)
    keywords = serializers.ListField(child=serializers.CharField(), read_only=True)
    urgency_reasons = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = MessageReading
        fields = [
            "language",
            "label",
            "sentiment",
            "intent",
            "intent_chance",
            "urgency",
            "urgency_reasons",
            "corrected",
            "answered_at",
            "evidence",
            "sentences",
            "aspects",
            "keywords",
            "entities",
            "version",
            "read_at",
            "changed_at",
        ]
        read_only_fields = fields

    def to_representation(self, reading: MessageReading) -> dict | None:
        if not reading.version:
            return None
        details = reading.details or {}
        for name, columns in SHAPES.items():
            rows = details.get(name, ())
            setattr(reading, name, [dict(zip(columns, row, strict=True)) for row in rows])
        reading.keywords = details.get("keywords", [])
        reading.urgency_reasons = details.get("urgency", [])
        return super().to_representation(reading)


class CorrectionSerializer(KnownFields, serializers.Serializer):
    """What a message really expresses; one of the two is enough, an empty text takes the correction back."""

    label = OneOf(choices=["", *Sentiment.values], required=False, help_text="The feeling.")
    intent = TextField(
        max_length=40,
        allow_blank=True,
        required=False,
        help_text="Code of the concern; the list of concerns has them.",
    )

    def validate_intent(self, intent: str) -> str:
        known = self.context["interaction"].reading.intent_read
        if intent and intent not in concerns().choices() and intent != known:
            raise serializers.ValidationError(_("There is no such concern."), "does_not_exist")
        return intent

    def validate(self, data: dict) -> dict:
        if not data:
            raise serializers.ValidationError(_("Neither a feeling nor a concern."), "required")
        if not self.context["interaction"].reading.inbound:
            message = _("Only what a customer wrote can be set right.")
            raise serializers.ValidationError(message, "contradiction")
        return data


class AssignmentSerializer(KnownFields, serializers.Serializer):
    """Who looks after a message; null hands it back to nobody."""

    assignee = NamedField(
        "username",
        no_colleague,
        queryset=User.objects.filter(is_active=True),
        allow_null=True,
        help_text="Username of somebody who may see the message.",
    )

    def validate(self, data: dict) -> dict:
        if not self.context["interaction"].reading.inbound:
            message = _("Only what a customer wrote can be handed to a colleague.")
            raise serializers.ValidationError(message, "contradiction")
        return data
