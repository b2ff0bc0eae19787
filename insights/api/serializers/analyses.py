"""Words that are sent to be read and are not kept, and what was read out of them."""

from rest_framework import serializers

from customers.api.choosing import OneOf
from customers.api.known import KnownFields
from customers.api.rounding import RoundedField
from customers.api.serializers.readings import ReadingSerializer
from customers.api.texts import TextField
from customers.models import Interaction
from insights.analysing import LONGEST


class WordsSerializer(KnownFields, serializers.Serializer):
    # Blanks at the ends stay: places in the answer are places in what was sent.
    text = TextField(max_length=LONGEST, trim_whitespace=False)
    channel = OneOf(
        choices=Interaction.Channel.choices,
        required=False,
        help_text="Where it came in: a trained model reads only those channels that it has learnt from.",
    )

    def validate_text(self, text: str) -> str:
        if not text.strip():
            self.fields["text"].fail("blank")
        return text


class ProbabilitiesSerializer(serializers.Serializer):
    """Of the three feelings; their sum is 1."""

    negative = RoundedField(min_value=0, max_value=1)
    neutral = RoundedField(min_value=0, max_value=1)
    positive = RoundedField(min_value=0, max_value=1)


class AnalysisSerializer(ReadingSerializer):
    """What was read out of the words, as if a customer had written them."""

    probabilities = ProbabilitiesSerializer(read_only=True)

    class Meta(ReadingSerializer.Meta):
        fields = [
            "language", "label", "sentiment", "probabilities", "intent", "intent_chance", "urgency",
            "urgency_reasons", "evidence", "sentences", "aspects", "keywords", "entities", "version",
        ]  # fmt: skip
        read_only_fields = fields
