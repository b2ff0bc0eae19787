"""Customers with their external ids, custom attributes and stored totals."""

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import get_error_detail

from customers.access import OUT_OF_SIGHT, would_see
from customers.api.bulk.references import no_colleague, no_tag, no_team
from customers.api.serializers.fields import NamedField, ParentField
from customers.api.texts import KeptSerializer, RecordSerializer
from customers.editing import clean_attributes
from customers.models import (
    Customer,
    CustomerTotals,
    ExternalId,
    Tag,
    Team,
    User,
)
from customers.related import check_parent
from customers.upserting import known_customers

MOST_IDS = 100  # of one customer


def theirs() -> ErrorDetail:
    return ErrorDetail(_("Another customer has this external id."), "unique")


def stands_twice() -> ErrorDetail:
    return ErrorDetail(_("This external id stands here twice."), "duplicate")


class ExternalIdSerializer(RecordSerializer):
    class Meta:
        model = ExternalId
        fields = ["source", "external_id"]
        # Whose it may be the customer knows: one's own is no clash.
        validators: list = []


class TotalsSerializer(RecordSerializer):
    class Meta:
        model = CustomerTotals
        fields = ["orders", "returns", "value", "first_order_at", "last_order_at", "usual_gap_days"]
        read_only_fields = fields


class CustomerSerializer(KeptSerializer):
    external_ids = ExternalIdSerializer(many=True, required=False, max_length=MOST_IDS)
    tags = NamedField("name", no_tag, many=True, queryset=Tag.objects.all(), required=False)
    owner = NamedField(
        "username",
        no_colleague,
        queryset=User.objects.filter(is_active=True),
        required=False,
        allow_null=True,
    )
    team = NamedField("name", no_team, queryset=Team.objects.all(), required=False, allow_null=True)
    attributes = serializers.DictField(
        required=False,
        help_text="Custom attributes by name. A change touches those it names; null takes one away.",
    )
    parent = ParentField(
        required=False,
        allow_null=True,
        help_text="The organisation that the customer belongs to; null also where you may not see it.",
    )
    totals = TotalsSerializer(read_only=True)

    class Meta:
        model = Customer
        fields = [
            "id",
            "kind",
            "name",
            "company",
            "parent",
            "lifecycle",
            "owner",
            "team",
            "email",
            "phone",
            "city",
            "country",
            "language",
            "tags",
            "attributes",
            "external_ids",
            "profiling_refused",
            "known_since",
            "archived_at",
            "recorded_at",
            "updated_at",
            "totals",
        ]
        read_only_fields = ["archived_at", "recorded_at", "updated_at"]

    def validate_attributes(self, values: dict) -> dict:
        try:
            clean = clean_attributes(values)
        except DjangoValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
        before = self.instance.attributes if self.instance else {}
        return {name: v for name, v in before.items() if name not in values} | clean

    def validate_external_ids(self, values: list[dict]) -> list[dict]:
        keys = [(value["source"], value["external_id"]) for value in values]
        mine = self.instance and self.instance.pk
        taken = {key for key, customer in known_customers(set(keys)).items() if customer != mine}
        errors: list[dict] = [{} for _key in keys]
        for at, key in enumerate(keys):
            if key in taken:
                errors[at] = {"external_id": [theirs()]}
            elif key in keys[:at]:
                errors[at] = {"external_id": [stands_twice()]}
        if any(errors):
            raise serializers.ValidationError(errors)
        return values

    def validate_parent(self, parent: Customer | None) -> Customer | None:
        """Whoever sends back what they were shown does not take away an organisation that they may not see."""
        if self.instance and not parent and self.instance.parent is None:
            return Customer(pk=self.instance.parent_id) if self.instance.parent_id else None
        try:
            check_parent(self.instance or Customer(), parent)
        except DjangoValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
        return parent

    def validate_team(self, team: Team | None) -> Team | None:
        user = self.context["request"].user
        if team and not user.is_admin and not user.teams.filter(pk=team.pk).exists():
            raise serializers.ValidationError(_("You do not belong to this team."))
        return team

    def validate_owner(self, owner: User | None) -> User | None:
        user = self.context["request"].user
        near = user.is_admin or owner in (None, user)
        if not near and not owner.teams.filter(pk__in=user.teams.values("pk")).exists():
            raise serializers.ValidationError(_("This person is not in your teams."))
        return owner

    def validate(self, data: dict) -> dict:
        """Nobody hands a customer to where they could not see it themselves, admins apart."""
        user = self.context["request"].user
        if self.instance and not user.is_admin:  # who is new gets the team of whoever adds them
            owner, team = (
                data.get(name, getattr(self.instance, name)) for name in ("owner", "team")
            )
            if not would_see(user, owner, team):
                raise serializers.ValidationError({"owner": OUT_OF_SIGHT}, "out_of_sight")
        return data
