"""What the API takes and gives. Fields are named one by one; customers are looked up among the visible ones."""

import datetime

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from customers.editing import clean_attributes
from customers.models import (
    Customer,
    CustomerScore,
    CustomerTotals,
    Event,
    ExternalId,
    Interaction,
    Order,
    OrderLine,
    Product,
    Recommendation,
    Tag,
    Team,
    User,
)
from customers.reasons import Words, sentence

CLOCKS_DIFFER = datetime.timedelta(days=1)


def not_in_the_future(value: datetime.datetime) -> None:
    """What has not happened yet would stand as the newest fact for as long as it takes to come."""
    if value and value > timezone.now() + CLOCKS_DIFFER:
        raise serializers.ValidationError(_("This lies in the future."), "in_the_future")


HAPPENED: dict = {"occurred_at": {"validators": [not_in_the_future]}}


class VisibleCustomerField(serializers.PrimaryKeyRelatedField):
    """A customer this user may see; a foreign id does not exist."""

    def get_queryset(self):
        return Customer.objects.visible_to(self.context["request"].user)


class ExternalIdSerializer(serializers.ModelSerializer):
    class Meta:
        model = ExternalId
        fields = ["source", "external_id"]


class TotalsSerializer(serializers.ModelSerializer):
    class Meta:
        model = CustomerTotals
        fields = ["orders", "returns", "value", "first_order_at", "last_order_at", "usual_gap_days"]
        read_only_fields = fields


