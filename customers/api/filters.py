"""Query parameters of the lists; an unknown value or parameter is an error."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from customers.api.errors import wrong_parameter
from customers.api.where import conditions_of
from customers.models import (
    ApiToken,
    CustomAttribute,
    Customer,
    CustomerScore,
    Deletion,
    Event,
    ExchangeRate,
    ExternalId,
    Interaction,
    Order,
    Product,
    Recommendation,
    ScoreReasons,
    Segment,
    Sentiment,
    Tag,
    Task,
    Team,
    User,
)
from customers.models.deletions import kept_since
from customers.product_names import named
from customers.reader_words import LANGUAGES

LARGEST_ID = 2**63 - 1


class IdField(forms.IntegerField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=LARGEST_ID, **kwargs)


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID})
class IdFilter(filters.NumberFilter):
    """A whole number that the database can hold."""

    field_class = IdField

    def get_max_validator(self):
        return None


class ShareField(forms.FloatField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=0, max_value=1, **kwargs)


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 1})
class ShareFilter(filters.NumberFilter):
    """A share of the whole, such as a risk."""

    field_class = ShareField

    def get_max_validator(self):
        return None


LARGEST_AMOUNT = 10**12


class AmountField(forms.FloatField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=0, max_value=LARGEST_AMOUNT, **kwargs)


@extend_schema_field({"type": "number", "minimum": 0, "maximum": LARGEST_AMOUNT})
class AmountFilter(filters.NumberFilter):
    """Money in the company's base currency."""

    field_class = AmountField

    def get_max_validator(self):
        return None


class RatingField(forms.IntegerField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=5, **kwargs)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": 5})
class RatingFilter(IdFilter):
    field_class = RatingField


class TrueOrFalseField(forms.NullBooleanField):
    def to_python(self, value):
        """Neither true nor false is an error, not both."""
        if value in (None, ""):
            return None
        meant = {"true": True, "false": False, True: True, False: False}.get(value)
        if meant is None:
            raise forms.ValidationError(_("true or false."), "invalid")
        return meant


@extend_schema_field({"type": "boolean"})
class TrueOrFalseFilter(filters.BooleanFilter):
    field_class = TrueOrFalseField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"widget": forms.TextInput, **kwargs})


class ChangedFilter(filters.FilterSet):
    """Lists that another system follows."""

    updated_from = filters.IsoDateTimeFilter("updated_at", lookup_expr="gte")
    updated_before = filters.IsoDateTimeFilter("updated_at", lookup_expr="lt")


class CustomerFilter(ChangedFilter):
    search = filters.CharFilter(
        method="searched",
        help_text="Name, company, e-mail, phone, external id or order number; Chinese names also as typed (zxm).",
    )
    owner = filters.CharFilter("owner__username")
    team = filters.CharFilter("team__name")
    tag = filters.CharFilter("tags__name")
    external_id = filters.CharFilter(
        method="with_key", help_text="In any other system, or in the `source` named."
    )
    source = filters.CharFilter(
        method="with_key", help_text="Customers that the system named has an id for."
    )
    segment = filters.ChoiceFilter(field_name="score__segment", choices=Segment.choices)
    risk_from = ShareFilter("score__churn_risk", lookup_expr="gte", help_text="0 to 1")
    archived = TrueOrFalseFilter("archived_at", lookup_expr="isnull", exclude=True)
    where = filters.CharFilter(
        method="fitting",
        help_text="Conditions as in the address of the list of customers: `all(attr.plan:in:gold,value:gte:500)`.",
    )

    class Meta:
        model = Customer
        fields = ["kind", "lifecycle", "country"]

    def fitting(self, customers, name, value):
        return customers.filter(conditions_of(value, self.request.user))

    def searched(self, customers, name, value):
        return customers.search(value)

    def with_key(self, customers, name, value):
        """Of the one external id that both speak of; several systems may use the same."""
        if name == "source" and self.form.cleaned_data.get("external_id"):
            return customers  # which asks for both
        said = {key: self.form.cleaned_data.get(key) for key in ("source", "external_id")}
        keys = ExternalId.objects.filter(**{key: text for key, text in said.items() if text})
        return customers.filter(pk__in=keys.values("customer"))


class OccurredFilter(filters.FilterSet):
    customer = IdFilter("customer_id")
    occurred_from = filters.IsoDateTimeFilter("occurred_at", lookup_expr="gte")
    occurred_before = filters.IsoDateTimeFilter("occurred_at", lookup_expr="lt")


class OrderFilter(ChangedFilter, OccurredFilter):
    class Meta:
        model = Order
        fields = ["kind", "source", "number"]


class UrgencyField(forms.IntegerField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=0, max_value=3, **kwargs)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 3})
class UrgencyFilter(IdFilter):
    field_class = UrgencyField


class InteractionFilter(ChangedFilter, OccurredFilter):
    reading_from = filters.IsoDateTimeFilter(
        "reading__changed_at",
        lookup_expr="gte",
        help_text="Read, answered or set right at or after this moment.",
    )
    rating = RatingFilter("rating")
    label = filters.ChoiceFilter(
        field_name="reading__label",
        choices=Sentiment.choices,
        help_text="How it was read, or set right.",
    )
    intent = filters.CharFilter("reading__intent", help_text="Code of the concern.")
    urgency_from = UrgencyFilter("reading__urgency", lookup_expr="gte", help_text="0 to 3")
    read_language = filters.ChoiceFilter(
        field_name="reading__language",
        choices=list(LANGUAGES.items()),
        help_text="The language it was found to be in; `language` is what its sender said.",
    )
    unanswered = TrueOrFalseFilter(
        method="waiting", help_text="Customers' messages to which nothing has been sent since."
    )

    assignee = filters.CharFilter(
        "assignment__assignee__username", help_text="Username of who looks after it."
    )
    assigned = TrueOrFalseFilter("assignment__assignee", lookup_expr="isnull", exclude=True)

    def waiting(self, interactions, name, value):
        inbound = interactions.filter(reading__inbound=True)
        return inbound.filter(reading__answered_at__isnull=value)

    class Meta:
        model = Interaction
        fields = ["channel", "direction", "language"]


