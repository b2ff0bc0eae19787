"""The company's own words and people: custom attributes, tags, teams, users, exchange rates."""

from decimal import Decimal

from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from customers.api.bulk.fields import CurrencyField
from customers.api.texts import RecordSerializer, TextField
from customers.models import Company, CustomAttribute, ExchangeRate, Tag, Team, User


class CompanySerializer(RecordSerializer):
    class Meta:
        model = Company
        fields = ["name", "base_currency", "time_zone", "churn_horizon_days"]
        read_only_fields = fields


class AttributeSerializer(RecordSerializer):
    name = TextField(
        max_length=100,
        validators=[
            RegexValidator(r"^[-a-zA-Z0-9_]+$"),
            UniqueValidator(CustomAttribute.objects.all()),
        ],
        help_text="What it is called in `attributes` of customers; letters, digits, `-` and `_`. It stays.",
    )
    type = serializers.ChoiceField(
        CustomAttribute.Type.choices,
        default=CustomAttribute.Type.TEXT,
        help_text="Of its values; it stays.",
    )

    class Meta:
        model = CustomAttribute
        fields = ["name", "label", "type", "position"]

    def validate(self, data: dict) -> dict:
        """Values are stored under the name, and checked by the type, that they were given with."""
        named = [name for name in ("name", "type") if self.instance and name in data]
        changed = [name for name in named if data[name] != getattr(self.instance, name)]
        if changed:
            words = _("This stays as it is; values are stored by it.")
            raise serializers.ValidationError(dict.fromkeys(changed, words), "fixed")
        return data


class TagSerializer(RecordSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name"]


class TeamSerializer(RecordSerializer):
    class Meta:
        model = Team
        fields = ["id", "name", "shares_customers"]
        read_only_fields = fields


class UserSerializer(RecordSerializer):
    name = serializers.CharField(
        source="__str__", read_only=True, help_text="As it stands on the pages."
    )
    teams = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "name", "role", "teams", "is_active"]
        read_only_fields = fields
        extra_kwargs = {
            "username": {
                "help_text": "What they sign in with; `owner` and `assignee` name people by it."
            },
            "is_active": {"help_text": "False: may no longer sign in."},
        }


class ExchangeRateSerializer(RecordSerializer):
    currency = CurrencyField()
    rate = serializers.DecimalField(
        18, 8, min_value=Decimal("0.00000001"),
        help_text="What one unit of the currency is worth in the base currency, from this day to the next row.",
    )  # fmt: skip

    class Meta:
        model = ExchangeRate
        fields = ["id", "currency", "valid_from", "rate"]

    def validate_currency(self, code: str) -> str:
        if code == Company.current().base_currency:
            words = _("This is the base currency: one of it is always worth one.")
            raise serializers.ValidationError(words, "contradiction")
        return code
