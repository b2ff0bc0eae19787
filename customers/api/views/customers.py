"""Customers: read, create, change; what is published about one of them."""

import datetime
from dataclasses import replace

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from customers.api import filters
from customers.api.door import ChangeOne
from customers.api.known import NothingSerializer
from customers.api.pagination import BY_ID, FOLLOWED, UPDATED
from customers.api.permissions import AdminsDelete, AdminsWrite
from customers.api.serializers import (
    AlikeQuery,
    AlikeSerializer,
    CustomerSerializer,
    RecommendationSerializer,
    ScoreSerializer,
)
from customers.api.views.base import API, CreateListRetrieve
from customers.api.views.keeping import Kept
from customers.api.views.scores import words
from customers.archiving import was_deleted
from customers.changing import open_change_set, record_changes
from customers.editing import edit_customer, set_tags
from customers.erasing import erase
from customers.likeness import alike
from customers.models import (
    Customer,
    CustomerScore,
    Recommendation,
)
from customers.paging import SORTS, Sort
from customers.recording import record_customer
from customers.upserting.ids import set_external_ids


class CustomerViewSet(Kept, ChangeOne, CreateListRetrieve):
    serializer_class = CustomerSerializer
    permission_classes = [*CreateListRetrieve.permission_classes, AdminsDelete]
    counted_as = "customers"
    orderings = BY_ID | {
        "name": replace(SORTS["name"], nullable=False),
        "updated_at": UPDATED,
        "known_since": Sort("known_since", True, datetime.datetime, ties_follow=True),
        "value": SORTS["value"],
        "last_order_at": SORTS["last"],
        "churn_risk": SORTS["risk"],
        "churn_change": SORTS["change"],
        "expected_value": SORTS["expected"],
    }
    followed = FOLLOWED
    filterset_class = filters.CustomerFilter
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    queryset = Customer.objects.none()

    def get_queryset(self):
        return self.shown(Customer.objects.visible_to(self.request.user))

    def shown(self, customers: QuerySet[Customer]) -> QuerySet[Customer]:
        """With all that a record shows; also for a customer whom somebody has just handed out of their own sight."""
        parents = Customer.objects.visible_to(self.request.user).only("pk")
        return customers.select_related("owner", "team", "totals").prefetch_related(
            "tags", "external_ids", Prefetch("parent", parents)
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
        serializer.instance = self.shown(Customer.objects.all()).get(pk=customer.pk)

    @transaction.atomic
    def perform_update(self, serializer) -> None:
        customer, data, user = serializer.instance, serializer.validated_data, self.request.user
        tags, external_ids = data.pop("tags", None), data.pop("external_ids", None)
        for name, value in data.items():
            setattr(customer, name, value)
        edit_customer(customer, data, user, API)
        if tags is not None:
            set_tags(customer, tags, user, API)
        if external_ids is not None and (was := self._set_external_ids(customer, external_ids)):
            before = {pk: {"external_ids": ids} for pk, ids in was.items()}
            record_changes(open_change_set(API, user), Customer, before)
        serializer.instance = self.shown(Customer.objects.all()).get(pk=customer.pk)

    @staticmethod
    def _set_external_ids(customer: Customer, values: list[dict]) -> dict:
        """Returns what they were, where they are others now."""
        wanted = tuple((one["source"], one["external_id"]) for one in values)
        return set_external_ids({customer.pk: wanted})

    @extend_schema(
        request=None,
        responses={
            204: OpenApiResponse(description="Nothing is left of them."),
            202: OpenApiResponse(description="There is very much: a worker is at it. Ask again."),
        },
    )
    @action(
        detail=True, methods=["post"], filterset_class=None,
        permission_classes=[*permission_classes, AdminsWrite],
    )  # fmt: skip
    def erase(self, request, pk=None) -> Response:
        """For good, with all that was ever stored about this person; who was erased may be erased again."""
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        customer = Customer.objects.visible_to(request.user).filter(pk=pk).first()
        if customer is None and not was_deleted(Customer, pk):
            raise Http404
        done = customer is None or erase(customer, request.user, API)
        return Response(status=status.HTTP_204_NO_CONTENT if done else status.HTTP_202_ACCEPTED)

    @extend_schema(responses=ScoreSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def scores(self, request, pk=None) -> Response:
        """What is published about this customer now."""
        customers = Customer.objects.visible_to(request.user).with_scores()
        customer = get_object_or_404(customers, pk=pk)
        score = getattr(customer, "score", None) or CustomerScore(customer=customer)
        return self.one(ScoreSerializer(score, context={"words": words()}).data)

    @extend_schema(parameters=[AlikeQuery], responses=AlikeSerializer(many=True))
    @action(
        detail=True, url_path="look-alikes", pagination_class=None, filterset_class=None,
        parameters=frozenset(AlikeQuery().fields),
    )  # fmt: skip
    def look_alikes(self, request, pk=None) -> Response:
        """Who behaves most like this customer, of those one may see."""
        query = AlikeQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        visible = Customer.objects.visible_to(request.user)
        customer = get_object_or_404(visible, pk=pk)
        told = not customer.profiling_refused and not customer.archived_at
        others = alike(customer, visible, query.validated_data["count"]) if told else []
        return self.many(AlikeSerializer(others, many=True))

    @extend_schema(responses=RecommendationSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def recommendations(self, request, pk=None) -> Response:
        """Products recommended to this customer now, best first."""
        customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
        rows = Recommendation.objects.filter(customer=customer).select_related("product", "because")
        context = {"words": words()}
        return self.many(
            RecommendationSerializer(rows.order_by("rank"), many=True, context=context)
        )