class TaskFilter(filters.FilterSet):
    customer = IdFilter("customer_id")
    assignee = filters.CharFilter("assignee__username", help_text="Username.")
    done = TrueOrFalseFilter("done_at", lookup_expr="isnull", exclude=True)
    due_from = filters.DateFilter("due_on", lookup_expr="gte")
    due_before = filters.DateFilter("due_on", lookup_expr="lt")

    class Meta:
        model = Task
        fields = ["outcome"]


class EventFilter(OccurredFilter):
    recorded_from = filters.IsoDateTimeFilter("recorded_at", lookup_expr="gte")
    recorded_before = filters.IsoDateTimeFilter("recorded_at", lookup_expr="lt")

    class Meta:
        model = Event
        fields = ["kind"]


class DeletionFilter(filters.FilterSet):
    recorded_from = filters.IsoDateTimeFilter(
        method="since", help_text="Deleted at or after this moment."
    )
    recorded_before = filters.IsoDateTimeFilter(
        "deleted_at", lookup_expr="lt", help_text="Deleted before this moment."
    )

    class Meta:
        model = Deletion
        fields = ["kind"]

    def since(self, deletions, name, moment):
        """What was forgotten since would be missing without a word."""
        if moment < kept_since():
            words = _("Deletions are kept for %(days)s days. Read everything anew.")
            message = words % {"days": settings.DELETIONS_DAYS}
            raise wrong_parameter(name, message, "too_early")
        return deletions.filter(deleted_at__gte=moment)


class ProductFilter(ChangedFilter):
    search = filters.CharFilter(method="searched")
    in_stock = TrueOrFalseFilter("in_stock")
    archived = TrueOrFalseFilter("archived_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Product
        fields = ["sku", "category"]

    def searched(self, products, name, value):
        return products.filter(named(value))


class AttributeFilter(filters.FilterSet):
    class Meta:
        model = CustomAttribute
        fields = ["type"]


class TagFilter(filters.FilterSet):
    name = filters.CharFilter("name", help_text="As it is written.")

    class Meta:
        model = Tag
        fields: list = []


class TeamFilter(filters.FilterSet):
    name = filters.CharFilter("name", help_text="As it is written.")

    class Meta:
        model = Team
        fields: list = []


class UserFilter(filters.FilterSet):
    username = filters.CharFilter("username", help_text="As it is written.")
    team = filters.CharFilter("teams__name")
    active = TrueOrFalseFilter("is_active", help_text="Whether they may sign in.")

    class Meta:
        model = User
        fields = ["role"]


class ExchangeRateFilter(filters.FilterSet):
    currency = filters.CharFilter("currency", help_text="Three letters, such as USD.")
    valid_from = filters.DateFilter("valid_from", help_text="Rates that begin on this day.")

    class Meta:
        model = ExchangeRate
        fields: list = []


class TokenFilter(filters.FilterSet):
    person = filters.CharFilter("user__username", help_text="Username; admins see everybody's.")
    revoked = TrueOrFalseFilter("revoked_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = ApiToken
        fields: list = []


class ScoreFilter(filters.FilterSet):
    customer = IdFilter("customer_id")
    segment = filters.MultipleChoiceFilter(
        choices=Segment.choices, help_text="Several: customers of any of them."
    )
    risk_from = ShareFilter("churn_risk", lookup_expr="gte", help_text="0 to 1")
    risk_to = ShareFilter("churn_risk", lookup_expr="lte", help_text="0 to 1")
    scored_from = filters.IsoDateTimeFilter("churn_scored_at", lookup_expr="gte")
    version = IdFilter("churn_version", help_text="Id of the churn model's version.")

    segments_version = IdFilter("segments_version")
    value_from = AmountFilter(
        "expected_value", lookup_expr="gte", help_text="Expected in 12 months, base currency."
    )
    value_version = IdFilter("value_version", help_text="Id of the value model's version.")

    class Meta:
        model = CustomerScore
        fields: list = []


class ReasonsFilter(filters.FilterSet):
    customer = IdFilter("customer_id")
    segment = filters.ChoiceFilter(field_name="customer__score__segment", choices=Segment.choices)
    risk_from = ShareFilter("customer__score__churn_risk", lookup_expr="gte", help_text="0 to 1")
    reason = filters.CharFilter(
        "customer__score__churn_reason", help_text="Code of the reason that did most."
    )

    class Meta:
        model = ScoreReasons
        fields: list = []


class RecommendationFilter(filters.FilterSet):
    customer = IdFilter("customer_id")
    product = filters.CharFilter("product__sku", help_text="SKU")
    rank_to = IdFilter("rank", lookup_expr="lte", help_text="1: the best only.")
    score_from = ShareFilter("score", lookup_expr="gte", help_text="0 to 1")

    version = IdFilter("version")

    class Meta:
        model = Recommendation
        fields = ["why"]
