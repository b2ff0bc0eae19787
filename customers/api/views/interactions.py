"""Interactions are added, read and corrected."""

from dataclasses import replace

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.response import Response

from customers.api import filters
from customers.api.door import ChangeOne
from customers.api.pagination import BY_ID, FOLLOWED, OCCURRED, UPDATED
from customers.api.permissions import ADD_FACTS, WRITE
from customers.api.serializers import (
    AssignmentSerializer,
    CorrectionSerializer,
    InteractionSerializer,
)
from customers.api.views.base import API, CreateListRetrieve
from customers.assigning import CannotAssign, assign
from customers.changing import open_change_set, save_changed
from customers.correcting import correct
from customers.models import (
    Interaction,
)
from customers.recording import record_interaction
from customers.signals import announce


class InteractionViewSet(ChangeOne, CreateListRetrieve):
    serializer_class = InteractionSerializer
    counted_as = "interactions"
    post_scopes = ADD_FACTS
    orderings = BY_ID | {
        "occurred_at": replace(OCCURRED, nullable=True),
        "updated_at": UPDATED,
        "reading_at": replace(UPDATED, field="reading__changed_at", nullable=True),
    }
    followed = FOLLOWED | {"reading_from": "reading_at"}
    ordering_needs = {"occurred_at": "customer"}
    filterset_class = filters.InteractionFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Interaction.objects.none()

    def get_queryset(self):
        return Interaction.objects.visible_to(self.request.user).select_related(
            "product", "author", "reading", "assignment__assignee"
        )

    def perform_create(self, serializer) -> None:
        interaction = Interaction(**serializer.validated_data, author=self.request.user)
        serializer.instance = record_interaction(interaction, self.request.user, API)

    @extend_schema(request=CorrectionSerializer, responses=InteractionSerializer)
    @action(detail=True, methods=["post"], filterset_class=None, post_scopes=WRITE)
    def correction(self, request, pk=None) -> Response:
        """Set right what was read out of a customer's message; the correction is learnt from."""
        interaction = self.get_object()
        context = self.get_serializer_context() | {"interaction": interaction}
        serializer = CorrectionSerializer(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        correct(interaction, request.user, API, **serializer.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=interaction.pk)).data)

    @extend_schema(request=AssignmentSerializer, responses=InteractionSerializer)
    @action(detail=True, methods=["post"], filterset_class=None, post_scopes=WRITE)
    def assignment(self, request, pk=None) -> Response:
        """Hand a customer's message to a colleague who may see it, or back to nobody."""
        interaction = self.get_object()
        context = self.get_serializer_context() | {"interaction": interaction}
        serializer = AssignmentSerializer(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        try:
            assign(interaction, serializer.validated_data["assignee"], request.user, API)
        except CannotAssign as error:
            raise exceptions.ValidationError({"assignee": str(error)}, "out_of_sight") from error
        return Response(self.get_serializer(self.get_queryset().get(pk=interaction.pk)).data)

    @transaction.atomic
    def perform_update(self, serializer) -> None:
        interaction, data = serializer.instance, serializer.validated_data
        customers = {interaction.customer_id, getattr(data.get("customer"), "pk", None)}
        for name, value in data.items():
            setattr(interaction, name, value)
        save_changed(interaction, open_change_set(API, self.request.user), data)
        announce(customers)