class CustomerSerializer(serializers.ModelSerializer):
    external_ids = ExternalIdSerializer(many=True, required=False)
    tags = serializers.SlugRelatedField(
        "name", many=True, queryset=Tag.objects.all(), required=False
    )
    owner = serializers.SlugRelatedField(
        "username", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    team = serializers.SlugRelatedField(
        "name", queryset=Team.objects.all(), required=False, allow_null=True
    )
    attributes = serializers.DictField(required=False, help_text="Custom attributes by name.")
    totals = TotalsSerializer(read_only=True)

    class Meta:
        model = Customer
        fields = [
            "id",
            "kind",
            "name",
            "company",
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
            return clean_attributes(values)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error

    def validate_external_ids(self, values: list[dict]) -> list[dict]:
        for value in values:
            taken = ExternalId.objects.filter(**value)
            if self.instance:
                taken = taken.exclude(customer=self.instance)
            if taken.exists():
                raise serializers.ValidationError(
                    _("Another customer has this external id."), "taken"
                )
        return values

    def validate(self, data: dict) -> dict:
        """Nobody hands a customer to where they could not see it themselves, admins apart."""
        user = self.context["request"].user
        if user.is_admin:
            return data
        teams = set(user.teams.values_list("pk", flat=True))
        team, owner = data.get("team"), data.get("owner")
        if team and team.pk not in teams:
            raise serializers.ValidationError({"team": _("You do not belong to this team.")})
        if owner and owner != user and not owner.teams.filter(pk__in=teams).exists():
            raise serializers.ValidationError({"owner": _("This person is not in your teams.")})
        return data


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = [
            "id",
            "sku",
            "name",
            "category",
            "description",
            "price",
            "currency",
            "in_stock",
            "archived_at",
            "recorded_at",
            "updated_at",
        ]
        read_only_fields = ["archived_at", "recorded_at", "updated_at"]


class OrderLineSerializer(serializers.ModelSerializer):
    product = serializers.SlugRelatedField(
        "sku", queryset=Product.objects.all(), required=False, allow_null=True, help_text="SKU"
    )

    class Meta:
        model = OrderLine
        fields = [
            "position",
            "product",
            "description",
            "quantity",
            "unit_price",
            "amount",
            "base_amount",
        ]
        read_only_fields = ["position", "amount", "base_amount"]
        extra_kwargs = {"quantity": {"min_value": 0}, "unit_price": {"min_value": 0}}


class OrderSerializer(serializers.ModelSerializer):
    customer = VisibleCustomerField()
    lines = OrderLineSerializer(many=True, required=False)
    source = serializers.CharField(max_length=50, default="api")
    amount = serializers.DecimalField(
        14,
        2,
        required=False,
        help_text="Needed where there are no lines; else worked out from them.",
    )

    class Meta:
        model = Order
        fields = [
            "id",
            "customer",
            "source",
            "number",
            "kind",
            "returns",
            "occurred_at",
            "currency",
            "amount",
            "base_amount",
            "channel",
            "lines",
            "recorded_at",
        ]
        read_only_fields = ["base_amount", "recorded_at"]
        extra_kwargs = HAPPENED

    def get_fields(self):
        fields = super().get_fields()
        fields["returns"].queryset = Order.objects.visible_to(self.context["request"].user)
        return fields

    def validate_currency(self, value: str) -> str:
        if len(value) != 3 or not value.isascii() or not value.isalpha():
            raise serializers.ValidationError(_("A currency is three letters, such as EUR."))
        return value.upper()

    def validate(self, data: dict) -> dict:
        if not data.get("lines") and data.get("amount") is None:
            raise serializers.ValidationError(
                {"amount": _("Give an amount, or lines.")}, "required"
            )
        return data


class InteractionSerializer(serializers.ModelSerializer):
    customer = VisibleCustomerField(required=False, allow_null=True)
    product = serializers.SlugRelatedField(
        "sku", queryset=Product.objects.all(), required=False, allow_null=True
    )
    author = serializers.SlugRelatedField("username", read_only=True)

    class Meta:
        model = Interaction
        fields = [
            "id",
            "customer",
            "order",
            "product",
            "channel",
            "direction",
            "subject",
            "text",
            "rating",
            "language",
            "occurred_at",
            "author",
            "source",
            "external_id",
            "recorded_at",
        ]
        read_only_fields = ["recorded_at"]
        extra_kwargs = HAPPENED

    def get_fields(self):
        fields = super().get_fields()
        fields["order"].queryset = Order.objects.visible_to(self.context["request"].user)
        return fields

    def validate(self, data: dict) -> dict:
        user = self.context["request"].user
        if (
            not self.instance
            and not data.get("customer")
            and not (user.is_manager or user.is_admin)
        ):
            message = _("Only managers and admins record messages without a customer.")
            raise serializers.ValidationError({"customer": message}, "required")
        return data


class EventListSerializer(serializers.ListSerializer):
    """Looks the customers and products of a whole batch up at once."""

    def to_internal_value(self, data):
        rows = super().to_internal_value(data)
        user = self.context["request"].user
        ids = {row["customer_id"] for row in rows}
        visible = set(
            Customer.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
        )
        skus = {row["sku"] for row in rows if row.get("sku")}
        products = dict(Product.objects.filter(sku__in=skus).values_list("sku", "pk"))
        errors = [self._unknown(row, visible, products) for row in rows]
        if any(errors):
            raise serializers.ValidationError(errors)
        for row in rows:
            row["product_id"] = products.get(row.pop("sku", None))
        return rows

    @staticmethod
    def _unknown(row: dict, visible: set[int], products: dict[str, int]) -> dict:
        errors = {}
        if row["customer_id"] not in visible:
            errors["customer"] = ErrorDetail(
                _("There is no customer with this id."), "does_not_exist"
            )
        if row.get("sku") and row["sku"] not in products:
            errors["product"] = ErrorDetail(
                _("There is no product with this SKU."), "does_not_exist"
            )
        return errors


class EventSerializer(serializers.ModelSerializer):
    customer = serializers.IntegerField(source="customer_id", min_value=1)
    product = serializers.CharField(
        source="sku", max_length=100, required=False, allow_null=True, help_text="SKU"
    )

    class Meta:
        model = Event
        list_serializer_class = EventListSerializer
        fields = ["id", "customer", "kind", "subject", "product", "seconds", "occurred_at", "key"]
        extra_kwargs = HAPPENED | {
            "key": {
                "validators": [],
                "help_text": "Your id for the event: sent twice, it is stored once.",
            }
        }

    def to_representation(self, event: Event) -> dict:
        event.sku = event.product.sku if event.product else None
        return super().to_representation(event)


class ReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    facts = serializers.DictField()
    points = serializers.FloatField()
    sentence = serializers.CharField()


class ScoreSerializer(serializers.ModelSerializer):
    """Published scores; null where there is none yet."""

    churn_base = serializers.SerializerMethodField()
    churn_reasons = serializers.SerializerMethodField()

    class Meta:
        model = CustomerScore
        fields = [
            "customer",
            "churn_risk",
            "churn_risk_before",
            "churn_scored_at",
            "churn_version",
            "churn_base",
            "churn_reasons",
            "segment",
            "segment_since",
            "recency_band",
            "frequency_band",
            "monetary_band",
            "cluster",
            "segments_scored_at",
            "segments_version",
        ]
        read_only_fields = fields

    @staticmethod
    def _reasons(score: CustomerScore) -> dict:
        reasons = getattr(score.customer, "reasons", None)
        return reasons.churn if reasons else {}

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_churn_base(self, score: CustomerScore) -> float | None:
        return self._reasons(score).get("base")

    @extend_schema_field(ReasonSerializer(many=True))
    def get_churn_reasons(self, score: CustomerScore) -> list[dict]:
        words = self.context.get("words") or Words()
        reasons = self._reasons(score).get("reasons", [])
        return [{**reason, "sentence": str(sentence(reason, words))} for reason in reasons]


class RecommendationSerializer(serializers.ModelSerializer):
    product = serializers.SlugRelatedField("sku", read_only=True)
    because = serializers.SlugRelatedField("sku", read_only=True)
    name = serializers.CharField(source="product.name", read_only=True)

    class Meta:
        model = Recommendation
        fields = ["rank", "product", "name", "score", "why", "because", "facts", "version"]
        read_only_fields = fields
