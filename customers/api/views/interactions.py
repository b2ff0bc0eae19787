"""Interactions are added, read and corrected."""

from dataclasses import replace

from django.db import transaction

from customers.api import filters
from customers.api.door import ChangeOne
from customers.api.pagination import BY_ID, OCCURRED
from customers.api.permissions import ADD_FACTS
from customers.api.serializers import (
    InteractionSerializer,
)
from customers.api.views.base import API, CreateListRetrieve
from customers.changing import open_change_set, save_changed
from customers.models import (
    Interaction,
)
from customers.recording import record_interaction
from customers.signals import announce


class InteractionViewSet(ChangeOne, CreateListRetrieve):
    serializer_class = InteractionSerializer
    post_scopes = ADD_FACTS
    orderings = BY_ID | {"occurred_at": replace(OCCURRED, nullable=True)}
    ordering_needs = {"occurred_at": "customer"}
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
