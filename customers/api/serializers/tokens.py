"""Tokens as they are looked through: what for, since when, how long; never the secret."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.texts import RecordSerializer
from customers.models import ApiToken


class TokenSerializer(RecordSerializer):
    person = serializers.CharField(source="user.username", read_only=True, help_text="Username.")
    begins_with = serializers.CharField(
        source="prefix", read_only=True, help_text="The first characters of the secret."
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(ApiToken.Scope.choices), read_only=True
    )
    is_current = serializers.SerializerMethodField(help_text="The one that asks.")

    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "person",
            "begins_with",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "is_current",
        ]
        read_only_fields = fields

    @extend_schema_field(bool)
    def get_is_current(self, token: ApiToken) -> bool:
        return token == self.context["request"].auth
