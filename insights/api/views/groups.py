"""Behaviour groups by API: their names, who moved between them, and who is near a group or a segment."""

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from customers.api.conditions import etag_of, require_match
from customers.api.door import ChangeOne, Door
from customers.likeness import nearest_to
from customers.models import ChangeSet, Company, Customer
from insights.api.filters import GroupMoveFilter
from insights.api.permissions import ManagersOnly
from insights.api.serializers.groups import (
    GroupMovementsSerializer,
    GroupMoveSerializer,
    GroupSerializer,
    GroupsSerializer,
    HowManyQuery,
    NearSerializer,
)
from insights.api.serializers.segments import MovementsQuery
from insights.groups import described, name_of
from insights.models import GroupMove, GroupName, Kind, ModelVersion
from insights.movements import group_flows_between
from insights.naming import name_group, published_groups
from insights.overview import overview_for

COUNT = frozenset(HowManyQuery().fields)


def near(view: Door, what: str, key) -> Response:
    """Customers one may see who are not in it but nearest to it, nearest first."""
    request = view.request
    query = HowManyQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    visible = Customer.objects.visible_to(request.user)
    rows = nearest_to(what, key, visible)[: query.validated_data["count"]]
    return view.many(NearSerializer(rows, many=True))


class GroupViewSet(ChangeOne, Door, viewsets.GenericViewSet):
    """The published behaviour groups. Managers and admins read and name them."""

    serializer_class = GroupSerializer
    permission_classes = [*viewsets.GenericViewSet.permission_classes, ManagersOnly]
    http_method_names = ["get", "patch", "head", "options"]
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,5}"
    pagination_class = None
    filter_backends: list = []
    queryset = GroupName.objects.none()

    @extend_schema(responses=GroupsSerializer)
    def list(self, request) -> Response:
        """What each group is called, what sets it apart, and how many of those one may see are in it."""
        version = champion()
        groups = groups_for(request.user, version)
        answer = {"version": version and version.pk, "groups": groups}
        return self.one(GroupsSerializer(answer).data)

    def retrieve(self, request, number) -> Response:
        """One group."""
        return self.one(GroupSerializer(group_for(request.user, int(number))).data)

    @transaction.atomic
    def partial_update(self, request, number) -> Response:
        """Give a group a name; an empty one brings back what sets it apart."""
        GroupName.objects.select_for_update().filter(number=number).first()
        group = group_for(request.user, int(number))
        if "If-Match" in request.headers:
            require_match(request, GroupSerializer(group).data)
        sent = GroupSerializer(data=request.data, partial=True, context=group)
        sent.is_valid(raise_exception=True)
        name = sent.validated_data.get("name")
        if name is not None:
            try:
                name_group(group["number"], name, request.user, ChangeSet.Source.API)
            except IntegrityError:  # somebody gave it to another group in the same moment
                words = _("Another group has this name already.")
                raise exceptions.ValidationError({"name": words}, "taken") from None
        data = GroupSerializer(group_for(request.user, group["number"])).data
        return Response(data, headers={"ETag": etag_of(data)})

    @extend_schema(parameters=[MovementsQuery], responses=GroupMovementsSerializer)
    @action(detail=False, parameters=frozenset(MovementsQuery().fields))
    def movements(self, request) -> Response:
        """How many customers went from which group to which, between two days or over the last ones."""
        query = MovementsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        span = query.validated_data["span"]
        flows = group_flows_between(request.user, span, query.validated_data["new_models"])
        answer = {"since": span.first, "until": span.last, "flows": flows}
        return self.one(GroupMovementsSerializer(answer).data)

    @extend_schema(parameters=[HowManyQuery], responses=NearSerializer(many=True))
    @action(detail=True, url_path="look-alikes", parameters=COUNT)
    def look_alikes(self, request, number) -> Response:
        """Who is not in the group, but nearest to it."""
        if int(number) not in published_groups():
            raise Http404
        return near(self, "cluster", int(number))


def champion() -> ModelVersion | None:
    return ModelVersion.objects.filter(kind=Kind.SEGMENTS, is_champion=True).first()


def groups_for(user, version: ModelVersion | None) -> list[dict]:
    """The groups of a version, each told with its name and how many customers of this reader are in it."""
    names, counts = GroupName.known(), overview_for(user).groups
    currency = Company.current().base_currency
    found = version.summary.get("clusters", []) if version else []
    return [told(one, names, counts, currency) for one in found]


def group_for(user, number: int) -> dict:
    for group in groups_for(user, champion()):
        if group["number"] == number:
            return group
    raise Http404


def told(group: dict, names: dict[int, str], counts: dict[int, int], currency: str) -> dict:
    number, traits = group["cluster"], group["traits"]
    found = name_of(traits) if traits else ""
    return {
        "number": number,
        "name": names.get(number) or found,
        "found": found,
        "description": described(group, currency),
        "customers": counts.get(number, 0),
    }


class GroupMoveViewSet(Door, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Changes of behaviour group of every customer one may see, one a day at most, newest first."""

    serializer_class = GroupMoveSerializer
    filterset_class = GroupMoveFilter
    queryset = GroupMove.objects.none()

    def get_queryset(self):
        return GroupMove.objects.visible_to(self.request.user).real()
