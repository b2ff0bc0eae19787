"""Read and write records. Every object goes through visible_to; a foreign id is 404."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from customers.api import filters
from customers.api.permissions import ManagersWrite
from customers.api.serializers import (
    CustomerSerializer,
    EventSerializer,
    InteractionSerializer,
    OrderSerializer,
    ProductSerializer,
    RecommendationSerializer,
    ScoreSerializer,
)
from customers.changing import open_change_set, save_changed
from customers.editing import edit_customer, edit_product, set_tags
from customers.models import (
    ChangeSet,
    Company,
    CustomAttribute,
    Customer,
    CustomerScore,
    Event,
    ExternalId,
    Interaction,
    Order,
    OrderLine,
    Product,
    Recommendation,
)
from customers.reasons import Words
from customers.recording import record_customer, record_events, record_interaction, record_order
from customers.signals import announce
from customers.upserting import EventRow

API = ChangeSet.Source.API
MOST_EVENTS = 5000


class CreateListRetrieve(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """Facts are added and read; they are not changed afterwards."""


class CustomerViewSet(mixins.UpdateModelMixin, CreateListRetrieve):
    serializer_class = CustomerSerializer
    filterset_class = filters.CustomerFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Customer.objects.none()

    def get_queryset(self):
        customers = Customer.objects.visible_to(self.request.user)
        return customers.select_related("owner", "team", "totals").prefetch_related(
            "tags", "external_ids"
        )

    @transaction.atomic
    def perform_create(self, serializer) -> None:
        data, user = serializer.validated_data, self.request.user
        tags, external_ids = data.pop("tags", []), data.pop("external_ids", [])
        if user.role == user.Role.SALES:
            data.setdefault("owner", user)
        if not user.is_admin and not data.get("team"):
            data["team"] = user.teams.first()
        customer = record_customer(Customer(**data), user, API)
        customer.tags.set(tags)
        self._set_external_ids(customer, external_ids)
        serializer.instance = self.get_queryset().get(pk=customer.pk)

    @transaction.atomic
    def perform_update(self, serializer) -> None:
        customer, data, user = serializer.instance, serializer.validated_data, self.request.user
        tags, external_ids = data.pop("tags", None), data.pop("external_ids", None)
        for name, value in data.items():
            setattr(customer, name, value)
        edit_customer(customer, data, user, API)
        if tags is not None:
            set_tags(customer, tags, user, API)
        if external_ids is not None:
            self._set_external_ids(customer, external_ids)
        serializer.instance = self.get_queryset().get(pk=customer.pk)

    @staticmethod
    def _set_external_ids(customer: Customer, values: list[dict]) -> None:
        customer.external_ids.all().delete()
        ExternalId.objects.bulk_create(ExternalId(customer=customer, **value) for value in values)

    @extend_schema(responses=ScoreSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def scores(self, request, pk=None) -> Response:
        """What is published about this customer now."""
        customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
        scores = CustomerScore.objects.select_related("customer__reasons")
        score = scores.filter(customer=customer).first() or CustomerScore(customer=customer)
        return Response(ScoreSerializer(score, context={"words": words()}).data)

    @extend_schema(responses=RecommendationSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def recommendations(self, request, pk=None) -> Response:
        """Products recommended to this customer now, best first."""
        customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
        rows = Recommendation.objects.filter(customer=customer).select_related("product", "because")
        return Response(RecommendationSerializer(rows.order_by("rank"), many=True).data)


class ProductViewSet(mixins.UpdateModelMixin, CreateListRetrieve):
    serializer_class = ProductSerializer
    filterset_class = filters.ProductFilter
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersWrite]
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Product.objects.all()

    @transaction.atomic
    def perform_create(self, serializer) -> None:
        serializer.save(recorded_in=open_change_set(API, self.request.user))

    def perform_update(self, serializer) -> None:
        product = serializer.instance
        for name, value in serializer.validated_data.items():
            setattr(product, name, value)
        edit_product(product, serializer.validated_data, self.request.user, API)


class OrderViewSet(CreateListRetrieve):
    serializer_class = OrderSerializer
    filterset_class = filters.OrderFilter
    queryset = Order.objects.none()

    def get_queryset(self):
        return Order.objects.visible_to(self.request.user).prefetch_related("lines__product")

    def perform_create(self, serializer) -> None:
        data = dict(serializer.validated_data)
        lines = [OrderLine(**line) for line in data.pop("lines", [])]
        order = record_order(Order(**data), lines, self.request.user, API)
        serializer.instance = self.get_queryset().get(pk=order.pk)


class InteractionViewSet(mixins.UpdateModelMixin, CreateListRetrieve):
    serializer_class = InteractionSerializer
    filterset_class = filters.InteractionFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Interaction.objects.none()

    def get_queryset(self):
        return Interaction.objects.visible_to(self.request.user).select_related("product", "author")

    def perform_create(self, serializer) -> None:
        interaction = Interaction(**serializer.validated_data, author=self.request.user)
        serializer.instance = record_interaction(interaction, self.request.user, API)

    @transaction.atomic
    def perform_update(self, serializer) -> None:
        interaction, data = serializer.instance, serializer.validated_data
        customers = {interaction.customer_id, getattr(data.get("customer"), "pk", None)}
        for name, value in data.items():
            setattr(interaction, name, value)
        save_changed(interaction, open_change_set(API, self.request.user), data)
        announce(customers)


@extend_schema_view(
    create=extend_schema(
        request=EventSerializer(many=True),
        responses={
            201: inline_serializer(
                "EventsAccepted",
                {
                    "accepted": serializers.IntegerField(),
                    "known_already": serializers.IntegerField(),
                },
            ),
            400: OpenApiResponse(description="Nothing was stored; each wrong row is named."),
        },
    )
)
class EventViewSet(CreateListRetrieve):
    """Browsing and other behaviour. Send one event, or a list of up to 5,000."""

    serializer_class = EventSerializer
    filterset_class = filters.EventFilter
    queryset = Event.objects.none()

    def get_queryset(self):
        return Event.objects.visible_to(self.request.user).select_related("product")

    def create(self, request, *args, **kwargs) -> Response:
        rows = request.data if isinstance(request.data, list) else [request.data]
        serializer = self.get_serializer(data=rows, many=True, max_length=MOST_EVENTS)
        serializer.is_valid(raise_exception=True)
        events = [EventRow(**row) for row in serializer.validated_data]
        stored = record_events(events, request.user, API)
        answer = {"accepted": stored, "known_already": len(events) - stored}
        return Response(answer, status=status.HTTP_201_CREATED)


def words() -> Words:
    """What reason sentences need besides their facts."""
    labels = dict(CustomAttribute.objects.values_list("name", "label"))
    return Words(Company.current().base_currency, labels)


class ScoreViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What is published now about every customer one may see."""

    serializer_class = ScoreSerializer
    queryset = CustomerScore.objects.none()

    def get_queryset(self):
        customers = Customer.objects.visible_to(self.request.user)
        scores = CustomerScore.objects.filter(customer__in=customers)
        return scores.select_related("customer__reasons")

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "words": words()}
